export interface Backend {
  readonly activeConnections: number;
  /** More than zero; 1 unless said otherwise. */
  readonly weight?: number;
}

/**
 * The backend that a least-connections balancer picks next: the smallest connections ÷ weight, the first of equals.
 * Undefined where there is none. kube-proxy picks at random in iptables mode; IPVS offers this one as `lc` and `wlc`.
 */
export function leastConnections(backends: readonly Backend[]): number | undefined {
  const loads = backends.map(({ activeConnections, weight = 1 }) => activeConnections / weight);
  const least = Math.min(...loads);
  const index = loads.indexOf(least);
  return index < 0 ? undefined : index;
}

/**
 * The first `requests` picks of smooth weighted round robin, by index: each turn every backend gains its weight, the
 * richest, the first of equals, is picked and pays the sum of all (nginx ngx_http_upstream_get_peer; ingress-nginx).
 */
export function smoothRoundRobin(weights: readonly number[], requests: number): readonly number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const credits = weights.map(() => 0);
  return Array.from({ length: weights.length === 0 ? 0 : requests }, () => {
    let best = 0;
    weights.forEach((weight, index) => {
      credits[index] = (credits[index] ?? 0) + weight;
      if ((credits[index] ?? 0) > (credits[best] ?? 0)) best = index;
    });
    credits[best] = (credits[best] ?? 0) - total;
    return best;
  });
}

/**
 * Requests in flight at the busiest of `replicas` that are picked at random, as kube-proxy does in iptables and nftables mode:
 * the most that is not exceeded in `share` of all moments. Arrivals at random with `inFlight` at work on the mean are split
 * into independent Poisson streams (M/G/∞, Poisson splitting), so that k counts where P(X ≤ k) ^ replicas ≥ share, X ~
 * Poisson(inFlight ÷ replicas). Nothing queues in this model. Undefined without replicas, and for a mean that is no number from zero to 100,000.
 */
export function busiestAtRandom(inFlight: number, replicas: number, share = 0.95): number | undefined {
  const mean = inFlight / replicas;
  if (!(replicas >= 1) || !(mean >= 0) || mean > 100_000) return undefined;
  // Terms as logarithms: e ^ −mean is zero from 746 on.
  const wanted = share ** (1 / replicas);
  let [term, sum, k] = [-mean, Math.exp(-mean), 0];
  // Beyond twelve deviations nothing is left but what is lost in rounding.
  const last = mean + 12 * Math.sqrt(mean) + 12;
  while (sum < wanted && k < last) {
    k++;
    term += Math.log(mean / k);
    sum += Math.exp(term);
  }
  return k;
}
