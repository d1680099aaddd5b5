import { defineRule } from '../../engine/rule.ts';
import { isBuiltInGroup } from '../../kubernetes/fields.ts';
import type { Workload } from '../../kubernetes/model.ts';
import { knownText } from '../../yaml/field.ts';
import { patchFix } from '../patch-fix.ts';
import { closest } from './parts/closest.ts';
import { usesOf, type VolumeUse, volumeNames } from './parts/volumes.ts';

const pod = (name: string) => `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: web:1.4
      volumeMounts:
        - name: ${name}
          mountPath: /cache
  volumes:
    - name: cache
      emptyDir: {}
`;

export default defineRule('workload', {
  meta: {
    id: 'kubernetes/volume-mount',
    rows: ['K813'],
    summary: 'A container should mount volumes that its pod has, at paths that there can be.',
    why: 'The API server refuses a pod that mounts a volume which is not in its `volumes` (or, in a StatefulSet, among its claims), and so it does with a `:` in the path, and with a `subPath` that is absolute or leads out of the volume.',
    severity: 'error',
    topic: 'correctness',
    messages: {
      unknown: 'The pod has no volume `{name}`',
      colon: 'A mount path has no `:` in it',
      absolute: 'A subPath is relative to the volume',
      outside: 'A subPath has no `..` in it',
    },
    titles: {
      rename: 'Mount `{meant}`',
      add: 'Add an empty volume `{name}`',
      relative: 'Write {meant}',
    },
    fix: 'sometimes',
    examples: [{ file: 'pod.yaml', bad: pod('cahce'), good: pod('cache') }],
    options: {},
    sources: ['monokle K8S003', 'kube-linter schema-validation'],
  },
  *check(workload) {
    const { object, containers } = workload;
    if (object.context === 'patch') return;
    // Operators may add volumes to the pods of their own kinds.
    const names = isBuiltInGroup(object.apiVersion.value) ? volumeNames(workload) : undefined;
    for (const container of containers) {
      for (const use of usesOf(container)) {
        const name = knownText(use.node, 'name');
        if (names && name !== undefined && !names.has(name.value) && !/[$<{]/.test(name.value)) {
          yield {
            message: 'unknown' as const,
            data: { name: name.value },
            span: name.span,
            fixes: fixesOf(workload, use, name.value, names),
          };
        }
        yield* inPaths(workload, use);
      }
    }
  },
});

function* inPaths({ object }: Workload, { node, path }: VolumeUse) {
  const mountPath = knownText(node, 'mountPath');
  // A Windows path begins with its drive.
  if (mountPath && /:/.test(mountPath.value.replace(/^[A-Za-z]:/, '')))
    yield { message: 'colon' as const, span: mountPath.span };
  for (const field of ['subPath', 'subPathExpr']) {
    const sub = knownText(node, field);
    if (sub === undefined || /[<{]/.test(sub.value)) continue;
    if (sub.value.startsWith('/')) {
      const meant = sub.value.replace(/^\/+/, '');
      const patches = [{ kind: 'set', path: [...path, field], value: meant }] as const;
      const fixes =
        meant === ''
          ? []
          : patchFix(object.document, { title: 'relative', data: { meant }, safety: 'suggested', patches });
      yield { message: 'absolute' as const, span: sub.span, fixes };
    } else if (sub.value.split('/').includes('..')) yield { message: 'outside' as const, span: sub.span };
  }
}

function fixesOf({ object, specPath }: Workload, { path }: VolumeUse, name: string, names: ReadonlySet<string>) {
  const meant = closest(name, names);
  const rename =
    meant === undefined
      ? []
      : patchFix(object.document, {
          title: 'rename',
          data: { meant },
          safety: 'suggested',
          patches: [{ kind: 'set', path: [...path, 'name'], value: meant }],
        });
  const value = { name, emptyDir: {} };
  const add = patchFix(object.document, {
    title: 'add',
    safety: 'suggested',
    patches: [{ kind: 'append', path: [...specPath, 'volumes'], value }],
  });
  return [...rename, ...add];
}
