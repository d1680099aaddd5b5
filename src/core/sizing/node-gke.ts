import { coreTiers, memoryTiers, reservedByTiers } from './node-tiers.ts';

const mib = 1n << 20n;
const gib = 1n << 30n;

const sharedCores: ReadonlySet<string> = new Set(['e2-micro', 'e2-small', 'e2-medium']);

/**
 * Millicores that GKE sets aside: the same tiers as EKS; 1060m on machines with a shared core
 * (cloudpilot-ai/karpenter-provider-gcp pkg/utils ResolveReservedCPUMCore).
 */
export function gkeReservedCpuMilli(cpuMilli: bigint, machine = ''): bigint {
  return sharedCores.has(machine) ? 1060n : reservedByTiers(cpuMilli, coreTiers, 'each-tier');
}

/**
 * MiB that GKE sets aside, without the 100 MiB of eviction: 255 up to 1 GiB, else 25 % of the first 4 GiB, 20 % of the
 * next 4, 10 % of the next 8, 6 % of the next 112, 2 % above. Readers of the rule cut off in every tier
 * (karpenter-provider-gcp) or at the end (gardener): 1 MiB apart.
 */
export function gkeReservedMemoryMiB(memoryMiB: bigint, cutOff: 'each-tier' | 'sum' = 'each-tier'): bigint {
  return memoryMiB <= 1024n ? 255n : reservedByTiers(memoryMiB, memoryTiers, cutOff);
}

/** MiB of the boot disk that GKE sets aside: min(50 %, 6 GiB + 35 %, 100 GiB), cut off (gardener kubelet config). */
export function gkeReservedEphemeralMiB(diskMiB: bigint): bigint {
  const candidates = [diskMiB / 2n, 6144n + (diskMiB * 35n) / 100n, 102_400n];
  return candidates.reduce((least, next) => (next < least ? next : least));
}

/**
 * Bytes that firmware and kernel keep of a Compute Engine machine's memory: phys ÷ 64 + 16 MiB + min(0.175 %, 248 MiB),
 * + 64 MiB above 3 GiB, + 8 MiB up to 8 GiB, + 4 MiB on Ubuntu; × 0.9971, rounded, on Container-Optimized OS for arm64
 * (kubernetes/autoscaler cloudprovider/gce/gce_reserved.go).
 */
export function gceKernelBytes(physicalBytes: bigint, os: 'cos' | 'ubuntu', arch: 'amd64' | 'arm64'): bigint {
  const firmware = (physicalBytes * 175n) / 100_000n;
  const reserved =
    physicalBytes / 64n +
    16n * mib +
    (firmware < 248n * mib ? firmware : 248n * mib) +
    (physicalBytes > 3n * gib ? 64n * mib : 0n) +
    (physicalBytes <= 8n * gib ? 8n * mib : 0n) +
    (os === 'ubuntu' ? 4n * mib : 0n);
  return os === 'cos' && arch === 'arm64' ? (reserved * 9971n + 5000n) / 10_000n : reserved;
}
