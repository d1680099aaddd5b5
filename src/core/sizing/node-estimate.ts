import type { NodeShape } from '../../data/node-shapes.ts';
import { aksEvictionMiB, aksMaxPods, aksReservedCpuMilli, aksReservedMemoryMiB } from './node-aks.ts';
import { eksMaxPods, eksReservedCpuMilli, eksReservedMemoryMiB, karpenterOverheadMiB } from './node-eks.ts';
import { gceKernelBytes, gkeReservedCpuMilli, gkeReservedMemoryMiB } from './node-gke.ts';

/** One thing that a cloud's node keeps for itself. */
export interface NodePart {
  readonly kind: 'kube-reserved' | 'system-reserved' | 'eviction' | 'huge-pages' | 'machine';
  readonly cpuMilli: bigint;
  readonly memoryBytes: bigint;
  /** The rule, in words and numbers. */
  readonly formula: string;
  readonly source: string;
}

/** What a node of a cloud will probably have for pods. Always an estimate; system DaemonSets come on top. */
export interface NodeEstimate {
  readonly capacityMilli: bigint;
  readonly capacityBytes: bigint;
  readonly cpuMilli: bigint;
  readonly memoryBytes: bigint;
  readonly pods: bigint;
  /** GPUs and other chips by the name that their device plugin gives them. */
  readonly extended: ReadonlyMap<string, bigint>;
  /** Capacity − what is left, piece by piece. */
  readonly parts: readonly NodePart[];
}

export interface NodeEstimateOptions {
  /** The most pods on a node; the cloud's own rule unless said otherwise. */
  readonly maxPods?: bigint;
  /** Minor of Kubernetes 1, for AKS; the newest rule unless said otherwise. */
  readonly minor?: number;
  /** System of a GKE node. */
  readonly os?: 'cos' | 'ubuntu';
  /** Take off what hypervisor and kernel keep, where a model of it is known; true unless said otherwise. */
  readonly machineOverhead?: boolean;
}

const mib = 1n << 20n;
const newestMinor = 99;
const gkeMaxPods = 110n;
const evictionMiB = 100n;

/**
 * Allocatable of one of the presets under its cloud's Kubernetes: EKS for AWS, GKE for Google, AKS for Azure.
 * capacity − machine − kube-reserved − eviction, exact to the byte in itself, never below zero (SIZING §6; the sources are
 * with each part).
 */
export function estimateNode(shape: NodeShape, options: NodeEstimateOptions = {}): NodeEstimate {
  const capacityMilli = BigInt(shape.vcpus) * 1000n;
  const memoryMiB = BigInt(shape.memoryMiB);
  const pods = options.maxPods ?? cloudMaxPods(shape);
  const parts = cloudParts(shape, capacityMilli, memoryMiB, pods, options);
  const left = (whole: bigint, amounts: readonly bigint[]) => {
    const rest = amounts.reduce((sum, amount) => sum - amount, whole);
    return rest < 0n ? 0n : rest;
  };
  const capacityBytes = memoryMiB * mib;
  return {
    capacityMilli,
    capacityBytes,
    cpuMilli: left(
      capacityMilli,
      parts.map((part) => part.cpuMilli),
    ),
    memoryBytes: left(
      capacityBytes,
      parts.map((part) => part.memoryBytes),
    ),
    pods,
    extended: extendedResources(shape),
    parts,
  };
}

function cloudMaxPods(shape: NodeShape): bigint {
  if (shape.cloud === 'azure') return aksMaxPods.overlay;
  if (shape.cloud === 'gcp' || shape.enis === undefined || shape.ipsPerEni === undefined) return gkeMaxPods;
  return eksMaxPods({ enis: BigInt(shape.enis), ipsPerEni: BigInt(shape.ipsPerEni) });
}

function extendedResources(shape: NodeShape): ReadonlyMap<string, bigint> {
  const extended = new Map<string, bigint>();
  if (shape.gpus !== undefined) extended.set('nvidia.com/gpu', BigInt(shape.gpus));
  if (shape.accelerators !== undefined) extended.set('aws.amazon.com/neuron', BigInt(shape.accelerators));
  return extended;
}

