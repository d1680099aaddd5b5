import { type CacheContainer, cacheContainers } from '../../caches/in-kubernetes.ts';
import { defineRule } from '../../engine/rule.ts';
import type { Severity } from '../../engine/settings.ts';
import type { KubernetesFile } from '../../kubernetes/model.ts';
import { fieldAt } from '../../yaml/field.ts';
import { accessFindings, accessMessages, accessWhy } from '../parts/caches/access.ts';
import { podsOfFile } from './parts/served-pods.ts';

const manifest = (args: string) => `apiVersion: v1
kind: Pod
metadata:
  name: cache
spec:
  containers:
    - name: redis
      image: redis:8
      args: ["--requirepass", ${args}]
      env:
        - name: REDIS_PASSWORD
          valueFrom:
            secretKeyRef:
              name: redis
              key: password
`;

export default defineRule('kubernetes-file', {
  meta: {
    id: 'kubernetes/cache-container-access',
    rows: ['R105', 'R106', 'R107'],
    summary: 'A Redis that others can reach should ask for a password, and the password should be in a Secret.',
    why: accessWhy,
    severity: 'warning',
    topic: 'security',
    messages: accessMessages,
    titles: {},
    fix: 'never',
    examples: [{ file: 'cache.yaml', bad: manifest('hunter2'), good: manifest('$(REDIS_PASSWORD)') }],
    options: {},
    sources: [],
  },
  *check(file) {
    for (const cache of cacheContainers(file)) {
      const { container, server, start } = cache;
      const of = {
        server,
        name: container.name?.value ?? 'the server',
        label: container.label,
        reach: reachOf(file, cache),
        isReference: (value: string) => /\$\(\w+\)|\$\{?\w+/.test(value),
      };
      for (const finding of accessFindings(of)) yield { ...finding, offset: start };
    }
  },
});

/** The widest way to the pods that the manifests show. */
function reachOf(file: KubernetesFile, { container }: CacheContainer) {
  const { workload } = container;
  const node: { readonly words: string; readonly severity: Severity } = {
    words: 'every machine that reaches the node reaches it',
    severity: 'warning',
  };
  if (fieldAt(workload.spec, 'hostNetwork') !== undefined) return node;
  const services = podsOfFile(file).services.filter(({ targets }) =>
    targets.some(({ pods, verdict }) => verdict === 'yes' && pods.workload === workload),
  );
  const outside = services.find(({ service }) => service.type === 'LoadBalancer' || service.type === 'NodePort');
  if (outside !== undefined)
    return { words: `its Service is of type ${outside.service.type}`, severity: 'warning' as const };
  if (services.length > 0)
    return { words: 'every pod of the cluster reaches its Service', severity: 'information' as const };
  return undefined;
}
