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
