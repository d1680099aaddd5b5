import { addQuantities, type KubernetesQuantity, milliValue, wholeValue } from '../quantity/kubernetes.ts';
import type { QosClass } from './qos.ts';

export type CpuManagerPolicy = 'none' | 'static';

/**
 * CPUs that a container gets to itself: its whole request, of a Guaranteed pod under the static policy; zero where the
 * request is no whole number. Such a container's quota is taken off (kubernetes v1.36
 * pkg/kubelet/cm/cpumanager/policy_static.go:731 guaranteedCPUs; DisableCPUQuotaWithExclusiveCPUs since 1.33).
 */
export function exclusiveCpus(
  policy: CpuManagerPolicy,
  qosClass: QosClass,
  request: KubernetesQuantity | undefined,
): number {
  if (policy === 'none' || qosClass !== 'Guaranteed' || request === undefined) return 0;
  const milli = milliValue(request);
  return milli % 1000n === 0n ? Number(milli / 1000n) : 0;
}

/**
 * CPUs that the static policy keeps for the system: ⌈kube-reserved + system-reserved⌉. Undefined where that is zero, which
 * the kubelet refuses to start with (cpumanager/cpu_manager.go).
 */
export function reservedCpus(kubeReserved: KubernetesQuantity, systemReserved: KubernetesQuantity): number | undefined {
  const reserved = wholeValue(addQuantities(kubeReserved, systemReserved));
  return reserved > 0n ? Number(reserved) : undefined;
}

export interface CpuPool {
  /** CPUs that can still be given away: online − reserved − given. */
  readonly assignable: number;
  /** Hardware threads of a core: 2 with SMT. */
  readonly threadsPerCore: number;
  /** The option `full-pcpus-only`. */
  readonly fullCoresOnly: boolean;
}

export type CpuAdmission =
  | { readonly kind: 'admitted'; readonly exclusive: number }
  /** SMTAlignmentError: whole cores only, and the request is no multiple of a core's threads. */
  | { readonly kind: 'misaligned' }
  | { readonly kind: 'not-enough' };

/** Whether the static policy can give these CPUs; a failure rejects the pod (policy_static.go Allocate, allocateCPUs). */
export function allocateCpus(exclusive: number, pool: CpuPool): CpuAdmission {
  if (exclusive > 0 && pool.fullCoresOnly && exclusive % pool.threadsPerCore !== 0) return { kind: 'misaligned' };
  return exclusive > pool.assignable ? { kind: 'not-enough' } : { kind: 'admitted', exclusive };
}

export type TopologyPolicy = 'none' | 'best-effort' | 'restricted' | 'single-numa-node';

/** CPUs of one NUMA node. */
export interface NumaNode {
  readonly cpus: number;
  readonly free: number;
}

/**
 * Whether the topology manager lets the container in: `single-numa-node` wants one NUMA node with enough free CPUs,
 * `restricted` as few of them as the request would need on an empty machine; the others reject nothing (kubernetes v1.36
 * pkg/kubelet/cm/topologymanager/policy_*.go). The layout is not in a manifest, so this is for a machine that is known.
 */
export function admitsTopology(policy: TopologyPolicy, nodes: readonly NumaNode[], cpus: number): boolean {
  if (policy === 'none' || policy === 'best-effort') return true;
  const needed = nodesNeeded(
    nodes.map(({ free }) => free),
    cpus,
  );
  if (policy === 'single-numa-node') return needed <= 1;
  return (
    needed <=
      nodesNeeded(
        nodes.map((node) => node.cpus),
        cpus,
      ) && needed < Number.POSITIVE_INFINITY
  );
}

/** The fewest nodes that have these CPUs together; infinite where all have not. */
function nodesNeeded(sizes: readonly number[], cpus: number): number {
  let left = cpus;
  let count = 0;
  for (const size of [...sizes].sort((a, b) => b - a)) {
    if (left <= 0) break;
    left -= size;
    count++;
  }
  return left > 0 ? Number.POSITIVE_INFINITY : count;
}
