import { defineRule } from '../../engine/rule.ts';
import type { Container, PlacedObject } from '../../kubernetes/model.ts';
import { limitRangesIn, podResources } from '../../kubernetes/pod-resources.ts';
import { parseKubernetesQuantity, wholeValue } from '../../quantity/kubernetes.ts';
import { containerMemory } from '../../sizing/cgroup-memory.ts';
import { applyDefaults } from '../../sizing/defaulting.ts';
import { knownItems, knownText, scalarText } from '../../yaml/field.ts';
import { heapFixes, heapMessage, heapSummary, heapsOf, heapTitle, heapWhy, mebibytes } from '../parts/heaps/heaps.ts';

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
    titles: { smaller: heapTitle },
    fix: 'sometimes',
    examples: [{ file: 'web.yaml', bad: manifest('2g'), good: manifest('768m') }],
    options: {},
    sources: [],
  },
  *check(container, { file }) {
    const limit = limitOf(container, file.kubernetes.objects);
    if (limit === 0n) return;
    const variables = knownItems(container.node, 'env').map(
      ({ node }) => [knownText(node, 'name')?.value ?? '', knownText(node, 'value')] as const,
    );
    const words = ['command', 'args'].flatMap((key) =>
      knownItems(container.node, key).flatMap(({ node }) => scalarText(node) ?? []),
    );
    for (const heap of heapsOf(variables, words, limit)) {
      const { runtime, bytes, at } = heap;
      if (bytes < limit) continue;
      yield {
        message: 'heap',
        data: { runtime, heap: mebibytes(bytes), limit: mebibytes(limit) },
        span: at.span,
        fixes: heapFixes(container.workload.object.document, heap),
      };
    }
  },
});

/** `memory.max` of the container, what LimitRanges and the pod itself say in it; zero where it is not known, or unbounded. */
function limitOf(container: Container, objects: readonly PlacedObject[]): bigint {
  const { workload, role } = container;
  const written = podResources(workload);
  if (written === undefined) {
    const parsed = parseKubernetesQuantity(container.limits.get('memory')?.value ?? '');
    return parsed.ok ? wholeValue(parsed.quantity) : 0n;
  }
  const { pod } = applyDefaults(written, limitRangesIn(objects, workload.object));
  const list = role === 'app' ? 'containers' : 'initContainers';
  const index = workload.containers.filter((one) => (one.role === 'app') === (role === 'app')).indexOf(container);
  const resources = pod[list][index];
  return resources === undefined ? 0n : containerMemory(resources, pod.podLevel).maxBytes;
}
