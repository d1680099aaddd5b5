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
