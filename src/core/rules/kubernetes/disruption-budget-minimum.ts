import { defineRule } from '../../engine/rule.ts';
import { knownText } from '../../yaml/field.ts';
import { keptWorkload, oneAtATime } from './parts/disruption-budgets.ts';

const manifest = (field: string) => `apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: web
spec:
  ${field}
  selector:
    matchLabels:
      app: web
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
        - name: web
          image: web:1.4
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: web
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: web
  minReplicas: 2
  maxReplicas: 9
`;

export default defineRule('kubernetes-file', {
  meta: {
    id: 'kubernetes/disruption-budget-minimum',
    rows: ['K611'],
    summary: 'A disruption budget should not keep more pods than the autoscaler leaves.',
    why: 'When load is low the autoscaler goes down to its minimum. A budget that keeps more than that allows no disruption then: a node is never drained in quiet hours, when upgrades are done.',
    severity: 'warning',
    topic: 'reliability',
    messages: {
      more: '`minAvailable` is more than the {replicas} to which {workload} may be scaled down',
    },
    titles: { one: 'Allow one at a time: `maxUnavailable: 1`' },
    fix: 'sometimes',
    examples: [{ file: 'budget.yaml', bad: manifest('minAvailable: 3'), good: manifest('maxUnavailable: 1') }],
    options: {},
    sources: ['polaris pdbMinAvailableGreaterThanHPAMinReplicas'],
  },
  *check(file) {
    for (const { object, start } of file.objects) {
      if (object.kind.value !== 'PodDisruptionBudget' || object.context === 'patch') continue;
      const least = knownText(object.root, 'spec', 'minAvailable');
      const kept = least && keptWorkload(file, object, least);
      if (least === undefined || kept?.by !== 'minimum' || kept.pods <= kept.replicas) continue;
      const { replicas, workload } = kept;
      yield {
        message: 'more',
        data: { replicas, workload },
        span: least.span,
        offset: start,
        fixes: oneAtATime(object),
      };
    }
  },
});
