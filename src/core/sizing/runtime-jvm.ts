import {
  type CpuQuota,
  lastOption,
  leadingOptions,
  lesser,
  optionWords,
  percentOf,
  type RuntimeProcess,
  wholeCpus,
  wholeNumber,
  wordsFrom,
} from './runtime.ts';

export type GarbageCollector = 'Serial' | 'Parallel' | 'G1' | 'ZGC' | 'Shenandoah' | 'Epsilon';

/** What the options say; undefined where they say nothing. */
export interface JvmOptions {
  /** `-Xmx`. */
  readonly maxHeapBytes: bigint | undefined;
  /** `-Xms`. */
  readonly initialHeapBytes: bigint | undefined;
  readonly maxRamPercentage: number | undefined;
  readonly minRamPercentage: number | undefined;
  readonly initialRamPercentage: number | undefined;
  readonly activeProcessors: number | undefined;
  readonly gc: GarbageCollector | undefined;
  readonly stackBytes: bigint | undefined;
  readonly maxMetaspaceBytes: bigint | undefined;
  readonly codeCacheBytes: bigint | undefined;
}

const shift: Readonly<Record<string, bigint>> = { '': 0n, k: 10n, m: 20n, g: 30n, t: 40n };

/** Bytes of `512m`, in powers of 1024; undefined where it is none (openjdk arguments.cpp atojulong). */
export function jvmBytes(text: string | undefined): bigint | undefined {
  const match = /^(\d{1,18})([kmgt]?)$/i.exec(text ?? '');
  const bits = shift[match?.[2]?.toLowerCase() ?? 'none'];
  return match?.[1] === undefined || bits === undefined ? undefined : BigInt(match[1]) << bits;
}

const collectors: readonly (readonly [string, GarbageCollector])[] = [
  ['-XX:+UseSerialGC', 'Serial'],
  ['-XX:+UseParallelGC', 'Parallel'],
  ['-XX:+UseG1GC', 'G1'],
  ['-XX:+UseZGC', 'ZGC'],
  ['-XX:+UseShenandoahGC', 'Shenandoah'],
  ['-XX:+UseEpsilonGC', 'Epsilon'],
];

const valued = ['-cp', '-classpath', '--class-path', '-p', '--module-path', '--upgrade-module-path', '--add-modules'];

/**
 * The options of a JVM: `JAVA_TOOL_OPTIONS`, then `JDK_JAVA_OPTIONS`, then the words before the class or the jar, then
 * `_JAVA_OPTIONS`; the last one that says a thing holds (measured on OpenJDK 17).
 */
export function jvmOptions({ args, env }: RuntimeProcess): JvmOptions {
  const words = [
    ...optionWords(env.get('JAVA_TOOL_OPTIONS')),
    ...optionWords(env.get('JDK_JAVA_OPTIONS')),
    ...leadingOptions(args, valued),
    ...optionWords(env.get('_JAVA_OPTIONS')),
  ];
  const short = (flag: string, long: string): bigint | undefined => {
    let found: bigint | undefined;
    for (const word of words) {
      if (word.startsWith(`${long}=`)) found = jvmBytes(word.slice(long.length + 1)) ?? found;
      else if (word.startsWith(flag)) found = jvmBytes(word.slice(flag.length)) ?? found;
    }
    return found;
  };
  const number = (name: string): number | undefined => {
    const text = lastOption(words, [name]);
    return text !== undefined && /^\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;
  };
  return {
    maxHeapBytes: short('-Xmx', '-XX:MaxHeapSize'),
    initialHeapBytes: short('-Xms', '-XX:InitialHeapSize'),
    maxRamPercentage: number('-XX:MaxRAMPercentage'),
    minRamPercentage: number('-XX:MinRAMPercentage'),
    initialRamPercentage: number('-XX:InitialRAMPercentage'),
    activeProcessors: wholeNumber(lastOption(words, ['-XX:ActiveProcessorCount'])),
    gc: collectors.findLast(([flag]) => words.includes(flag))?.[1],
    stackBytes: stackBytes(words),
    maxMetaspaceBytes: jvmBytes(lastOption(words, ['-XX:MaxMetaspaceSize'])),
    codeCacheBytes: jvmBytes(lastOption(words, ['-XX:ReservedCodeCacheSize'])),
  };
}

/** Variables that the start scripts of common images hand on to the JVM, right behind the program. */
const scriptVariables = ['JAVA_OPTS', 'JVM_OPTS', 'CATALINA_OPTS', 'ES_JAVA_OPTS'];

/** A JVM as it is started, what scripts may hand on among its words: `scripted` tells whether there is any of it. */
export function startedJvm({ args, env }: RuntimeProcess): RuntimeProcess & { readonly scripted: boolean } {
  const own = wordsFrom(args, 'java');
  const program = own[0]?.startsWith('-') === false ? own.slice(0, 1) : [];
  const handed = scriptVariables.flatMap((name) => optionWords(env.get(name)));
  return { args: [...program, ...handed, ...own.slice(program.length)], env, scripted: handed.length > 0 };
}

