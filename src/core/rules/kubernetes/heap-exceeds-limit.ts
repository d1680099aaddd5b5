import { defineRule } from '../../engine/rule.ts';
import type { Container } from '../../kubernetes/model.ts';
import { parseKubernetesQuantity, wholeValue } from '../../quantity/kubernetes.ts';
import { knownItems, knownText, scalarText } from '../../yaml/field.ts';
import { heapMessage, heapSummary, heapsOf, heapWhy, mebibytes } from '../parts/heaps/heaps.ts';

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
    summary: heapSummary,
    why: heapWhy,
    severity: 'warning',
    topic: 'resources',
    messages: { heap: heapMessage },
    titles: {},
    fix: 'never',
    examples: [{ file: 'web.yaml', bad: manifest('2g'), good: manifest('700m') }],
    options: {},
    sources: [],
  },
  *check(container) {
    const limit = limitOf(container);
    if (limit === undefined) return;
    const variables = knownItems(container.node, 'env').map(
      ({ node }) => [knownText(node, 'name')?.value ?? '', knownText(node, 'value')] as const,
    );
    const words = ['command', 'args'].flatMap((key) =>
      knownItems(container.node, key).flatMap(({ node }) => scalarText(node) ?? []),
    );
    for (const { runtime, bytes, at } of heapsOf(variables, words)) {
      if (bytes < limit) continue;
      yield { message: 'heap', data: { runtime, heap: mebibytes(bytes), limit: mebibytes(limit) }, span: at.span };
    }
  },
});

function limitOf({ limits }: Container): bigint | undefined {
  const parsed = parseKubernetesQuantity(limits.get('memory')?.value ?? '');
  return parsed.ok ? wholeValue(parsed.quantity) : undefined;
}
