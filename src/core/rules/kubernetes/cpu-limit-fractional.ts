import { defineRule } from '../../engine/rule.ts';
import { resourceField, resourcePath } from '../../kubernetes/container.ts';
import { nanoPerUnit, parseKubernetesQuantity } from '../../quantity/kubernetes.ts';
import { patchFix } from '../patch-fix.ts';

const pod = (cpu: string) => `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: web:1.4
      resources:
        limits:
          cpu: ${cpu}
          memory: 128Mi
`;

export default defineRule('container', {
  meta: {
    id: 'kubernetes/cpu-limit-fractional',
    rows: ['K107'],
    summary: 'A CPU limit should not be below one CPU.',
    why: 'With a limit of 250m a container that needs 30 ms of CPU for a request runs 25 ms and then waits for the next tenth of a second, on an idle node too. Whoever finds a limit that small right leaves this rule off.',
    severity: 'information',
    optional: true,
    topic: 'resources',
    messages: { low: 'With a CPU limit of {value} even one thread has to wait within each tenth of a second' },
    titles: { one: 'Limit it to one CPU' },
    fix: 'always',
    examples: [{ file: 'pod.yaml', bad: pod('250m'), good: pod('"1"') }],
    options: {},
    sources: ['semgrep no-fractional-cpu-limits'],
  },
  *check(container) {
    const limit = resourceField(container, 'limits', 'cpu');
    if (limit === undefined || limit === 'unknown') return;
    const parsed = parseKubernetesQuantity(limit.value);
    if (!parsed.ok || parsed.quantity.nano <= 0n || parsed.quantity.nano >= nanoPerUnit) return;
    const patches = [{ kind: 'set', path: resourcePath(container, 'limits', 'cpu'), value: '1' }] as const;
    yield {
      message: 'low',
      data: { value: limit.value },
      span: limit.span,
      fixes: patchFix(container.workload.object.document, { title: 'one', safety: 'suggested', patches }),
    };
  },
});
