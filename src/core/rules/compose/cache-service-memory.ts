import { cacheService } from '../../caches/in-compose.ts';
import type { ComposeService } from '../../compose/model.ts';
import { defineRule } from '../../engine/rule.ts';
import { parseRamInBytes } from '../../quantity/compose.ts';
import { editsOf } from '../parts/caches/compose-edits.ts';
import { memoryFindings, memoryMessages, memoryTitles } from '../parts/caches/memory.ts';

export default defineRule('compose-service', {
  meta: {
    id: 'compose/cache-service-memory',
    rows: ['R101', 'R102', 'R103', 'R112'],
    summary: 'A cache server should keep less data than its memory limit.',
    why: 'Redis has no bound of its own: it grows until the kernel kills it at the container’s limit, and everything in it is gone. Below the limit it needs room for fragmentation, client buffers and, while it saves, copies of what is written. memcached counts only its items. The suggested figures (three quarters, or half where Redis saves) are a rule of thumb.',
    severity: 'warning',
    topic: 'resources',
    messages: memoryMessages,
    titles: memoryTitles,
    fix: 'sometimes',
    examples: [
      {
        file: 'compose.yaml',
        bad: 'services:\n  cache:\n    image: redis:8\n    command: redis-server --maxmemory-policy allkeys-lru\n    mem_limit: 256m\n',
        good: 'services:\n  cache:\n    image: redis:8\n    command: redis-server --maxmemory-policy allkeys-lru --maxmemory 192mb\n    mem_limit: 256m\n',
      },
    ],
    options: {},
    sources: [],
  },
  *check(service) {
    const server = cacheService(service);
    if (server === undefined) return;
    const edits = editsOf<keyof typeof memoryTitles>(service, server);
    const name = service.name.value;
    yield* memoryFindings({ server, limit: limitOf(service), name, label: service.name.span, edits });
  },
});

function limitOf({ resources }: ComposeService): bigint | undefined {
  const parsed = parseRamInBytes((resources.deployLimits.memory ?? resources.memoryLimit)?.value ?? '');
  return parsed.ok && parsed.bytes > 0n ? parsed.bytes : undefined;
}
