import { optionWords } from '../../../sizing/runtime.ts';
import { goMemoryLimitBytes } from '../../../sizing/runtime-go.ts';
import { jvmBytes } from '../../../sizing/runtime-jvm.ts';
import type { Located } from '../../../text/span.ts';

/** How each runtime is told the size of its heap. */
type Runtime = 'JVM' | 'Node' | 'Go';

/** A heap that a container is told to have, and where it is written. */
export interface Heap {
  readonly runtime: Runtime;
  readonly bytes: bigint;
  readonly at: Located<string>;
}

/** Variables whose words are options; the JVM's own ones and those that start scripts of common images read. */
const jvmVariables = [
  'JAVA_TOOL_OPTIONS',
  'JDK_JAVA_OPTIONS',
  '_JAVA_OPTIONS',
  'JAVA_OPTS',
  'JVM_OPTS',
  'CATALINA_OPTS',
  'ES_JAVA_OPTS',
];

/** The heap sizes that a container's variables and the words of its command give; of one runtime the last word holds. */
export function heapsOf(
  variables: Iterable<readonly [name: string, value: Located<string> | undefined]>,
  words: readonly Located<string>[],
): readonly Heap[] {
  const found = new Map<Runtime, Heap>();
  const add = (runtime: Runtime, word: string, at: Located<string>): void => {
    const bytes = sizeOf(runtime, word);
    if (bytes !== undefined) found.set(runtime, { runtime, bytes, at });
  };
  for (const [name, value] of variables) {
    if (value === undefined) continue;
    if (name === 'GOMEMLIMIT') add('Go', value.value, value);
    const runtime = name === 'NODE_OPTIONS' ? 'Node' : jvmVariables.includes(name) ? 'JVM' : undefined;
    if (runtime !== undefined) for (const word of optionWords(value.value)) add(runtime, word, value);
  }
  for (const text of words) {
    for (const word of optionWords(text.value)) add(/^-Xmx/.test(word) ? 'JVM' : 'Node', word, text);
  }
  return [...found.values()];
}

function sizeOf(runtime: Runtime, word: string): bigint | undefined {
  if (runtime === 'Go') return goMemoryLimitBytes(word);
  if (runtime === 'JVM') return word.startsWith('-Xmx') ? jvmBytes(word.slice(4)) : undefined;
  const size = /^--max[-_]old[-_]space[-_]size=(\d{1,9})$/.exec(word)?.[1];
  return size === undefined ? undefined : BigInt(size) << 20n;
}

/** As the messages write it. */
export function mebibytes(bytes: bigint): string {
  return `${bytes >> 20n} MiB`;
}

/** What the rules about heaps say of one that is as large as its limit. */
export const heapMessage = 'The {runtime} heap may take {heap}, the limit is {limit}: the kernel kills it first';

export const heapWhy =
  'The runtime grows its heap up to what it is told and does not look at the container’s limit: the kernel kills it before it collects in earnest. Threads, code, buffers and the collector itself come on top of the heap, so that even one that is as large as the limit is too large.';

export const heapSummary = 'A heap should fit into the memory limit, with room for the rest of the process.';
