import { cacheContainers } from '../../caches/in-kubernetes.ts';
import { defineRule } from '../../engine/rule.ts';
import type { Container } from '../../kubernetes/model.ts';
import { parseKubernetesQuantity, wholeValue } from '../../quantity/kubernetes.ts';
import { editsOf } from '../parts/caches/kubernetes-edits.ts';
import { memoryFindings, memoryMessages, memoryTitles } from '../parts/caches/memory.ts';

const manifest = (args: string) => `apiVersion: v1
kind: Pod
metadata:
  name: cache
spec:
  containers:
    - name: redis
      image: redis:8
      args: ["--maxmemory-policy", allkeys-lru${args}]
      resources:
        limits:
          memory: 256Mi
`;

export default defineRule('kubernetes-file', {
  meta: {
    id: 'kubernetes/cache-container-memory',
    rows: ['R101', 'R102', 'R103', 'R112'],
    summary: 'A cache server should keep less data than its memory limit.',
    why: 'Redis has no bound of its own: it grows until the kernel kills it at the container’s limit, and everything in it is gone. Below the limit it needs room for fragmentation, client buffers and, while it saves, copies of what is written. memcached counts only its items. The suggested figures (three quarters, or half where Redis saves) are a rule of thumb.',
    severity: 'warning',
    topic: 'resources',
    messages: memoryMessages,
    titles: memoryTitles,
    fix: 'sometimes',
    examples: [{ file: 'cache.yaml', bad: manifest(''), good: manifest(', "--maxmemory", 192mb') }],
    options: {},
    sources: [],
  },
  *check(file) {
    for (const cache of cacheContainers(file)) {
      const { container, server, start } = cache;
      const name = container.name?.value ?? server.program;
      const of = {
        server,
        limit: limitOf(container),
        name,
        label: container.label,
        edits: editsOf<keyof typeof memoryTitles>(cache),
      };
      for (const finding of memoryFindings(of)) yield { ...finding, offset: start };
    }
  },
});

function limitOf({ limits }: Container): bigint | undefined {
  const parsed = parseKubernetesQuantity(limits.get('memory')?.value ?? '');
  return parsed.ok ? wholeValue(parsed.quantity) : undefined;
}
