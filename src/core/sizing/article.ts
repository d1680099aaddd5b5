import { addQuantities, type KubernetesQuantity } from '../quantity/kubernetes.ts';
import { contend, milliCpuToShares, sharesToWeightLinear, sharesToWeightQuadratic } from './cgroup-cpu.ts';

/** In millicores throughout. */
export interface ArticleCpuInputs {
  readonly requestMilli: bigint;
  /** Undefined: no limit. */
  readonly limitMilli: bigint | undefined;
  readonly nodeMilli: bigint;
  /** Requests of what runs beside it, all of it busy and without limits. */
  readonly neighbourRequestsMilli: readonly bigint[];
}

export interface ArticleCpu {
  /** request ÷ limit × node. Not what Linux does; undefined without a limit. */
  readonly articleMilli: number | undefined;
  /** Whether that is more than the container can ever get. */
  readonly exceedsCeiling: boolean;
  /** request ÷ limit: the part of the limit that is promised. */
  readonly guaranteedFraction: number | undefined;
  /** Set aside on the node by the scheduler. */
  readonly reservedMilli: number;
  /** min(limit, node): what an idle node gives. */
  readonly ceilingMilli: number;
  /** With every neighbour busy: between pods, by the kubelet's linear weights. */
  readonly contendedWithPodsMilli: number;
  /** With every neighbour busy: between containers of one pod, by the runtime's quadratic weights. */
  readonly contendedWithContainersMilli: number;
}

/**
 * The article's `CPU_core = CPU_request ÷ CPU_limit × CPU_total` beside what a container really gets: at least its
 * weighted share, at most its limit (kernel cgroup-v2.rst `cpu.weight`, `cpu.max`).
 */
export function articleCpu(inputs: ArticleCpuInputs): ArticleCpu {
  const request = Number(inputs.requestMilli);
  const node = Number(inputs.nodeMilli);
  const limit = inputs.limitMilli === undefined ? undefined : Number(inputs.limitMilli);
  const guaranteedFraction = limit === undefined || limit === 0 ? undefined : request / limit;
  const articleMilli = guaranteedFraction === undefined ? undefined : guaranteedFraction * node;
  const ceilingMilli = limit === undefined ? node : Math.min(limit, node);
  const share = (weigh: (shares: number) => number): number => {
    const weight = (milli: bigint) => weigh(milliCpuToShares(milli));
    const neighbours = inputs.neighbourRequestsMilli.map((milli) => ({ weight: weight(milli) }));
    return contend([{ weight: weight(inputs.requestMilli), cap: ceilingMilli }, ...neighbours], node)[0] ?? 0;
  };
  return {
    articleMilli,
    exceedsCeiling: articleMilli !== undefined && articleMilli > ceilingMilli,
    guaranteedFraction,
    reservedMilli: request,
    ceilingMilli,
    contendedWithPodsMilli: share(sharesToWeightLinear),
    contendedWithContainersMilli: share(sharesToWeightQuadratic),
  };
}

export interface ArticleMemory {
  /** request + overhead: as a limit a suggestion, which Kubernetes itself never makes. */
  readonly suggestedLimit: KubernetesQuantity;
  /** The same sum is what the scheduler counts when a RuntimeClass has the overhead. */
  readonly podRequest: KubernetesQuantity;
  /** limit + overhead; undefined without a limit. */
  readonly podLimit: KubernetesQuantity | undefined;
  /** The container's own `memory.max`: the limit alone; undefined without one. */
  readonly containerMax: KubernetesQuantity | undefined;
}

/**
 * The article's `Memory_limit = Memory_request + Memory_overhead` beside what a RuntimeClass's overhead does: it is added to
 * the pod's request, and to a limit that is there (component-helpers resource/helpers.go; KEP-688).
 */
export function articleMemory(
  request: KubernetesQuantity,
  overhead: KubernetesQuantity,
  limit: KubernetesQuantity | undefined,
): ArticleMemory {
  const sum = addQuantities(request, overhead);
  const podLimit = limit === undefined ? undefined : addQuantities(limit, overhead);
  return { suggestedLimit: sum, podRequest: sum, podLimit, containerMax: limit };
}

export interface ArticleTcpInputs {
  readonly receiveWindowBytes: number;
  readonly roundTripSeconds: number;
  readonly bandwidthBitsPerSecond: number;
}

export interface ArticleTcp {
  /** Why the article's sum cannot be computed. */
  readonly flaw: 'rate + time is undefined';
  readonly windowBitsPerSecond: number;
  readonly rateBitsPerSecond: number;
  readonly limitedBy: 'window' | 'bandwidth';
  /** The window that fills the link: bandwidth × round trip, in bytes. */
  readonly bandwidthDelayBytes: number;
}

/**
 * The article's `TCP_send_rate = min(TCP_receive_rate + TCP_delay, TCP_bandwidth)`, which adds a rate and a time, read as
 * min(window ÷ round trip, bandwidth) (RFC 6349).
 */
export function articleTcp(inputs: ArticleTcpInputs): ArticleTcp {
  const { bandwidthBitsPerSecond, roundTripSeconds } = inputs;
  const windowBitsPerSecond = (inputs.receiveWindowBytes * 8) / roundTripSeconds;
  const limitedBy = windowBitsPerSecond < bandwidthBitsPerSecond ? 'window' : 'bandwidth';
  return {
    flaw: 'rate + time is undefined',
    windowBitsPerSecond,
    rateBitsPerSecond: Math.min(windowBitsPerSecond, bandwidthBitsPerSecond),
    limitedBy,
    bandwidthDelayBytes: (bandwidthBitsPerSecond * roundTripSeconds) / 8,
  };
}
