import type { ProposedFix } from '../../../engine/rule.ts';
import { optionWords, wordsFrom } from '../../../sizing/runtime.ts';
import { goMemoryLimitBytes, goMemoryLimitMiB } from '../../../sizing/runtime-go.ts';
import { jvmBytes, jvmHeap, jvmOptions, startedJvm } from '../../../sizing/runtime-jvm.ts';
import { nodeHeap, nodeOptions } from '../../../sizing/runtime-node.ts';
import type { Located } from '../../../text/span.ts';
import type { YamlDocument } from '../../../yaml/node.ts';

/** How each runtime is told the size of its heap. */
type Runtime = 'JVM' | 'Node' | 'Go';

/** A heap that a container is told to have, and where it is written. */
export interface Heap {
  readonly runtime: Runtime;
  readonly bytes: bigint;
  readonly at: Located<string>;
  /** The option that says it, a part of the text. */
  readonly option: string;
  /** The same option with what leaves room in the limit. */
  readonly smaller: string;
}

type Variable = readonly [name: string, value: Located<string> | undefined];

const jvmVariables =
  /^(?:JAVA_TOOL_OPTIONS|JDK_JAVA_OPTIONS|_JAVA_OPTIONS|JAVA_OPTS|JVM_OPTS|CATALINA_OPTS|ES_JAVA_OPTS)$/;

const mib = 1n << 20n;

/**
 * The heaps that a container's variables and the words of its command give it, as the runtimes read them, beside a limit in
 * bytes. Those that follow from the limit alone are not told.
 */
export function heapsOf(
  variables: Iterable<Variable>,
  words: readonly Located<string>[],
  limit: bigint,
): readonly Heap[] {
  const all = [...variables];
  const env = new Map(all.flatMap(([name, value]) => (value === undefined ? [] : [[name, value.value] as const])));
  const args = words.flatMap(({ value }) => optionWords(value));
  const textsOf = (isOne: (name: string) => boolean) => [
    ...all.flatMap(([name, value]) => (value !== undefined && isOne(name) ? [value] : [])),
    ...words,
  ];
  const process = { args, env };
  return [
    ...jvmHeaps(
      process,
      textsOf((name) => jvmVariables.test(name)),
      limit,
    ),
    ...nodeHeaps(
      process,
      textsOf((name) => name === 'NODE_OPTIONS'),
      limit,
    ),
    ...all.flatMap(([name, value]) => (name === 'GOMEMLIMIT' && value !== undefined ? goHeap(value, limit) : [])),
  ];
}

interface Process {
  readonly args: readonly string[];
  readonly env: ReadonlyMap<string, string>;
}

function jvmHeaps(process: Process, texts: readonly Located<string>[], limit: bigint): readonly Heap[] {
  const options = jvmOptions(startedJvm(process));
  const { maxHeapBytes, maxRamPercentage } = options;
  const { maxBytes, rule } = jvmHeap(limit, options);
  const isSaid = (word: string): boolean => {
    if (maxHeapBytes !== undefined) return jvmBytes(/^(?:-Xmx|-XX:MaxHeapSize=)(.*)$/.exec(word)?.[1]) === maxHeapBytes;
    const [, percent] = /^-XX:MaxRAMPercentage=(.*)$/.exec(word) ?? [];
    return rule === 'max-ram-percentage' && percent !== undefined && Number(percent) === maxRamPercentage;
  };
  const fitting = (option: string): string => {
    if (maxHeapBytes === undefined) return '-XX:MaxRAMPercentage=75';
    return `${option.startsWith('-Xmx') ? '-Xmx' : '-XX:MaxHeapSize='}${threeQuarters(limit)}m`;
  };
  return heapAt('JVM', maxBytes, texts, isSaid, fitting);
}

function nodeHeaps(process: Process, texts: readonly Located<string>[], limit: bigint): readonly Heap[] {
  const options = nodeOptions({ ...process, args: wordsFrom(process.args, 'node') });
  const heap = nodeHeap(limit, options);
  if (heap === undefined || heap.rule === 'default') return [];
  const name = heap.rule === 'size' ? 'max-old-space-size' : 'max-old-space-size-percentage';
  const said = heap.rule === 'size' ? options.oldSpaceMiB : options.oldSpacePercent;
  const isSaid = (word: string) => {
    const [option = '', value] = word.replaceAll('_', '-').split('=');
    return option === `--${name}` && Number(value) === said;
  };
  // The young generation comes on top of the old space: three times 16 MiB.
  const bytes = BigInt(heap.heapLimitMiB) * mib;
  const fitting = (option: string) => option.replace(/[^=]*$/, heap.rule === 'size' ? `${threeQuarters(limit)}` : '75');
  return heapAt('Node', bytes, texts, isSaid, fitting);
}

function goHeap(value: Located<string>, limit: bigint): readonly Heap[] {
  const bytes = goMemoryLimitBytes(value.value);
  if (bytes === undefined) return [];
  const smaller = `${goMemoryLimitMiB(limit, 10)}MiB`;
  return [{ runtime: 'Go', bytes, at: value, option: value.value, smaller }];
}

/** Of the places that say it, the last one is named. */
function heapAt(
  runtime: Runtime,
  bytes: bigint,
  texts: readonly Located<string>[],
  isSaid: (word: string) => boolean,
  fitting: (option: string) => string,
): readonly Heap[] {
  const at = texts.findLast(({ value }) => optionWords(value).some(isSaid));
  const option = at && optionWords(at.value).findLast(isSaid);
  return at === undefined || option === undefined ? [] : [{ runtime, bytes, at, option, smaller: fitting(option) }];
}

/** In MiB, cut off: the rest of the process needs room, too. A rule of thumb. */
function threeQuarters(limit: bigint): bigint {
  return (limit * 3n) / 4n / mib;
}

/** The edit that writes the smaller option, where the old one stands there letter by letter. */
export function heapFixes({ text }: YamlDocument, { at, option, smaller }: Heap): readonly ProposedFix<'smaller'>[] {
  const inside = text.slice(at.span.start, at.span.end).lastIndexOf(option);
  if (inside < 0 || /\D0(?:m|MiB)?$/.test(smaller)) return [];
  const start = at.span.start + inside;
  const edits = [{ span: { start, end: start + option.length }, newText: smaller }];
  return [{ title: 'smaller', safety: 'suggested', edits, data: { option: smaller } }];
}

/** As the messages write it. */
export function mebibytes(bytes: bigint): string {
  return `${bytes >> 20n} MiB`;
}

/** What the rules about heaps say of one that is as large as its limit. */
export const heapMessage = 'The {runtime} heap may take {heap}, the limit is {limit}: the kernel kills it first';

export const heapTitle = 'Change to {option}, which leaves room for the rest';

export const heapWhy =
  'The runtime grows its heap up to what it is told and does not look at the container’s limit: the kernel kills it before it collects in earnest. Threads, code, buffers and the collector itself come on top of the heap, so that even one that is as large as the limit is too large. What the fix writes, three quarters of the limit (nine tenths for Go), is a rule of thumb.';

export const heapSummary = 'A heap should fit into the memory limit, with room for the rest of the process.';
