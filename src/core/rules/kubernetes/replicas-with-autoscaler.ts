import { defineRule } from '../../engine/rule.ts';
import type { NeighbourObject, PlacedObject } from '../../kubernetes/model.ts';
import { sameNamespace, workloadsOf } from '../../kubernetes/service.ts';
import { knownText } from '../../yaml/field.ts';
import { patchFix } from '../patch-fix.ts';

const manifest = (replicas: string) => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
${replicas}  selector:
    matchLabels:
      app: web
  template:
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
  maxReplicas: 5
`;

export default defineRule('kubernetes-file', {
  meta: {
    id: 'kubernetes/replicas-with-autoscaler',
    rows: ['K608'],
    summary: 'What an autoscaler scales should not set `replicas`.',
    why: 'Each time the manifest is applied, its `replicas` overwrite what the autoscaler has chosen: under load, pods are stopped that it has to start again. Before taking the field out of what already runs, see that its last value does not fall back to 1.',
    severity: 'warning',
    topic: 'reliability',
    messages: {
      both: '`replicas` is set again at each apply, although `{scaler}` scales this',
      scaler: 'The autoscaler is here',
    },
    titles: { remove: 'Leave the replicas to the autoscaler' },
    fix: 'always',
    examples: [{ file: 'web.yaml', bad: manifest('  replicas: 3\n'), good: manifest('') }],
    options: {},
    sources: [
      'kube-score deployment-targeted-by-hpa-does-not-have-replicas-configured',
      'kics hpa_targeted_deployments_with_configured_replica_count',
    ],
  },
  *check(file) {
    const scalers = [...file.objects, ...(file.neighbours?.near ?? [])].filter(
      ({ object }) => object.kind.value === 'HorizontalPodAutoscaler',
    );
    if (scalers.length === 0) return;
    for (const { workload, start } of workloadsOf(file)) {
      const { replicas, object } = workload;
      if (replicas === undefined || object.context === 'patch') continue;
      const scaler = scalers.find((placed) => scales(placed, object));
      if (scaler === undefined) continue;
      const fixes = patchFix(object.document, {
        title: 'remove',
        safety: 'suggested',
        patches: [{ kind: 'remove', path: [...object.path, 'spec', 'replicas'] }],
      });
      if (fixes.length === 0) continue;
      yield {
        message: 'both',
        data: { scaler: scaler.object.name?.value ?? 'an autoscaler' },
        span: replicas.span,
        offset: start,
        fixes,
        related: [{ message: 'scaler', span: scaler.object.name?.span ?? scaler.object.kind.span, neighbour: scaler }],
      };
    }
  },
});

function scales({ object: scaler }: PlacedObject | NeighbourObject, object: PlacedObject['object']): boolean {
  const target = (key: string) => knownText(scaler.root, 'spec', 'scaleTargetRef', key)?.value;
  if (target('kind') !== object.kind.value || target('name') !== object.name?.value) return false;
  return sameNamespace(scaler, object) === 'yes';
}
