import { type KubernetesQuantity, milliValue, wholeValue } from '../quantity/kubernetes.ts';
import { cpuMax, defaultPeriodMicros, milliCpuToQuota, milliCpuToShares, sharesToWeightLinear } from './cgroup-cpu.ts';
import { containersWithoutLimit, effectiveLimits, effectiveRequests } from './pod-requests.ts';
import { podQos, type QosClass } from './qos.ts';
import { type ContainerRef, type PodResources, positiveAmount } from './resources.ts';

export interface PodCgroupOptions {
  /** The kubelet's `cpuCFSQuotaPeriod`. */
  readonly periodMicros?: bigint;
  /** The kubelet's `cpuCFSQuota`; true unless said otherwise. */
  readonly enforceCpuLimits?: boolean;
  /** The MemoryQoS gate with `memoryReservationPolicy: TieredReservation`; false unless said otherwise. */
  readonly tieredReservation?: boolean;
}

/** The values of the pod's own cgroup, above those of its containers. */
export interface PodCgroup {
  readonly qosClass: QosClass;
  readonly cpuShares: number;
  /** `cpu.weight` as the kubelet writes it. */
  readonly cpuWeight: number;
  /** Undefined where the pod is not bounded; quota −1 where limits are not enforced. */
  readonly cpu: { readonly quotaMicros: bigint; readonly periodMicros: bigint; readonly cpuMax: string } | undefined;
  /** `memory.max` in bytes; undefined where the pod is not bounded. */
  readonly memoryMaxBytes: bigint | undefined;
  /** The containers that keep the pod from being bounded. */
  readonly unboundedBy: { readonly cpu: readonly ContainerRef[]; readonly memory: readonly ContainerRef[] };
  /** `memory.min` of a Guaranteed pod, `memory.low` of a Burstable one, in bytes. */
  readonly reservation: { readonly file: 'memory.min' | 'memory.low'; readonly bytes: bigint } | undefined;
}

/**
 * The pod's cgroup. A bound is set where every container, init containers among them, has that limit, or the pod itself;
 * always on a Guaranteed pod. A BestEffort pod gets the fewest shares and nothing else
 * (kubernetes v1.36 pkg/kubelet/cm/helpers_linux.go:127 ResourceConfigForPod).
 */
export function podCgroup(pod: PodResources, options: PodCgroupOptions = {}): PodCgroup {
  const periodMicros = options.periodMicros ?? defaultPeriodMicros;
  const { qosClass } = podQos(pod);
  const requests = effectiveRequests(pod);
  const limits = effectiveLimits(pod);
  const milli = (quantity: KubernetesQuantity | undefined) => (quantity === undefined ? 0n : milliValue(quantity));
  const bytes = (quantity: KubernetesQuantity | undefined) => (quantity === undefined ? 0n : wholeValue(quantity));

  const unbounded = (resource: string): readonly ContainerRef[] =>
    positiveAmount(pod.podLevel?.limits, resource) === undefined ? containersWithoutLimit(pod, resource) : [];
  const unboundedBy = { cpu: unbounded('cpu'), memory: unbounded('memory') };
  const bounded = (without: readonly ContainerRef[]) =>
    qosClass === 'Guaranteed' || (qosClass === 'Burstable' && without.length === 0);

  const cpuShares = milliCpuToShares(qosClass === 'BestEffort' ? 0n : milli(requests.get('cpu')?.quantity));
  const quotaMicros =
    options.enforceCpuLimits === false ? -1n : milliCpuToQuota(milli(limits.get('cpu')?.quantity), periodMicros);
  const reservedBytes = bytes(requests.get('memory')?.quantity);
  const reserved = options.tieredReservation === true && qosClass !== 'BestEffort' && reservedBytes > 0n;
  return {
    qosClass,
    cpuShares,
    cpuWeight: sharesToWeightLinear(cpuShares),
    cpu: bounded(unboundedBy.cpu)
      ? { quotaMicros, periodMicros, cpuMax: cpuMax(quotaMicros, periodMicros) }
      : undefined,
    memoryMaxBytes: bounded(unboundedBy.memory) ? bytes(limits.get('memory')?.quantity) : undefined,
    unboundedBy,
    reservation: reserved
      ? { file: qosClass === 'Guaranteed' ? 'memory.min' : 'memory.low', bytes: reservedBytes }
      : undefined,
  };
}

/**
 * Shares of the cgroup above all Burstable pods of a node: those of their CPU requests together
 * (kubernetes v1.36 pkg/kubelet/cm/qos_container_manager_linux.go setCPUCgroupConfig). BestEffort's are always 2.
 */
export function burstableShares(podRequestsMilli: readonly bigint[]): number {
  return milliCpuToShares(podRequestsMilli.reduce((sum, milli) => sum + milli, 0n));
}
