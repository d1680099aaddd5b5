import { defineRule } from '../../engine/rule.ts';
import { fieldAt, knownInteger } from '../../yaml/field.ts';
import type { YamlPatch } from '../../yaml/node.ts';
import { patchFix } from '../patch-fix.ts';

const manifest = (min: number, max: number) => `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: web
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: web
  minReplicas: ${min}
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
    titles: { swap: 'Swap the two: {maximum} to {minimum}', raise: 'Write a maximum above {minimum}' },
    fix: 'sometimes',
    examples: [{ file: 'web.yaml', bad: manifest(5, 3), good: manifest(3, 5) }],
    options: {},
    sources: ['polaris hpaMaxAvailability'],
  },
  *check({ kind, root, context, path, document }) {
    const scaled = kind.value === 'ScaledObject';
    if (kind.value !== 'HorizontalPodAutoscaler' && !scaled) return;
    const [least, most] = scaled
      ? (['minReplicaCount', 'maxReplicaCount'] as const)
      : (['minReplicas', 'maxReplicas'] as const);
    const maximum = knownInteger(root, 'spec', most);
    const field = fieldAt(root, 'spec', least);
    const unset = field === undefined && context !== 'patch' && !scaled ? 1 : undefined;
    const written = knownInteger(root, 'spec', least);
    const minimum = written?.value ?? unset;
    if (maximum === undefined || minimum === undefined || maximum.value > minimum) return;
    const below = maximum.value < minimum;
    const set = (key: string, value: number | string): YamlPatch => ({
      kind: 'set',
      path: [...path, 'spec', key],
      value,
    });
    yield {
      message: below ? 'below' : 'equal',
      data: { minimum, maximum: maximum.value },
      severity: below && !scaled ? 'error' : 'warning',
      span: maximum.span,
      fixes: patchFix(
        document,
        below && written !== undefined
          ? { title: 'swap', safety: 'suggested', patches: [set(least, maximum.value), set(most, minimum)] }
          : { title: 'raise', safety: 'manual', patches: [set(most, '<maximum>')] },
      ),
    };
  },
});
