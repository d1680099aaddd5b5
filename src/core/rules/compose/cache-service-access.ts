import { cacheService } from '../../caches/in-compose.ts';
import type { ComposeService } from '../../compose/model.ts';
import { defineRule } from '../../engine/rule.ts';
import { accessFindings, accessMessages, accessWhy } from '../parts/caches/access.ts';

const compose = (password: string) => `services:
  cache:
    image: redis:8
    command: redis-server --requirepass ${password}
`;

export default defineRule('compose-service', {
  meta: {
    id: 'compose/cache-service-access',
    rows: ['R105', 'R106', 'R107', 'R110'],
    summary: 'A Redis that others can reach should ask for a password that is not in the file.',
    why: accessWhy,
    severity: 'warning',
    topic: 'security',
    messages: accessMessages,
    titles: {},
    fix: 'never',
    examples: [{ file: 'compose.yaml', bad: compose('hunter2'), good: compose('${REDIS_PASSWORD}') }],
    options: {},
    sources: [],
  },
  *check(service) {
    const server = cacheService(service);
    if (server === undefined) return;
    yield* accessFindings({
      server,
      name: service.name.value,
      label: service.name.span,
      reach: published(service)
        ? { words: 'its port is open on every address of the host', severity: 'warning' }
        : undefined,
      isReference: (value) => value.includes('$'),
    });
  },
});

/** A port that is published on more than the machine itself. */
function published({ ports }: ComposeService): boolean {
  return ports.some(({ published: port, hostAddress, interpolated, target }) => {
    if (interpolated || (port === undefined && target === undefined)) return false;
    return (
      port !== undefined && (hostAddress === undefined || !/^(?:127\.|\[?::1\]?$|localhost$)/.test(hostAddress.value))
    );
  });
}
