import { defineRule } from '../../engine/rule.ts';
import { fieldAt, knownInteger } from '../../yaml/field.ts';
import { patchFix } from '../patch-fix.ts';

const manifest = (rest: string) => `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: web
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: web
  maxReplicas: 9
${rest}`;

export default defineRule('kubernetes-object', {
  meta: {
    id: 'kubernetes/autoscaler-minimum-unset',
    rows: ['K607'],
    summary: 'An autoscaler says how many pods it leaves.',
    why: 'Where no minimum is written it is 1: in quiet hours one pod is left, and an upgrade of its node is an outage. That may be meant; whoever reads the manifest cannot see it. Off by default.',
    severity: 'information',
    optional: true,
    topic: 'reliability',
    messages: { unset: 'No minimum is written: it may be scaled down to one replica' },
    titles: { set: 'Leave {minimum} replicas' },
    fix: 'sometimes',
    examples: [{ file: 'web.yaml', bad: manifest(''), good: manifest('  minReplicas: 2\n') }],
    options: {
      minimum: { type: 'number', default: 2, description: 'The number of replicas that the fix writes.' },
    },
    sources: [
      'kube-linter hpa-minimum-three-replicas',
      'kube-score horizontalpodautoscaler-replicas',
      'datree HPA_MISSING_MINREPLICAS_KEY',
    ],
  },
  *check(object, { options: { minimum } }) {
    if (object.kind.value !== 'HorizontalPodAutoscaler' || object.context === 'patch') return;
    if (fieldAt(object.root, 'spec', 'minReplicas') !== undefined) return;
    const most = knownInteger(object.root, 'spec', 'maxReplicas')?.value;
    yield {
      message: 'unset',
      span: object.name?.span ?? object.kind.span,
      fixes:
        most !== undefined && most < minimum
          ? []
          : patchFix(object.document, {
              title: 'set',
              data: { minimum },
              safety: 'suggested',
              patches: [{ kind: 'set', path: [...object.path, 'spec', 'minReplicas'], value: minimum }],
            }),
    };
  },
});
