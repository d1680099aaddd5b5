import { defineRule } from '../../engine/rule.ts';
import { fieldAt } from '../../yaml/field.ts';
import { patchFix } from '../patch-fix.ts';

const manifest = (policy: string) => `apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: web
spec:
  maxUnavailable: 1
  selector:
    matchLabels:
      app: web
${policy}`;

export default defineRule('kubernetes-object', {
  meta: {
    id: 'kubernetes/unhealthy-pod-eviction',
    rows: ['K612'],
    summary: 'A disruption budget should not protect pods that do not work anyway.',
    why: 'By default (`IfHealthyBudget`) a pod that is running but not ready can only be evicted while the budget is met: where all pods of an application crash, no node that holds one can be drained. `AlwaysAllow` lets them go. Off by default: an application that must not lose a pod while it recovers needs the other.',
    severity: 'information',
    optional: true,
    topic: 'reliability',
    messages: { blocked: 'Pods that are not ready hold up the draining of their node' },
    titles: { allow: 'Set unhealthyPodEvictionPolicy: AlwaysAllow' },
    fix: 'sometimes',
    examples: [
      { file: 'budget.yaml', bad: manifest(''), good: manifest('  unhealthyPodEvictionPolicy: AlwaysAllow\n') },
    ],
    options: {},
    sources: ['kube-linter pdb-unhealthy-pod-eviction-policy'],
  },
  *check({ kind, root, path, document, context, name, apiVersion }) {
    if (kind.value !== 'PodDisruptionBudget' || context === 'patch' || apiVersion.value === 'policy/v1beta1') return;
    // Who writes the default has weighed it.
    if (fieldAt(root, 'spec', 'unhealthyPodEvictionPolicy') !== undefined) return;
    yield {
      message: 'blocked',
      span: name?.span ?? kind.span,
      fixes: patchFix(document, {
        title: 'allow',
        safety: 'suggested',
        patches: [{ kind: 'set', path: [...path, 'spec', 'unhealthyPodEvictionPolicy'], value: 'AlwaysAllow' }],
      }),
    };
  },
});
