/** Requests that a service gets, and what one replica can have in hand. */
export interface ServiceLoad {
  readonly requestsPerSecond: number;
  /** Mean, or p95 to be on the safe side: the law speaks of means. */
  readonly latencySeconds: number;
  /** Requests that one replica works on at once: threads, workers, connections. */
  readonly concurrency: number;
  /** Share of the concurrency that stays free, 0 to below 1. */
  readonly headroom: number;
}

export interface ReplicasForLoad {
  readonly inFlight: number;
  readonly replicas: number;
}

/**
 * Little's law: in flight = requests a second × latency; replicas = ⌈in flight ÷ (concurrency × (1 − headroom))⌉. Means in
 * the steady state; it says nothing of queues near saturation.
 */
export function replicasForLoad(load: ServiceLoad): ReplicasForLoad {
  const inFlight = load.requestsPerSecond * load.latencySeconds;
  return { inFlight, replicas: ceiling(inFlight / (load.concurrency * (1 - load.headroom))) };
}

export interface CpuLoad {
  readonly requestsPerSecond: number;
  readonly cpuMsPerRequest: number;
  readonly cpuLimitMilli: number;
  /** Share of the limit to use, 0 to 1. */
  readonly targetUtilization: number;
}

export interface ReplicasForCpu {
  readonly cores: number;
  readonly replicas: number;
}

/** Utilization law: cores = requests a second × CPU seconds each; replicas = ⌈cores ÷ (limit × target)⌉. */
export function replicasForCpu(load: CpuLoad): ReplicasForCpu {
  const cores = (load.requestsPerSecond * load.cpuMsPerRequest) / 1000;
  return { cores, replicas: ceiling((cores * 1000) / (load.cpuLimitMilli * load.targetUtilization)) };
}

/** Rounded up, but for what binary fractions add: 30 ÷ (10 × (1 − 0.7)) is 10. */
function ceiling(value: number): number {
  return Math.ceil(value - value * 1e-12);
}
