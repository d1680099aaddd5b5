import { defineRule } from '../../engine/rule.ts';
import type { KubernetesObject } from '../../kubernetes/model.ts';
import { type RolloutStrategy, strategyOf } from '../../kubernetes/rollout.ts';
import type { Located } from '../../text/span.ts';
import { fieldAt, knownText, mayHide } from '../../yaml/field.ts';
import { asScalar, entry } from '../../yaml/read.ts';
import { patchFix } from '../patch-fix.ts';

const manifest = (rest: string) => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  strategy:
    type: Recreate
${rest}  template:
    spec:
      containers:
        - name: web
          image: web:1.4
`;

export default defineRule('kubernetes-object', {
  meta: {
    id: 'kubernetes/rollout-refused',
    rows: ['K615'],
    summary: 'The numbers of a rolling update fit its kind, and there are none where nothing rolls.',
    why: 'A rollout that may neither start a pod more nor do with one less could never begin. A DaemonSet takes one of both: a pod more on each node, or one less. `rollingUpdate` beside `Recreate` contradicts it. The API server refuses all of these.',
    severity: 'error',
    topic: 'correctness',
    messages: {
      contrary: '`rollingUpdate` is refused beside `type: {type}`',
      stuck: 'With `maxSurge` and `maxUnavailable` both 0 no pod could ever be replaced',
      both: 'A DaemonSet with `maxSurge` needs `maxUnavailable: 0`: it is {unavailable}',
      text: '`{value}` is no whole number and no percentage',
      much: 'More than all pods cannot be unavailable: at most 100%',
    },
    titles: {
      remove: 'Remove rollingUpdate',
      rolling: 'Set type: RollingUpdate',
      unavailable: 'Set maxUnavailable: {value}',
      surge: 'Set maxSurge: 1',
      number: 'Write the number {value}',
    },
    fix: 'sometimes',
    examples: [{ file: 'web.yaml', bad: manifest('    rollingUpdate:\n      maxSurge: 1\n'), good: manifest('') }],
    options: {},
    sources: [],
  },
  *check(object) {
    const strategy = strategyOf(object);
    if (strategy === undefined || object.kind.value === 'DeploymentConfig') return;
    const rolling = fieldAt(strategy.node, 'rollingUpdate');
    if (rolling === undefined || rolling === 'unknown') return;
    const type = strategy.type?.value;
    const kind = object.kind.value;
    // A DaemonSet ignores it.
    if ((kind === 'Deployment' && type === 'Recreate') || (kind === 'StatefulSet' && type === 'OnDelete')) {
      yield {
        message: 'contrary',
        data: { type: type ?? '' },
        span: entry(strategy.node, 'rollingUpdate')?.key.span ?? rolling.span,
        fixes: [
          ...fix(object, 'remove', [{ kind: 'remove', path: [...strategy.path, 'rollingUpdate'] }]),
          ...fix(object, 'rolling', [{ kind: 'set', path: [...strategy.path, 'type'], value: 'RollingUpdate' }]),
        ],
      };
      return;
    }
    yield* numbers(object, strategy);
  },
});

function* numbers(object: KubernetesObject, { node, path }: RolloutStrategy) {
  const kind = object.kind.value;
  const at = (key: string) => [...path, 'rollingUpdate', key];
  const [unavailable, surge] = (['maxUnavailable', 'maxSurge'] as const).map((key) => {
    const text = knownText(node, 'rollingUpdate', key);
    // Something else fills it in.
    if (text === undefined || /[${}<>]/.test(text.value)) return undefined;
    return { ...text, key, ...amount(text, asScalar(fieldNode(node, key))?.style !== 'plain') };
  });
  for (const one of [unavailable, surge]) {
    if (one === undefined) continue;
    if (one.wrong) {
      const number = /^\d{1,9}$/.test(one.value) ? Number(one.value) : undefined;
      yield {
        message: 'text',
        data: { value: one.value },
        span: one.span,
        fixes:
          number === undefined
            ? []
            : fix(object, 'number', [{ kind: 'set', path: at(one.key), value: number }], { value: number }),
      } as const;
      return;
    }
    if (one.key === 'maxUnavailable' && one.percent && one.amount > 100) {
      yield { message: 'much', span: one.span } as const;
      return;
    }
  }
  if (kind === 'Deployment' && unavailable?.amount === 0 && surge?.amount === 0) {
    yield {
      message: 'stuck',
      span: unavailable.span,
      fixes: [
        ...fix(object, 'surge', [{ kind: 'set', path: at('maxSurge'), value: 1 }]),
        ...fix(object, 'unavailable', [{ kind: 'set', path: at('maxUnavailable'), value: 1 }], { value: 1 }),
      ],
    } as const;
  }
  if (kind !== 'DaemonSet') return;
  // In a patch, and where a template may write it, the other number is not known.
  const open = object.context === 'patch' || mayHide(node, 'rollingUpdate');
  const surging = surge?.amount ?? (open || fieldAt(node, 'rollingUpdate', 'maxSurge') !== undefined ? undefined : 0);
  const fewer =
    unavailable?.amount ?? (open || fieldAt(node, 'rollingUpdate', 'maxUnavailable') !== undefined ? undefined : 1);
  if (surging === undefined || fewer === undefined) return;
  if (surging > 0 && fewer > 0 && surge !== undefined) {
    yield {
      message: 'both',
      data: { unavailable: unavailable?.value ?? '1 where none is written' },
      span: surge.span,
      fixes: fix(object, 'unavailable', [{ kind: 'set', path: at('maxUnavailable'), value: 0 }], { value: 0 }),
    } as const;
  }
  if (surging === 0 && fewer === 0 && unavailable !== undefined) {
    yield {
      message: 'stuck',
      span: unavailable.span,
      fixes: fix(object, 'unavailable', [{ kind: 'set', path: at('maxUnavailable'), value: 1 }], { value: 1 }),
    } as const;
  }
}

function fieldNode(node: RolloutStrategy['node'], key: string) {
  const field = fieldAt(node, 'rollingUpdate', key);
  return field === 'unknown' ? undefined : field;
}

/** A number of pods or a percentage of them; a number in quotes is neither. */
function amount({ value }: Located<string>, quoted: boolean) {
  const percent = /^(\d+)%$/.exec(value)?.[1];
  const number = percent ?? (quoted ? undefined : /^\d+$/.exec(value)?.[0]);
  return { wrong: number === undefined, percent: percent !== undefined, amount: Number(number ?? 1) };
}

function fix<const Title extends 'remove' | 'rolling' | 'unavailable' | 'surge' | 'number'>(
  { document }: KubernetesObject,
  title: Title,
  patches: Parameters<typeof patchFix>[1]['patches'],
  data: { readonly value?: number } = {},
) {
  return patchFix(document, { title, data, safety: 'suggested', patches });
}
