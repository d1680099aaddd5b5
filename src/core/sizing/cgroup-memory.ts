import { wholeValue } from '../quantity/kubernetes.ts';
import type { QosClass } from './qos.ts';
import { positiveAmount, type ResourceRequirements } from './resources.ts';

export interface ContainerMemory {
  /** `memory.max` in bytes; 0 is no limit. */
  readonly maxBytes: bigint;
  readonly from: 'limit' | 'pod-limit' | 'nothing';
  /** `memory.oom.group`: the kernel kills the whole container at once, not one process of it (cgroup v2). */
  readonly oomGroup: boolean;
}

/**
 * The memory values of a container's cgroup; without a limit of its own it inherits the pod's
 * (kubernetes v1.36 pkg/kubelet/kuberuntime/kuberuntime_container_linux.go).
 */
export function containerMemory(
  container: ResourceRequirements,
  podLevel: ResourceRequirements | undefined,
  options: { readonly singleProcessOomKill?: boolean } = {},
): ContainerMemory {
  const own = positiveAmount(container.limits, 'memory');
  const limit = own ?? positiveAmount(podLevel?.limits, 'memory');
  return {
    maxBytes: limit === undefined ? 0n : wholeValue(limit),
    from: own !== undefined ? 'limit' : limit !== undefined ? 'pod-limit' : 'nothing',
    oomGroup: options.singleProcessOomKill !== true,
  };
}

export interface MemoryHighInputs {
  readonly requestBytes: bigint;
  /** 0: no limit. */
  readonly limitBytes: bigint;
  /** Stands for the limit where there is none. */
  readonly nodeAllocatableBytes: bigint;
  /** The kubelet's `memoryThrottlingFactor`; 0.9 unless set. */
  readonly factor?: number;
  readonly pageBytes?: number;
}

export type MemoryHigh =
  | { readonly kind: 'set'; readonly bytes: bigint }
  | { readonly kind: 'unset'; readonly reason: 'request-equals-limit' | 'no-bound' | 'not-above-request' };

/**
 * `memory.high`, above which the kernel slows a container down; only with the MemoryQoS gate, off by default in 1.36:
 * ⌊(request + factor × (limit − request)) ÷ page⌋ × page, in the kubelet's own floating point
 * (kubernetes v1.36 kuberuntime_container_linux.go:168, KEP-2570).
 */
export function memoryHigh(inputs: MemoryHighInputs): MemoryHigh {
  const { requestBytes, limitBytes, nodeAllocatableBytes, factor = 0.9, pageBytes = 4096 } = inputs;
  if (requestBytes === limitBytes) return { kind: 'unset', reason: 'request-equals-limit' };
  const bound = limitBytes === 0n ? nodeAllocatableBytes : limitBytes;
  if (bound === 0n) return { kind: 'unset', reason: 'no-bound' };
  const request = float64(requestBytes);
  const bytes = BigInt(Math.floor((request + (float64(bound) - request) * factor) / pageBytes)) * BigInt(pageBytes);
  return bytes > requestBytes ? { kind: 'set', bytes } : { kind: 'unset', reason: 'not-above-request' };
}

export interface SwapInputs {
  readonly qosClass: QosClass;
  readonly requestBytes: bigint;
  /** 0: no limit. */
  readonly limitBytes: bigint;
  readonly nodeMemoryBytes: bigint;
  readonly nodeSwapBytes: bigint;
  /** The kubelet's `swapBehavior`; `NoSwap` is its default. */
  readonly behavior: 'NoSwap' | 'LimitedSwap';
  readonly cgroupVersion?: 1 | 2;
  /** A priority of two thousand million or more, or a static or mirror pod. */
  readonly critical?: boolean;
}

export interface Swap {
  /** `memory.swap.max`. */
  readonly bytes: bigint;
  /** Why there is none; undefined where the formula decided. */
  readonly refused: 'behavior' | 'cgroup-v1' | 'qos' | 'critical' | 'no-request' | 'request-equals-limit' | undefined;
}

/**
 * The swap that a container may use: ⌊request ÷ node memory × node swap⌋, in the kubelet's own floating point, for
 * Burstable pods under LimitedSwap alone (kubernetes v1.36 kuberuntime_container_linux.go, KEP-2400).
 */
export function limitedSwap(inputs: SwapInputs): Swap {
  const refused = swapRefusal(inputs);
  if (refused !== undefined) return { bytes: 0n, refused };
  return { bytes: swapShare(inputs), refused };
}

function swapRefusal(inputs: SwapInputs): Swap['refused'] {
  if (inputs.behavior === 'NoSwap') return 'behavior';
  if (inputs.cgroupVersion === 1) return 'cgroup-v1';
  if (inputs.qosClass !== 'Burstable') return 'qos';
  if (inputs.critical === true) return 'critical';
  if (inputs.requestBytes === 0n) return 'no-request';
  return inputs.requestBytes === inputs.limitBytes ? 'request-equals-limit' : undefined;
}

/**
 * A container's part of the node's swap, in bytes: ⌊request ÷ node memory × node swap⌋; a node without memory has none to
 * give (KEP-2400).
 */
export function swapShare(inputs: Pick<SwapInputs, 'requestBytes' | 'nodeMemoryBytes' | 'nodeSwapBytes'>): bigint {
  if (inputs.nodeMemoryBytes === 0n) return 0n;
  const proportion = float64(inputs.requestBytes) / float64(inputs.nodeMemoryBytes);
  return BigInt(Math.trunc(proportion * float64(inputs.nodeSwapBytes)));
}

/** The kubelet holds 64 bits; beyond them a number need not even be finite. */
function float64(bytes: bigint): number {
  return Number(BigInt.asIntN(64, bytes) === bytes ? bytes : 2n ** 63n - 1n);
}

export type SwapMax =
  /** −1: unlimited; 0: unset, or no swap where both are equal. */
  | { readonly ok: true; readonly bytes: bigint }
  | { readonly ok: false; readonly reason: 'negative' | 'memory-unset' | 'less-than-memory' };

/**
 * cgroup v2 `memory.swap.max` of v1's memory+swap total: total − memory. In both, 0 is unset and −1 unlimited
 * (opencontainers/cgroups utils.go:447 ConvertMemorySwapToCgroupV2Value).
 */
export function convertMemorySwap(memorySwapBytes: bigint, memoryBytes: bigint): SwapMax {
  if (memorySwapBytes === 0n || memorySwapBytes === -1n) return { ok: true, bytes: memorySwapBytes };
  if (memoryBytes === -1n && memorySwapBytes > 0n) return { ok: true, bytes: memorySwapBytes };
  if (memorySwapBytes < 0n || memoryBytes < 0n) return { ok: false, reason: 'negative' };
  if (memoryBytes === 0n) return { ok: false, reason: 'memory-unset' };
  const bytes = memorySwapBytes - memoryBytes;
  return bytes < 0n ? { ok: false, reason: 'less-than-memory' } : { ok: true, bytes };
}
