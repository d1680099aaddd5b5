import { cacheContainers } from '../../caches/in-kubernetes.ts';
import { defineRule } from '../../engine/rule.ts';
import { fieldAt, knownText } from '../../yaml/field.ts';
import { asMapping } from '../../yaml/read.ts';
import { patchFix } from '../patch-fix.ts';

const manifest = (probe: string) => `apiVersion: v1
kind: Pod
metadata:
  name: cache
spec:
  containers:
    - name: redis
      image: redis:8
      readinessProbe:
${probe}`;

export default defineRule('kubernetes-file', {
  meta: {
    id: 'kubernetes/cache-container-probe',
    rows: ['R111'],
    summary: 'A cache server should be probed in its own protocol.',
    why: 'Neither Redis nor memcached answers HTTP: such a probe always fails, and Redis takes the request for an attack and closes the connection. `redis-cli ping` also fails while the data is still being loaded, which an open port does not tell.',
    severity: 'warning',
    topic: 'reliability',
    messages: { http: '{name} does not answer HTTP: this probe always fails' },
    titles: { ping: 'Ask `redis-cli ping`', tcp: 'Try the port' },
    fix: 'sometimes',
    examples: [
      {
        file: 'cache.yaml',
        bad: manifest('        httpGet:\n          path: /\n          port: 6379\n'),
        good: manifest('        exec:\n          command:\n            - redis-cli\n            - ping\n'),
      },
    ],
    options: {},
    sources: [],
  },
  *check(file) {
    for (const { container, server, start } of cacheContainers(file)) {
      for (const probe of ['readinessProbe', 'livenessProbe', 'startupProbe']) {
        const field = fieldAt(container.node, probe, 'httpGet');
        const get = field === undefined || field === 'unknown' ? undefined : asMapping(field);
        const port = knownText(get, 'port')?.value;
        if (get === undefined || port === undefined || !isOwn(server.program, port, container.ports)) continue;
        const path = [...container.path, probe];
        const asks = ['requirepass', 'aclfile', 'user'].some((key) => server.settings.has(key)) || server.open;
        const ping = server.program === 'redis' && !asks;
        yield {
          message: 'http',
          data: { name: server.program === 'redis' ? 'Redis' : 'memcached' },
          span: get.pairs[0]?.span ?? get.span,
          offset: start,
          fixes: patchFix(container.workload.object.document, {
            title: ping ? 'ping' : 'tcp',
            safety: 'suggested',
            patches: [
              { kind: 'remove', path: [...path, 'httpGet'] },
              ping
                ? { kind: 'set', path: [...path, 'exec'], value: { command: ['redis-cli', 'ping'] } }
                : {
                    kind: 'set',
                    path: [...path, 'tcpSocket'],
                    value: { port: /^\d+$/.test(port) ? Number(port) : port },
                  },
            ],
          }),
        };
      }
    }
  },
});

/** The server's own port, by number or name; a metrics port of the same container does answer HTTP. */
function isOwn(
  program: 'redis' | 'memcached',
  port: string,
  ports: readonly {
    readonly name: { readonly value: string } | undefined;
    readonly number: { readonly value: number } | undefined;
  }[],
): boolean {
  const standard = program === 'redis' ? 6379 : 11211;
  const named = ports.find(({ name }) => name?.value === port)?.number?.value;
  return port === String(standard) || named === standard;
}
