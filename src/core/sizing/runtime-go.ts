import { type CpuQuota, percentOf, wholeCpus, wholeNumber } from './runtime.ts';

export interface GoInputs {
  /** `[1, 25]` of `go 1.25` in go.mod, which switches the behaviour, not the toolchain alone. */
  readonly version: readonly [major: number, minor: number];
  readonly quota: CpuQuota;
  readonly hostCpus: number;
  /** CPUs that the process may run on, of a cpuset; all of the host's when absent. */
  readonly affinityCpus?: number | undefined;
  readonly env?: ReadonlyMap<string, string> | undefined;
}

export interface GoMaxProcs {
  readonly procs: number;
  readonly rule: 'environment' | 'cgroup' | 'cpus';
}

/**
 * `GOMAXPROCS`: from Go 1.25 min(CPUs, max(2, ⌈quota ÷ period⌉)), before that every CPU that the process may run on. The
 * variable, and `GODEBUG=containermaxprocs=0`, override it; requests count nothing (golang/go src/runtime/cgroup_linux.go).
 */
export function goMaxProcs({ version, quota, hostCpus, affinityCpus = hostCpus, env }: GoInputs): GoMaxProcs {
  const said = wholeNumber(env?.get('GOMAXPROCS'));
  if (said !== undefined && said > 0) return { procs: said, rule: 'environment' };
  const cpus = Math.min(hostCpus, affinityCpus);
  const [major, minor] = version;
  const disabled = (env?.get('GODEBUG') ?? '').split(',').includes('containermaxprocs=0');
  const limit = wholeCpus(quota);
  if (limit === undefined || disabled || major < 1 || (major === 1 && minor < 25)) return { procs: cpus, rule: 'cpus' };
  const procs = Math.max(2, limit);
  return procs < cpus ? { procs, rule: 'cgroup' } : { procs: cpus, rule: 'cpus' };
}

/**
 * What uber's automaxprocs sets: ⌊quota ÷ period⌋, one at least; undefined where there is no limit (uber-go/automaxprocs
 * maxprocs.go).
 */
export function autoMaxProcs({ quotaMicros, periodMicros }: CpuQuota): number | undefined {
  if (quotaMicros === undefined || quotaMicros <= 0n) return undefined;
  return Math.max(1, Number(quotaMicros / periodMicros));
}

/**
 * A `GOMEMLIMIT` in MiB that leaves `headroomPercent` of the limit to what the runtime does not manage, cut off. The guide
 * asks for 5 to 10 percent; the runtime itself never reads the cgroup's limit (go.dev/doc/gc-guide).
 */
export function goMemoryLimitMiB(limitBytes: bigint, headroomPercent: number): bigint {
  return percentOf(limitBytes, 100 - headroomPercent) >> 20n;
}

const units: Readonly<Record<string, bigint>> = { '': 0n, B: 0n, KiB: 10n, MiB: 20n, GiB: 30n, TiB: 40n };

/** Bytes of a `GOMEMLIMIT`; undefined for `off` and for what the runtime refuses (src/runtime/string.go parseByteCount). */
export function goMemoryLimitBytes(text: string): bigint | undefined {
  const match = /^(\d{1,19})(B|KiB|MiB|GiB|TiB)?$/.exec(text);
  const bits = units[match?.[2] ?? ''];
  return match?.[1] === undefined || bits === undefined ? undefined : BigInt(match[1]) << bits;
}

/**
 * The heap at which the next collection ends: live + (live + roots) × GOGC ÷ 100, in the unit of its inputs
 * (go.dev/doc/gc-guide).
 */
export function goTargetHeap(live: number, roots: number, gogc: number): number {
  return live + ((live + roots) * gogc) / 100;
}
