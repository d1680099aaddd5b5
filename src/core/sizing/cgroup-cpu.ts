import { milliValue } from '../quantity/kubernetes.ts';
import { positiveAmount, type ResourceRequirements } from './resources.ts';

/** Microseconds in which a quota is used up and given anew: the kubelet's and Docker's default. */
export const defaultPeriodMicros = 100_000n;
const smallestQuotaMicros = 1000n;
const fewestShares = 2;
const mostShares = 262_144;

/**
 * cgroup v1 `cpu.shares`: clamp(⌊millicores × 1024 ÷ 1000⌋, 2, 262144)
 * (kubernetes v1.36 pkg/kubelet/cm/helpers_linux.go:91 MilliCPUToShares).
 */
export function milliCpuToShares(milli: bigint): number {
  const shares = (milli * 1024n) / 1000n;
  return shares < fewestShares ? fewestShares : shares > mostShares ? mostShares : Number(shares);
}

/**
 * Microseconds of CPU a period; 0 is no limit. max(1000, ⌊millicores × period ÷ 1000⌋), so less than 10m of the default
 * period is rounded up (kubernetes v1.36 helpers_linux.go:64 MilliCPUToQuota).
 */
export function milliCpuToQuota(milli: bigint, periodMicros: bigint = defaultPeriodMicros): bigint {
  if (milli === 0n) return 0n;
  const quota = (milli * periodMicros) / 1000n;
  return quota < smallestQuotaMicros ? smallestQuotaMicros : quota;
}

/**
 * cgroup v2 `cpu.weight`, linear: 1 + ⌊(shares − 2) × 9999 ÷ 262142⌋. The kubelet writes it on pod and QoS cgroups
 * (kubernetes v1.36 pkg/kubelet/cm/cgroup_manager_linux.go:273), runc before 1.3.2 and crun before 1.23 on containers.
 */
export function sharesToWeightLinear(shares: number): number {
  if (shares >= mostShares) return 10_000;
  return 1 + Math.floor(((Math.max(shares, fewestShares) - 2) * 9999) / 262_142);
}

/**
 * cgroup v2 `cpu.weight`, quadratic: ⌈10^((l² + 125 l) ÷ 612 − 7 ÷ 34)⌉ with l = log₂ shares; 1024 shares are 100.
 * runc since 1.3.2 and crun since 1.23 write it on containers (opencontainers/cgroups utils.go:425).
 */
export function sharesToWeightQuadratic(shares: number): number {
  if (shares === 0) return 0;
  if (shares <= fewestShares) return 1;
  if (shares >= mostShares) return 10_000;
  const l = Math.log2(shares);
  return Math.ceil(10 ** ((l * l + 125 * l) / 612 - 7 / 34));
}

/** Shares read back from a linear weight: ⌊(weight − 1) × 262142 ÷ 9999⌋ + 2 (cgroup_manager_linux.go). */
export function weightToShares(weight: number): number {
  return Math.floor(((weight - 1) * 262_142) / 9999) + 2;
}

/** cgroup v2 `io.weight` of a blkio weight 10…1000; 0 stays unset (opencontainers/cgroups utils.go). */
export function blkioToIoWeight(blkio: number): number {
  return blkio === 0 ? 0 : 1 + Math.floor(((blkio - 10) * 9999) / 990);
}

/** The text of cgroup v2 `cpu.max`; a quota of zero or less is no limit (opencontainers/cgroups fs2/cpu.go). */
export function cpuMax(quotaMicros: bigint, periodMicros: bigint = defaultPeriodMicros): string {
  return `${quotaMicros <= 0n ? 'max' : quotaMicros} ${periodMicros}`;
}

export interface CpuOptions {
  /** The kubelet's `cpuCFSQuotaPeriod`. */
  readonly periodMicros?: bigint;
  /** The kubelet's `cpuCFSQuota`; true unless said otherwise. */
  readonly enforceLimits?: boolean;
  /** The container holds whole CPUs (static CPU manager): its quota is removed, since 1.33. */
  readonly exclusiveCpus?: boolean;
}

export interface ContainerCpu {
  readonly shares: number;
  /** What the shares were computed from. */
  readonly sharesFrom: 'request' | 'limit' | 'pod-limit' | 'nothing';
  /** `cpu.weight` as older runtimes write it, and as runc ≥ 1.3.2 and crun ≥ 1.23 do. */
  readonly weightLinear: number;
  readonly weightQuadratic: number;
  /** 0: no limit; −1: a limit that is not enforced. */
  readonly quotaMicros: bigint;
  readonly quotaFrom: 'limit' | 'pod-limit' | 'nothing';
  /** The limit is less than the kernel's smallest quota. */
  readonly quotaRaised: boolean;
  readonly periodMicros: bigint;
  readonly cpuMax: string;
}

/**
 * The CPU values of a container's cgroup. Without a limit of its own it inherits the pod's; without a request its
 * shares come from the limit (kubernetes v1.36 pkg/kubelet/kuberuntime/kuberuntime_container_linux.go:284).
 */
export function containerCpu(
  container: ResourceRequirements,
  podLevel: ResourceRequirements | undefined,
  options: CpuOptions = {},
): ContainerCpu {
  const periodMicros = options.periodMicros ?? defaultPeriodMicros;
  const own = positiveAmount(container.limits, 'cpu');
  const limit = own ?? positiveAmount(podLevel?.limits, 'cpu');
  const quotaFrom = own !== undefined ? 'limit' : limit !== undefined ? 'pod-limit' : 'nothing';
  const limitMilli = limit === undefined ? 0n : milliValue(limit);
  const request = container.requests.get('cpu');
  const shares = milliCpuToShares(request === undefined ? limitMilli : milliValue(request));
  const enforced = options.enforceLimits !== false && options.exclusiveCpus !== true;
  const quotaMicros = enforced ? milliCpuToQuota(limitMilli, periodMicros) : -1n;
  return {
    shares,
    sharesFrom: request === undefined ? quotaFrom : 'request',
    weightLinear: sharesToWeightLinear(shares),
    weightQuadratic: sharesToWeightQuadratic(shares),
    quotaMicros,
    quotaFrom,
    quotaRaised: quotaMicros * 1000n > limitMilli * periodMicros,
    periodMicros,
    cpuMax: cpuMax(quotaMicros, periodMicros),
  };
}

export interface Contender {
  readonly weight: number;
  /** The most it can use, in the same unit as the capacity; undefined where nothing holds it back. */
  readonly cap?: number | undefined;
}

/**
 * What each of several siblings gets of a capacity that all of them want: in proportion to the weights; what one cannot
 * use goes to the others (kernel Documentation/admin-guide/cgroup-v2.rst cpu.weight). Same unit as the capacity.
 */
export function contend(contenders: readonly Contender[], capacity: number): readonly number[] {
  const shares = contenders.map(() => 0);
  let open = contenders.map((contender, index) => ({ ...contender, index }));
  let left = capacity;
  for (;;) {
    const weights = open.reduce((sum, { weight }) => sum + weight, 0);
    const fair = (weight: number) => (weights === 0 ? 0 : (left * weight) / weights);
    const full = open.filter(({ weight, cap }) => cap !== undefined && cap <= fair(weight));
    const settled = full.length > 0 ? full : open;
    for (const { index, weight, cap } of settled) shares[index] = full.length > 0 ? (cap ?? 0) : fair(weight);
    if (full.length === 0) return shares;
    left -= full.reduce((sum, { cap }) => sum + (cap ?? 0), 0);
    open = open.filter((contender) => !full.includes(contender));
  }
}
