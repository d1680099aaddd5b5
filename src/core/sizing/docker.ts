import { cpuMax, defaultPeriodMicros, sharesToWeightLinear, sharesToWeightQuadratic } from './cgroup-cpu.ts';
import { convertMemorySwap } from './cgroup-memory.ts';

/** Resources of one container as the Docker daemon is told them. Zero is unset everywhere. */
export interface DockerResources {
  /** Billionths of a CPU. */
  readonly nanoCpus: bigint;
  readonly cpuShares: number;
  readonly cpuPeriodMicros: bigint;
  readonly cpuQuotaMicros: bigint;
  readonly memoryBytes: bigint;
  /** Memory and swap together; −1 is unlimited swap. */
  readonly memorySwapBytes: bigint;
  readonly memoryReservationBytes: bigint;
  /** Zero or less is unlimited. */
  readonly pidsLimit: bigint;
  readonly blkioWeight: number;
}

export const noDockerResources: DockerResources = {
  nanoCpus: 0n,
  cpuShares: 0,
  cpuPeriodMicros: 0n,
  cpuQuotaMicros: 0n,
  memoryBytes: 0n,
  memorySwapBytes: 0n,
  memoryReservationBytes: 0n,
  pidsLimit: 0n,
  blkioWeight: 0,
};

/** The least memory the daemon takes as a limit or a reservation: 6 MiB. */
export const smallestDockerMemory = 6n << 20n;

export interface DockerProblem {
  readonly field: keyof DockerResources;
  /** The heart of what the daemon answers. */
  readonly says: string;
}

/**
 * Why the daemon refuses the resources; empty where it takes them. `hostCpus` is asked only where it is known
 * (moby daemon/daemon_unix.go:405 verifyPlatformContainerResources).
 */
export function dockerProblems(resources: DockerResources, hostCpus?: number): readonly DockerProblem[] {
  const { nanoCpus, cpuPeriodMicros, cpuQuotaMicros, memoryBytes, memorySwapBytes, memoryReservationBytes } = resources;
  const { blkioWeight } = resources;
  const hostNano = hostCpus === undefined ? undefined : BigInt(hostCpus) * 1_000_000_000n;
  const checks: readonly (readonly [boolean, keyof DockerResources, string])[] = [
    [memoryBytes !== 0n && memoryBytes < smallestDockerMemory, 'memoryBytes', 'Minimum memory limit allowed is 6MB'],
    [
      memoryBytes > 0n && memorySwapBytes > 0n && memorySwapBytes < memoryBytes,
      'memorySwapBytes',
      'Minimum memoryswap limit should be larger than memory limit',
    ],
    [
      memoryBytes === 0n && memorySwapBytes > 0n,
      'memorySwapBytes',
      'You should always set the Memory limit when using Memoryswap limit',
    ],
    [
      memoryReservationBytes > 0n && memoryReservationBytes < smallestDockerMemory,
      'memoryReservationBytes',
      'Minimum memory reservation allowed is 6MB',
    ],
    [
      memoryBytes > 0n && memoryReservationBytes > memoryBytes,
      'memoryReservationBytes',
      'Minimum memory limit can not be less than memory reservation limit',
    ],
    [
      nanoCpus > 0n && cpuPeriodMicros > 0n,
      'cpuPeriodMicros',
      'Conflicting options: Nano CPUs and CPU Period cannot both be set',
    ],
    [
      nanoCpus > 0n && cpuQuotaMicros > 0n,
      'cpuQuotaMicros',
      'Conflicting options: Nano CPUs and CPU Quota cannot both be set',
    ],
    [
      nanoCpus < 0n || (hostNano !== undefined && nanoCpus > hostNano),
      'nanoCpus',
      hostCpus === undefined ? 'range of CPUs is from 0.01' : `range of CPUs is from 0.01 to ${hostCpus}.00`,
    ],
    [
      cpuPeriodMicros !== 0n && (cpuPeriodMicros < 1000n || cpuPeriodMicros > 1_000_000n),
      'cpuPeriodMicros',
      'CPU cfs period can not be less than 1ms (i.e. 1000) or larger than 1s (i.e. 1000000)',
    ],
    [
      cpuQuotaMicros > 0n && cpuQuotaMicros < 1000n,
      'cpuQuotaMicros',
      'CPU cfs quota can not be less than 1ms (i.e. 1000)',
    ],
    [
      blkioWeight > 0 && (blkioWeight < 10 || blkioWeight > 1000),
      'blkioWeight',
      'Range of blkio weight is from 10 to 1000',
    ],
  ];
  return checks.flatMap(([wrong, field, says]) => (wrong ? [{ field, says }] : []));
}

/** Fills in swap: as much again as memory, where only memory is said (moby daemon/daemon_unix.go:345). */
export function withDefaultSwap(resources: DockerResources): DockerResources {
  const { memoryBytes, memorySwapBytes } = resources;
  return memoryBytes > 0n && memorySwapBytes === 0n ? { ...resources, memorySwapBytes: memoryBytes * 2n } : resources;
}

/** cgroup v2 values of a container that Docker runs. */
export interface DockerCgroup {
  /** Microseconds; zero or less is no limit. */
  readonly quotaMicros: bigint;
  readonly periodMicros: bigint;
  readonly cpuMax: string;
  /** `cpu.weight` by older runtimes, and by runc ≥ 1.3.2 and crun ≥ 1.23; both the kernel's 100 where unset. */
  readonly weightLinear: number;
  readonly weightQuadratic: number;
  readonly memoryMax: bigint | 'max';
  readonly memorySwapMax: bigint | 'max';
  /** `memory.low`, in bytes. */
  readonly memoryLow: bigint;
  readonly pidsMax: bigint | 'max';
}

const kernelWeight = 100;

/** What the kernel is told; call {@link withDefaultSwap} first (moby daemon/daemon_unix.go:130, cgroups fs2). */
export function dockerCgroup(resources: DockerResources): DockerCgroup {
  const { nanoCpus, cpuShares, memoryBytes, memorySwapBytes, pidsLimit } = resources;
  const periodMicros =
    nanoCpus > 0n || resources.cpuPeriodMicros === 0n ? defaultPeriodMicros : resources.cpuPeriodMicros;
  const quotaMicros = nanoCpus > 0n ? (nanoCpus * periodMicros) / 1_000_000_000n : resources.cpuQuotaMicros;
  const swap = convertMemorySwap(memorySwapBytes, memoryBytes);
  // A total that is set and leaves nothing means no swap; one that is unset is not written at all.
  const limitsSwap = swap.ok && swap.bytes >= 0n && memorySwapBytes > 0n;
  return {
    quotaMicros,
    periodMicros,
    cpuMax: cpuMax(quotaMicros, periodMicros),
    weightLinear: cpuShares === 0 ? kernelWeight : sharesToWeightLinear(cpuShares),
    weightQuadratic: cpuShares === 0 ? kernelWeight : sharesToWeightQuadratic(cpuShares),
    memoryMax: memoryBytes > 0n ? memoryBytes : 'max',
    memorySwapMax: limitsSwap ? swap.bytes : 'max',
    memoryLow: resources.memoryReservationBytes,
    pidsMax: pidsLimit > 0n ? pidsLimit : 'max',
  };
}
