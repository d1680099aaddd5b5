import { cacheContainers } from '../../caches/in-kubernetes.ts';
import { defineRule } from '../../engine/rule.ts';
import type { KubernetesFile } from '../../kubernetes/model.ts';
import { knownText } from '../../yaml/field.ts';
import { patchFix } from '../patch-fix.ts';
import { podsOfFile } from './parts/served-pods.ts';

const manifest = (type: string) => `apiVersion: v1
kind: Service
metadata:
  name: cache
spec:
  type: ${type}
  selector:
    app: cache
  ports:
    - port: 6379
---
apiVersion: v1
kind: Pod
metadata:
  name: cache
  labels:
    app: cache
spec:
  containers:
    - name: redis
      image: redis:8
`;

export default defineRule('kubernetes-file', {
  meta: {
    id: 'kubernetes/cache-exposed',
    rows: ['R110'],
    summary: 'A cache server should not be reached from outside the cluster.',
    why: 'Redis and memcached are made for a trusted network: without TLS, passwords and data cross the wire as they are, and neither withstands who can open many connections.',
    severity: 'warning',
    topic: 'network',
    messages: { outside: 'A Service of type {type} opens {name} to whoever reaches the nodes' },
    titles: { inside: 'Keep it in the cluster: `ClusterIP`' },
    fix: 'sometimes',
    examples: [{ file: 'cache.yaml', bad: manifest('LoadBalancer'), good: manifest('ClusterIP') }],
    options: {},
    sources: [],
  },
  *check(file) {
    const { near = [] } = file.neighbours ?? {};
    const everywhere: KubernetesFile = { ...file, objects: [...file.objects, ...near] };
    const caches = new Map(cacheContainers(everywhere).map(({ container }) => [container.workload, container]));
    if (caches.size === 0) return;
    for (const { service, start, own, targets } of podsOfFile(file).services) {
      const type = knownText(service.object.root, 'spec', 'type');
      if (!own || type === undefined || !/^(?:LoadBalancer|NodePort)$/.test(type.value)) continue;
      const { annotations, document, path } = service.object;
      if ([...annotations].some(([key, { value }]) => /internal/i.test(key) || /^internal$/i.test(value))) continue;
      const target = targets.find(({ pods, verdict }) => verdict === 'yes' && caches.has(pods.workload));
      const container = target && caches.get(target.pods.workload);
      if (container === undefined) continue;
      yield {
        message: 'outside',
        data: { type: type.value, name: container.name?.value ?? 'a cache server' },
        span: type.span,
        offset: start,
        fixes: patchFix(document, {
          title: 'inside',
          safety: 'suggested',
          patches: [{ kind: 'set', path: [...path, 'spec', 'type'], value: 'ClusterIP' }],
        }),
      };
    }
  },
});
