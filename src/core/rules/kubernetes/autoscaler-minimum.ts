import { defineRule } from '../../engine/rule.ts';
import { knownInteger } from '../../yaml/field.ts';
import { patchFix } from '../patch-fix.ts';

const manifest = (min: number) => `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: web
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: web
  minReplicas: ${min}
  maxReplicas: 9
`;

export default defineRule('kubernetes-object', {
  meta: {
    id: 'kubernetes/autoscaler-minimum',
    rows: ['K607'],
    summary: 'An autoscaler leaves more than one pod of what has to be there always.',
    why: 'In quiet hours the autoscaler goes down to its minimum. Where that is 1, an upgrade of the node that the pod is on is an outage. Off by default: not everything has to be there always.',
    severity: 'information',
    optional: true,
    topic: 'reliability',
    messages: { few: 'May be scaled down to {replicas}: the settings ask for {minimum} at least' },
    titles: { set: 'Leave {minimum} replicas' },
    fix: 'sometimes',
    examples: [{ file: 'web.yaml', bad: manifest(1), good: manifest(2) }],
    options: {
      minimum: { type: 'number', default: 2, description: 'The least number of replicas that an autoscaler leaves.' },
    },
    sources: [
      'kube-linter hpa-minimum-three-replicas',
      'kube-score horizontalpodautoscaler-replicas',
      'polaris hpaMinAvailability',
    ],
  },
  *check(object, { options: { minimum } }) {
    if (object.kind.value !== 'HorizontalPodAutoscaler' || object.context === 'patch') return;
    const written = knownInteger(object.root, 'spec', 'minReplicas');
    if (written === undefined || written.value >= minimum) return;
    const most = knownInteger(object.root, 'spec', 'maxReplicas')?.value;
    yield {
      message: 'few',
      data: { replicas: written.value, minimum },
      span: written.span,
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
