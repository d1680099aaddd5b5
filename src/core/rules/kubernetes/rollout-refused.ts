import { defineRule } from '../../engine/rule.ts';
import type { KubernetesObject } from '../../kubernetes/model.ts';
import { type RolloutStrategy, rolloutAmount, strategyOf } from '../../kubernetes/rollout.ts';
import { fieldAt, knownInteger } from '../../yaml/field.ts';
import type { YamlPatch } from '../../yaml/node.ts';
import { entry } from '../../yaml/read.ts';
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
    rows: ['K615', 'K624'],
    summary: 'The numbers of a rolling update fit its kind, and there are none where nothing rolls.',
    why: 'A rollout that may neither start a pod more nor do with one less could never begin. A DaemonSet takes one of both: a pod more on each node, or one less. `rollingUpdate` beside `Recreate` contradicts it. The API server refuses all of these.',
    severity: 'error',
    topic: 'correctness',
    messages: {
      contrary: '`rollingUpdate` is refused beside `type: {type}`',
      stuck: 'With `maxSurge` and `maxUnavailable` both 0 no pod could ever be replaced',
      both: 'A DaemonSet with `maxSurge` needs `maxUnavailable: 0`: it is {unavailable}',
      text: '`{value}` is no whole number and no percentage',
      deadline:
        '`progressDeadlineSeconds` has to be more than `minReadySeconds`, {ready}: no rollout could end in time',
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
    yield* deadline(object);
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
          ...fix(object, 'remove', { kind: 'remove', path: [...strategy.path, 'rollingUpdate'] }),
          ...fix(object, 'rolling', { kind: 'set', path: [...strategy.path, 'type'], value: 'RollingUpdate' }),
        ],
      };
      return;
    }
    yield* numbers(object, strategy);
  },
});

function* deadline({ kind, root }: KubernetesObject) {
  if (kind.value !== 'Deployment') return;
  const seconds = knownInteger(root, 'spec', 'progressDeadlineSeconds');
  const ready = knownInteger(root, 'spec', 'minReadySeconds');
  if (seconds !== undefined && ready !== undefined && seconds.value <= ready.value)
    yield { message: 'deadline', data: { ready: ready.value }, span: seconds.span } as const;
}

function* numbers(object: KubernetesObject, strategy: RolloutStrategy) {
  const unavailable = rolloutAmount(strategy, 'maxUnavailable');
  const surge = rolloutAmount(strategy, 'maxSurge');
  const set = (key: 'maxUnavailable' | 'maxSurge', value: number): YamlPatch => ({
    kind: 'set',
    path: [...strategy.path, 'rollingUpdate', key],
    value,
  });
  for (const [key, one] of [['maxUnavailable', unavailable] as const, ['maxSurge', surge] as const]) {
    if (one === undefined || one.amount !== undefined) continue;
    const value = /^\d{1,9}$/.test(one.value) ? Number(one.value) : undefined;
    const fixes = value === undefined ? [] : fix(object, 'number', set(key, value), { value });
    yield { message: 'text', data: { value: one.value }, span: one.span, fixes } as const;
    return;
  }
  if (unavailable?.percent === true && (unavailable.amount ?? 0) > 100) {
    yield { message: 'much', span: unavailable.span } as const;
    return;
  }
  const one = fix(object, 'unavailable', set('maxUnavailable', 1), { value: 1 });
  if (object.kind.value === 'Deployment' && unavailable?.amount === 0 && surge?.amount === 0) {
    const fixes = [...fix(object, 'surge', set('maxSurge', 1)), ...one];
    yield { message: 'stuck', span: unavailable.span, fixes } as const;
  }
  if (object.kind.value !== 'DaemonSet') return;
  const more = surge?.amount ?? unset(object, strategy, 'maxSurge', 0);
  const fewer = unavailable?.amount ?? unset(object, strategy, 'maxUnavailable', 1);
  if (more === 0 && fewer === 0 && unavailable !== undefined) {
    yield { message: 'stuck', span: unavailable.span, fixes: one } as const;
  }
  if (surge === undefined || more === undefined || more === 0 || fewer === undefined || fewer === 0) return;
  yield {
    message: 'both',
    data: { unavailable: unavailable?.value ?? '1 where none is written' },
    span: surge.span,
    fixes: fix(object, 'unavailable', set('maxUnavailable', 0), { value: 0 }),
  } as const;
}

/** The default of what is not written; undefined in a patch, and where a template may write it. */
function unset({ context }: KubernetesObject, { node }: RolloutStrategy, key: string, value: number) {
  return context === 'patch' || fieldAt(node, 'rollingUpdate', key) !== undefined ? undefined : value;
}

function fix<const Title extends 'remove' | 'rolling' | 'unavailable' | 'surge' | 'number'>(
  { document }: KubernetesObject,
  title: Title,
  patch: YamlPatch,
  data: { readonly value?: number } = {},
) {
  return patchFix(document, { title, data, safety: 'suggested', patches: [patch] });
}
