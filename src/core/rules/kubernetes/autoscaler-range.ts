import { defineRule } from '../../engine/rule.ts';
import { fieldAt, knownInteger } from '../../yaml/field.ts';

const manifest = (max: number) => `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: web
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: web
  minReplicas: 3
  maxReplicas: ${max}
`;

export default defineRule('kubernetes-object', {
  meta: {
    id: 'kubernetes/autoscaler-range',
    rows: ['K607'],
    summary: "An autoscaler's maximum should be above its minimum.",
    why: 'Where both are equal the autoscaler never scales, and says so nowhere but in its status. A maximum below the minimum is refused.',
    severity: 'warning',
    topic: 'reliability',
    messages: {
      below: '{maximum} is less than the minimum, {minimum}: the API server refuses it',
      equal: 'Minimum and maximum are both {minimum}: nothing is ever scaled',
    },
    titles: {},
    fix: 'never',
    examples: [{ file: 'web.yaml', bad: manifest(3), good: manifest(9) }],
    options: {},
    sources: ['polaris hpaMaxAvailability'],
  },
  *check({ kind, root, context }) {
    const scaled = kind.value === 'ScaledObject';
    if (kind.value !== 'HorizontalPodAutoscaler' && !scaled) return;
    const [least, most] = scaled ? ['minReplicaCount', 'maxReplicaCount'] : ['minReplicas', 'maxReplicas'];
    const maximum = knownInteger(root, 'spec', most ?? '');
    const field = fieldAt(root, 'spec', least ?? '');
    const unset = field === undefined && context !== 'patch' && !scaled ? 1 : undefined;
    const minimum = knownInteger(root, 'spec', least ?? '')?.value ?? unset;
    if (maximum === undefined || minimum === undefined || maximum.value > minimum) return;
    const below = maximum.value < minimum;
    yield {
      message: below ? 'below' : 'equal',
      data: { minimum, maximum: maximum.value },
      severity: below && !scaled ? 'error' : 'warning',
      span: maximum.span,
    };
  },
});