/** `-Xss512k`, or `-XX:ThreadStackSize=512` in KiB; the last one. */
function stackBytes(words: readonly string[]): bigint | undefined {
  let found: bigint | undefined;
  for (const word of words) {
    if (word.startsWith('-Xss')) found = jvmBytes(word.slice(4)) ?? found;
    const kib = wholeNumber(lastOption([word], ['-XX:ThreadStackSize']));
    if (kib !== undefined) found = BigInt(kib) << 10n;
  }
  return found;
}

/** HotSpot's `MaxHeapSize` before it looks at the machine: 96 MiB × 1.3, in whole words. */
const smallMachineHeap = 130_862_280n;
const smallestInitialHeap = 8n << 20n;
const alignment = 2n << 20n;

export interface JvmHeap {
  readonly maxBytes: bigint;
  readonly initialBytes: bigint;
  /** What decided: `-Xmx`, the smallness of the container, the floor of 124.8 MiB, or the percentage. */
  readonly rule: 'max-heap' | 'min-ram-percentage' | 'floor' | 'max-ram-percentage';
  readonly exceedsLimit: boolean;
}

/**
 * The heap of a 64-bit HotSpot in a container: MinRAMPercentage (50) of the limit where that is below 124.8 MiB, else
 * max(MaxRAMPercentage (25) of it, 124.8 MiB), rounded up to 2 MiB; to start with max(8 MiB, InitialRAMPercentage
 * (1.5625)). `-Xmx` is taken as it is, above the limit too (openjdk src/hotspot/share/runtime/arguments.cpp set_heap_size;
 * from JDK 26 the initial share is smaller, JDK-8371986).
 */
export function jvmHeap(limitBytes: bigint, options: Partial<JvmOptions> = {}): JvmHeap {
  const small = percentOf(limitBytes, options.minRamPercentage ?? 50);
  const share = percentOf(limitBytes, options.maxRamPercentage ?? 25);
  const rule =
    options.maxHeapBytes !== undefined
      ? 'max-heap'
      : small < smallMachineHeap
        ? 'min-ram-percentage'
        : share < smallMachineHeap
          ? 'floor'
          : 'max-ram-percentage';
  const chosen = { 'max-heap': 0n, 'min-ram-percentage': small, floor: smallMachineHeap, 'max-ram-percentage': share };
  const maxBytes = options.maxHeapBytes ?? alignUp(chosen[rule]);
  const initial = percentOf(limitBytes, options.initialRamPercentage ?? 1.5625);
  const initialBytes =
    options.initialHeapBytes ?? alignUp(initial > smallestInitialHeap ? initial : smallestInitialHeap);
  return {
    maxBytes,
    initialBytes: lesser(initialBytes, maxBytes),
    rule,
    exceedsLimit: maxBytes > limitBytes,
  };
}

function alignUp(bytes: bigint): bigint {
  return ((bytes + alignment - 1n) / alignment) * alignment;
}

/**
 * `Runtime.availableProcessors()`: min(⌈quota ÷ period⌉, host); without a limit every CPU of the host, for shares are not
 * read since JDK 19 and its backports (JDK-8281181).
 */
export function jvmProcessors(quota: CpuQuota, hostCpus: number, options: Partial<JvmOptions> = {}): number {
  return options.activeProcessors ?? Math.min(hostCpus, wholeCpus(quota) ?? hostCpus);
}

/**
 * The collector that HotSpot picks: G1 with two processors and 1792 MiB, else Serial; from JDK 27 always G1 (openjdk
 * os::is_server_class_machine, gcConfig.cpp; JEP 523).
 */
export function jvmCollector(
  limitBytes: bigint,
  processors: number,
  jdk: number,
  options: Partial<JvmOptions> = {},
): GarbageCollector {
  if (options.gc !== undefined) return options.gc;
  return jdk >= 27 || (processors >= 2 && limitBytes >= 1792n << 20n) ? 'G1' : 'Serial';
}

export interface JvmReservation {
  readonly heapBytes: bigint;
  readonly nonHeapBytes: bigint;
  readonly totalBytes: bigint;
  readonly exceedsLimit: boolean;
}

/**
 * The most that a JVM may come to use: heap + code cache (240 MiB) + threads × stack (1 MiB) + metaspace, which is
 * unbounded unless said and taken as given here. An upper bound on what is reserved, not what is resident; direct buffers,
 * up to a heap more, come on top (openjdk globals.hpp, Linux x64).
 */
export function jvmReservation(
  limitBytes: bigint,
  threads: number,
  metaspaceBytes: bigint,
  options: Partial<JvmOptions> = {},
): JvmReservation {
  const heapBytes = jvmHeap(limitBytes, options).maxBytes;
  const stacks = BigInt(threads) * (options.stackBytes ?? 1n << 20n);
  const nonHeapBytes = (options.codeCacheBytes ?? 240n << 20n) + stacks + (options.maxMetaspaceBytes ?? metaspaceBytes);
  const totalBytes = heapBytes + nonHeapBytes;
  return { heapBytes, nonHeapBytes, totalBytes, exceedsLimit: totalBytes > limitBytes };
}
