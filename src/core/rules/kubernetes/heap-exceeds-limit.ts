import { defineRule } from '../../engine/rule.ts';
import type { Container } from '../../kubernetes/model.ts';
import { parseKubernetesQuantity, wholeValue } from '../../quantity/kubernetes.ts';
import { optionWords } from '../../sizing/runtime.ts';
import { goMemoryLimitBytes } from '../../sizing/runtime-go.ts';
import { jvmBytes } from '../../sizing/runtime-jvm.ts';
import type { Located } from '../../text/span.ts';
import { knownItems, knownText, scalarText } from '../../yaml/field.ts';

/** How each runtime is told the size of its heap. */
type Runtime = 'JVM' | 'Node' | 'Go';

interface Heap {
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

const manifest = (size: string) => `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: web:1.4
      env:
        - name: JAVA_TOOL_OPTIONS
          value: -Xmx${size}
      resources:
        limits:
          memory: 1Gi
`;

export default defineRule('container', {
  meta: {
    id: 'kubernetes/heap-exceeds-limit',
    rows: ['K114'],
    summary: 'A heap should fit into the memory limit, with room for the rest of the process.',
    why: 'The runtime grows its heap up to what it is told and does not look at the container’s limit: the kernel kills it before it collects in earnest. Threads, code, buffers and the collector itself come on top of the heap, so that even one that is as large as the limit is too large.',
    severity: 'warning',
    topic: 'resources',
    messages: {
      heap: 'The {runtime} heap may take {heap}, the limit is {limit}: the kernel kills it first',
    },
    titles: {},
    fix: 'never',
    examples: [{ file: 'web.yaml', bad: manifest('2g'), good: manifest('700m') }],
    options: {},
    sources: [],
  },
  *check(container) {
    const limit = limitOf(container);
    if (limit === undefined) return;
    for (const { runtime, bytes, at } of heapsOf(container)) {
      if (bytes < limit) continue;
      yield { message: 'heap', data: { runtime, heap: mebibytes(bytes), limit: mebibytes(limit) }, span: at.span };
    }
  },
});

function limitOf({ limits }: Container): bigint | undefined {
  const parsed = parseKubernetesQuantity(limits.get('memory')?.value ?? '');
  return parsed.ok ? wholeValue(parsed.quantity) : undefined;
}

function mebibytes(bytes: bigint): string {
  return `${bytes >> 20n} MiB`;
}

/** The heap sizes that a container's variables and words give; of one runtime the last word holds. */
function heapsOf({ node }: Container): readonly Heap[] {
  const found = new Map<Runtime, Heap>();
  const add = (runtime: Runtime, word: string, at: Located<string>): void => {
    const bytes = sizeOf(runtime, word);
    if (bytes !== undefined) found.set(runtime, { runtime, bytes, at });
  };
  for (const { node: variable } of knownItems(node, 'env')) {
    const name = knownText(variable, 'name')?.value ?? '';
    const value = knownText(variable, 'value');
    if (value === undefined) continue;
    if (name === 'GOMEMLIMIT') add('Go', value.value, value);
    const runtime = name === 'NODE_OPTIONS' ? 'Node' : jvmVariables.includes(name) ? 'JVM' : undefined;
    if (runtime !== undefined) for (const word of optionWords(value.value)) add(runtime, word, value);
  }
  for (const key of ['command', 'args']) {
    for (const { node: item } of knownItems(node, key)) {
      const text = scalarText(item);
      for (const word of optionWords(text?.value)) {
        if (text !== undefined) add(/^-Xmx/.test(word) ? 'JVM' : 'Node', word, text);
      }
    }
  }
  return [...found.values()];
}

function sizeOf(runtime: Runtime, word: string): bigint | undefined {
  if (runtime === 'Go') return goMemoryLimitBytes(word);
  if (runtime === 'JVM') return word.startsWith('-Xmx') ? jvmBytes(word.slice(4)) : undefined;
  const size = /^--max[-_]old[-_]space[-_]size=(\d{1,9})$/.exec(word)?.[1];
  return size === undefined ? undefined : BigInt(size) << 20n;
}
