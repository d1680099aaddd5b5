import { defaultPeriodMicros, milliCpuToQuota } from './cgroup-cpu.ts';

/** How a process is started, as far as the files tell: its words, and its environment. */
export interface RuntimeProcess {
  readonly args: readonly string[];
  readonly env: ReadonlyMap<string, string>;
}

/** The CPU time of a container's cgroup. */
export interface CpuQuota {
  /** Undefined, zero or less: no limit. */
  readonly quotaMicros: bigint | undefined;
  readonly periodMicros: bigint;
}

export const noQuota: CpuQuota = { quotaMicros: undefined, periodMicros: defaultPeriodMicros };

/** The quota that the kubelet writes for a limit in thousandths ({@link milliCpuToQuota}); undefined is no limit. */
export function quotaOfLimit(limitMilli: bigint | undefined): CpuQuota {
  return limitMilli === undefined ? noQuota : { ...noQuota, quotaMicros: milliCpuToQuota(limitMilli) };
}

/** ⌈quota ÷ period⌉, one at least, as the JVM, .NET and Go count them; undefined where there is no limit. */
export function wholeCpus({ quotaMicros, periodMicros }: CpuQuota): number | undefined {
  if (quotaMicros === undefined || quotaMicros <= 0n) return undefined;
  return Number((quotaMicros + periodMicros - 1n) / periodMicros);
}

/** ⌊amount × percent ÷ 100⌋ in 64-bit floats, as the runtimes compute it; exact below 2⁵³. */
export function percentOf(amount: bigint, percent: number): bigint {
  return BigInt(Math.trunc((Number(amount) * percent) / 100));
}

/** The words of an options variable such as `JAVA_TOOL_OPTIONS`: split at blanks, quotes around a word taken off. */
export function optionWords(text: string | undefined): readonly string[] {
  const words = text?.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? [];
  return words.map((word) => word.replaceAll(/"([^"]*)"|'([^']*)'/g, '$1$2'));
}

/**
 * The value of the last of `names` among the words, written `name=value` or, where `spaced`, `name value`. Undefined where
 * it is not there.
 */
export function lastOption(words: readonly string[], names: readonly string[], spaced = false): string | undefined {
  let found: string | undefined;
  words.forEach((word, index) => {
    const equals = word.indexOf('=');
    if (equals > 0 && names.includes(word.slice(0, equals))) found = word.slice(equals + 1);
    else if (spaced && names.includes(word)) found = words[index + 1] ?? found;
  });
  return found;
}

/**
 * The words before the class, jar or script: what a runtime takes for its own options. The first word may name the program;
 * `valued` are options whose value is the next word.
 */
export function leadingOptions(words: readonly string[], valued: readonly string[]): readonly string[] {
  let index = words[0]?.startsWith('-') === false ? 1 : 0;
  for (let word = words[index]; word?.startsWith('-') || word?.startsWith('@'); word = words[index]) {
    index += valued.includes(word) ? 2 : 1;
  }
  return words.slice(0, index);
}

/** The words from the program on: what stands before it starts it. All, where it is not among them. */
export function wordsFrom(words: readonly string[], program: string): readonly string[] {
  const at = words.findIndex((word) => word.slice(word.lastIndexOf('/') + 1) === program);
  return at < 0 ? words : words.slice(at);
}

/** The whole number that a value spells; undefined where it spells none. */
export function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** The smaller one. */
export function lesser(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
