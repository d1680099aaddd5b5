import { memoryTiers, type ReservedTier, reservedByTiers } from './node-tiers.ts';

/** Millicores: 6 % of the first core, 4 % of the second, 2 % of the next two, 1 % of the others. */
const cores: readonly ReservedTier[] = [
  { upTo: 1000n, perTenThousand: 600n },
  { upTo: 2000n, perTenThousand: 400n },
  { upTo: 4000n, perTenThousand: 200n },
  { upTo: undefined, perTenThousand: 100n },
];

/** The first minor of Kubernetes 1 that has the new rule for memory. */
const newRule = 29;

/**
 * Millicores that AKS sets aside: 60, 100, 140, 180, 260, 420, 740 of 1, 2, 4, 8, 16, 32, 64 cores, and between them in
 * proportion (MicrosoftDocs/azure-aks-docs node-resource-reservations.md).
 */
export function aksReservedCpuMilli(cpuMilli: bigint): bigint {
  return reservedByTiers(cpuMilli, cores, 'each-tier');
}

/**
 * MiB that AKS sets aside: since 1.29 min(20 × pods + 50, 25 %), before that GKE's tiers; cut off. The page writes MB and
 * computes with round GB; read as MiB (azure-aks-docs node-resource-reservations.md).
 */
export function aksReservedMemoryMiB(memoryMiB: bigint, maxPods: bigint, minor: number): bigint {
  if (minor < newRule) return reservedByTiers(memoryMiB, memoryTiers, 'sum');
  const [byPods, quarter] = [20n * maxPods + 50n, memoryMiB / 4n];
  return byPods < quarter ? byPods : quarter;
}

/** MiB of free memory at which AKS has the kubelet evict: 100 since 1.29, 750 before (node-resource-reservations.md). */
export function aksEvictionMiB(minor: number): bigint {
  return minor < newRule ? 750n : 100n;
}

/** Pods on an AKS node unless said otherwise, by network (azure-aks-docs concepts-network). */
export const aksMaxPods = { overlay: 250n, 'pod-subnet': 110n, 'node-subnet': 30n, kubenet: 110n } as const;