function cloudParts(
  shape: NodeShape,
  cpuMilli: bigint,
  memoryMiB: bigint,
  pods: bigint,
  options: NodeEstimateOptions,
): readonly NodePart[] {
  const machine = options.machineOverhead === false ? [] : machineParts(shape, memoryMiB, options.os ?? 'cos');
  const coreRule = '6 % of the first core + 1 % of the second + 0.5 % of the next two + 0.25 % of the rest';
  const memoryRule = '25 % of the first 4 GiB + 20 % of the next 4 + 10 % of the next 8 + 6 % of the next 112 + 2 %';
  switch (shape.cloud) {
    case 'aws':
      return [
        ...machine,
        reserved(eksReservedCpuMilli(cpuMilli), eksReservedMemoryMiB(pods), {
          formula: `${coreRule}; 11 MiB × ${pods} pods + 255 MiB`,
          source: 'awslabs/amazon-eks-ami nodeadm/internal/kubelet/config.go',
        }),
        eviction(evictionMiB, 'awslabs/amazon-eks-ami nodeadm/internal/kubelet/config.go'),
      ];
    case 'gcp':
      return [
        ...machine,
        reserved(gkeReservedCpuMilli(cpuMilli, shape.name), gkeReservedMemoryMiB(memoryMiB), {
          formula: shape.sustainedMilli === undefined ? `${coreRule}; ${memoryRule}` : `1060m; ${memoryRule}`,
          source: 'cloudpilot-ai/karpenter-provider-gcp pkg/utils',
        }),
        eviction(evictionMiB, 'cloudpilot-ai/karpenter-provider-gcp pkg/utils'),
      ];
    case 'azure': {
      const minor = options.minor ?? newestMinor;
      const rule = minor < 29 ? memoryRule : `min(20 MiB × ${pods} pods + 50 MiB, 25 %)`;
      return [
        ...machine,
        reserved(aksReservedCpuMilli(cpuMilli), aksReservedMemoryMiB(memoryMiB, pods, minor), {
          formula: `6 % of the first core + 4 % of the second + 2 % of the next two + 1 % of the rest; ${rule}`,
          source: 'MicrosoftDocs/azure-aks-docs node-resource-reservations.md',
        }),
        eviction(aksEvictionMiB(minor), 'MicrosoftDocs/azure-aks-docs node-resource-reservations.md'),
      ];
    }
  }
}

function machineParts(shape: NodeShape, memoryMiB: bigint, os: 'cos' | 'ubuntu'): readonly NodePart[] {
  switch (shape.cloud) {
    case 'aws': {
      const overhead = karpenterOverheadMiB(memoryMiB, shape.arch);
      const formula = shape.arch === 'arm64' ? '64 MiB + 7.5 % of the rest' : '7.5 %';
      const source = 'aws/karpenter-provider-aws vmMemoryOverheadPercent';
      return [{ kind: 'machine', cpuMilli: 0n, memoryBytes: overhead * mib, formula, source }];
    }
    case 'gcp': {
      const memoryBytes = gceKernelBytes(memoryMiB * mib, os, shape.arch);
      const formula = '1 ÷ 64 + 0.175 % + fixed parts for kernel and firmware';
      const source = 'kubernetes/autoscaler cloudprovider/gce/gce_reserved.go';
      return [{ kind: 'machine', cpuMilli: 0n, memoryBytes, formula, source }];
    }
    // No published model: the machine's memory counts as advertised.
    case 'azure':
      return [];
  }
}

function reserved(cpuMilli: bigint, memoryMiB: bigint, why: { formula: string; source: string }): NodePart {
  return { kind: 'kube-reserved', cpuMilli, memoryBytes: memoryMiB * mib, ...why };
}

function eviction(memoryMiB: bigint, source: string): NodePart {
  const formula = `memory.available < ${memoryMiB} MiB`;
  return { kind: 'eviction', cpuMilli: 0n, memoryBytes: memoryMiB * mib, formula, source };
}
