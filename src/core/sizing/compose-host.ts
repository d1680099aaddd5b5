import type { ComposeLoad } from './compose.ts';

/** A machine that runs containers. */
export interface ComposeHost {
  readonly cpus: number;
  readonly memoryBytes: bigint;
}

export interface ComposeTotal {
  /** Of the services that have this limit, every replica counted: billionths of a CPU, or bytes. */
  readonly limited: bigint;
  /** The services without it: they may take the whole machine. Listed, never counted as zero. */
  readonly unbounded: readonly string[];
  /** What the machine has, in the same unit. */
  readonly host: bigint;
  /** Whether the limits alone are more than that. CPU is then shared out, memory runs out. */
  readonly exceeds: boolean;
}

export interface ComposeTotals {
  readonly cpu: ComposeTotal;
  readonly memory: ComposeTotal;
  /** Services of which one container alone is limited above the machine: the daemon refuses such a CPU limit. */
  readonly tooLarge: readonly { readonly service: string; readonly resource: 'cpu' | 'memory' }[];
}

const nanoPerCpu = 1_000_000_000n;

/**
 * Σ replicas × limit of the services against a host, by service name. Limits are ceilings and no reservations: Compose lets
 * them add up to more than there is (moby daemon/daemon_unix.go:405 checks each container's CPUs alone).
 */
export function composeTotals(services: ReadonlyMap<string, ComposeLoad>, host: ComposeHost): ComposeTotals {
  const total = (of: (load: ComposeLoad) => bigint | undefined, whole: bigint): ComposeTotal => {
    let limited = 0n;
    const unbounded: string[] = [];
    for (const [service, load] of services) {
      const amount = of(load);
      if (amount !== undefined) limited += amount;
      else if (load.replicas > 0) unbounded.push(service);
    }
    return { limited, unbounded, host: whole, exceeds: limited > whole };
  };
  const hostNano = BigInt(host.cpus) * nanoPerCpu;
  const tooLarge = [...services].flatMap(([service, { docker }]) => {
    const cpu = docker.nanoCpus > hostNano ? [{ service, resource: 'cpu' } as const] : [];
    return docker.memoryBytes > host.memoryBytes ? [...cpu, { service, resource: 'memory' } as const] : cpu;
  });
  return {
    cpu: total((load) => load.total.nanoCpus, hostNano),
    memory: total((load) => load.total.memoryBytes, host.memoryBytes),
    tooLarge,
  };
}
