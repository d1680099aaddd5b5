import { defineRule } from '../../engine/rule.ts';
import { knownText } from '../../yaml/field.ts';
import { keptWorkload, oneAtATime } from './parts/disruption-budgets.ts';

const manifest = (field: string) => `apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: web
spec:
  ${field}
  unhealthyPodEvictionPolicy: AlwaysAllow
  selector:
    matchLabels:
      app: web
`;

export default defineRule('kubernetes-file', {
  meta: {
    id: 'kubernetes/disruption-budget',
    rows: ['K611'],
    summary: 'A disruption budget should let at least one pod be evicted.',
    why: 'A PodDisruptionBudget that allows no disruption makes every drain of a node wait for ever: upgrades of the cluster stop at that node until somebody deletes the pod by hand.',
    severity: 'warning',
    topic: 'reliability',
    messages: {
      none: 'No pod may ever be evicted: draining a node waits for ever',
      replicas: 'Of {replicas} pods of {workload} `minAvailable` lets none go: draining a node waits for ever',
      minimum: '`minAvailable` lets no pod go when {workload} is scaled down to {replicas}',
    },
    titles: { one: 'Allow one at a time: `maxUnavailable: 1`' },
    fix: 'sometimes',
    examples: [{ file: 'budget.yaml', bad: manifest('maxUnavailable: 0'), good: manifest('maxUnavailable: 1') }],
    options: {},
    sources: [
      'kube-linter pdb-max-unavailable',
      'kube-linter pdb-min-available',
      'polaris pdbDisruptionsIsZero',
      'kyverno require-reasonable-pdbs',
      'kyverno pdb-minavailable',
      'kyverno pdb-maxunavailable',
      'kyverno deployment-replicas-higher-than-pdb',
    ],
  },
  *check(file) {
    for (const { object, start } of file.objects) {
      if (object.kind.value !== 'PodDisruptionBudget' || object.context === 'patch') continue;
      const most = knownText(object.root, 'spec', 'maxUnavailable');
      const least = knownText(object.root, 'spec', 'minAvailable');
      if (most !== undefined && /^0+%?$/.test(most.value)) {
        yield { message: 'none', span: most.span, offset: start, fixes: oneAtATime(object) };
        continue;
      }
      if (least === undefined) continue;
      if (/^\d+%$/.test(least.value) && Number.parseInt(least.value, 10) >= 100) {
        yield { message: 'none', span: least.span, offset: start, fixes: oneAtATime(object) };
        continue;
      }
      const kept = keptWorkload(file, object, least);
      // More than the written minimum is another rule's.
      if (kept === undefined || (kept.by === 'minimum' && kept.pods > kept.replicas)) continue;
      const { by, replicas, workload } = kept;
      const message = by === 'workload' ? 'replicas' : 'minimum';
      const data = { replicas, workload };
      yield { message, data, span: least.span, offset: start, fixes: oneAtATime(object) };
    }
  },
});
