import { lastOption, lesser, percentOf, type RuntimeProcess, wholeNumber } from './runtime.ts';
import { jvmOptions } from './runtime-jvm.ts';

export interface PostgresBuffers {
  /** 25 % of the memory, cut off: where the manual says to start. */
  readonly suggestedBytes: bigint;
  /** 40 %: more is unlikely to help. */
  readonly mostBytes: bigint;
  /** What it has when nothing is said. */
  readonly defaultBytes: bigint;
}

/** `shared_buffers` by PostgreSQL's manual (runtime-config-resource). */
export function postgresBuffers(memoryBytes: bigint): PostgresBuffers {
  return {
    suggestedBytes: percentOf(memoryBytes, 25),
    mostBytes: percentOf(memoryBytes, 40),
    defaultBytes: 128n << 20n,
  };
}

/**
 * A `maxmemory` to suggest: 75 % of the limit, cut off, for fragmentation and output buffers; half of it where Redis forks
 * to save, for what is written meanwhile is copied. A rule of thumb of Plimsoll's, not of Redis.
 */
export function redisMaxMemory(limitBytes: bigint, saves: boolean): bigint {
  return percentOf(limitBytes, saves ? 50 : 75);
}

const redisUnits: Readonly<Record<string, bigint>> = {
  '': 1n,
  b: 1n,
  k: 1000n,
  kb: 1n << 10n,
  m: 1_000_000n,
  mb: 1n << 20n,
  g: 1_000_000_000n,
  gb: 1n << 30n,
};

/** Bytes of `256mb` (2²⁰) or `256m` (10⁶), in any case; undefined where it is neither (redis util.c memtoull). */
export function redisBytes(text: string): bigint | undefined {
  const match = /^(\d{1,18})([a-z]*)$/i.exec(text);
  const unit = redisUnits[match?.[2]?.toLowerCase() ?? 'none'];
  return match?.[1] === undefined || unit === undefined ? undefined : BigInt(match[1]) * unit;
}

/** `--maxmemory` of a `redis-server` command; undefined where it is not there, which is no bound, as zero is. */
export function redisCommandMemory({ args }: RuntimeProcess): bigint | undefined {
  const text = lastOption(args, ['--maxmemory'], true);
  const bytes = text === undefined ? undefined : redisBytes(text);
  return bytes === 0n ? undefined : bytes;
}

/** Bytes that memcached keeps items in: `-m` in MiB, 64 when absent (memcached.c settings.maxbytes). */
export function memcachedItemBytes({ args }: RuntimeProcess): bigint {
  const glued = args.findLast((word) => /^-m\d+$/.test(word))?.slice(2);
  const size = wholeNumber(lastOption(args, ['-m', '--memory-limit'], true) ?? glued);
  return BigInt(size ?? 64) << 20n;
}

/**
 * A limit to suggest for memcached: a tenth more than its items for the hash table, and 64 KiB a connection (1024 unless
 * `-c` says otherwise) for buffers. A rule of thumb of Plimsoll's.
 */
export function memcachedLimit(itemBytes: bigint, connections: number): bigint {
  return percentOf(itemBytes, 110) + BigInt(connections) * (64n << 10n);
}

const mib = 1n << 20n;
const heapCap = 31n << 30n;

/**
 * The heap that Elasticsearch gives itself, in MiB: dedicated masters 60 %; machine learning 40 % of 16 GiB and 10 % of the
 * rest, in multiples of 4 MiB, and that ÷ 1.5 in newer releases; every other node 50 %, or below 1 GiB max(40 %, 128 MiB);
 * 31 GiB at most. Undefined where `-Xms` or `-Xmx` is given, which turns it off (elasticsearch MachineDependentHeap.java).
 */
export function elasticsearchHeapMiB(
  memoryBytes: bigint,
  roles: readonly string[],
  process: RuntimeProcess,
  release: 'newer' | 'older' = 'newer',
): bigint | undefined {
  const options = jvmOptions({
    args: process.args,
    env: new Map([['JAVA_TOOL_OPTIONS', process.env.get('ES_JAVA_OPTS') ?? '']]),
  });
  if (options.maxHeapBytes !== undefined || options.initialHeapBytes !== undefined) return undefined;
  const only = (role: string) => roles.length > 0 && roles.every((each) => each === role || helpers.includes(each));
  if (only('master')) return lesser(percentOf(memoryBytes, 60), heapCap) / mib;
  if (only('ml')) {
    const first = lesser(memoryBytes, 16n << 30n);
    const tenths = 4n * first + (memoryBytes - first);
    const bytes = lesser(release === 'newer' ? tenths / 15n : tenths / 10n, heapCap);
    return (bytes / mib / 4n) * 4n;
  }
  if (memoryBytes >= 1n << 30n) return lesser(memoryBytes / 2n, heapCap) / mib;
  const small = percentOf(memoryBytes, 40) / mib;
  return small < 128n ? 128n : small;
}

/** Roles that do not make a node one of data. */
const helpers = ['voting_only', 'remote_cluster_client'];
