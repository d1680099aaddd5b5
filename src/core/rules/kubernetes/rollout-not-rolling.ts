import { defineRule } from '../../engine/rule.ts';
import { strategyOf } from '../../kubernetes/rollout.ts';
import { patchFix } from '../patch-fix.ts';

const manifest = (type: string) => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 3
  strategy:
    type: ${type}
  template:
    spec:
      containers:
        - name: web
          image: web:1.4
`;

const messages: ReadonlyMap<string, 'recreate' | 'onDelete'> = new Map([
  ['Recreate', 'recreate'],
  ['OnDelete', 'onDelete'],
]);

export default defineRule('kubernetes-object', {
  meta: {
    id: 'kubernetes/rollout-not-rolling',
    rows: ['K615'],
    summary: 'A new version replaces the old one pod by pod.',
    why: '`Recreate` ends all pods before it starts the first new one: every change is an outage, and one that does not start lasts. `OnDelete` changes nothing until somebody deletes the pods. A program whose volume only one pod may write to needs `Recreate`: this is off by default.',
    severity: 'information',
    optional: true,
    topic: 'reliability',
    messages: {
      recreate: '`{type}`: all pods end before the first new one starts',
      other: '`{type}` replaces the pods in its own way, not one after the other',
      onDelete: '`OnDelete`: pods keep the old version until somebody deletes them',
    },
    titles: { rolling: 'Replace the pods one after the other' },
    fix: 'sometimes',
    examples: [{ file: 'web.yaml', bad: manifest('Recreate'), good: manifest('RollingUpdate') }],
    options: {},
    sources: ['kube-linter no-rolling-update-strategy', 'kubescape C-0305'],
  },
  *check(object) {
    const strategy = strategyOf(object);
    if (strategy?.type === undefined || /^Rolling(?:Update)?$/.test(strategy.type.value)) return;
    const rolling = object.kind.value === 'DeploymentConfig' ? 'Rolling' : 'RollingUpdate';
    yield {
      message: messages.get(strategy.type.value) ?? 'other',
      data: { type: strategy.type.value },
      span: strategy.type.span,
      fixes: patchFix(object.document, {
        title: 'rolling',
        safety: 'suggested',
        patches: [{ kind: 'set', path: [...strategy.path, 'type'], value: rolling }],
      }),
    };
  },
});
