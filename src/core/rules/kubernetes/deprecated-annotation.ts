import { defineRule } from '../../engine/rule.ts';
import type { KubernetesObject } from '../../kubernetes/model.ts';
import { fieldAt } from '../../yaml/field.ts';
import { patchFix } from '../patch-fix.ts';
import { atLeast } from './parts/kubernetes-version.ts';
import { type Annotation, annotationsIn, type OldAnnotation, oldAnnotation } from './parts/old-annotations.ts';

const ingress = (annotation: string, field: string) => `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
${annotation}spec:
  rules:
    - host: web.example.com
      http:
        paths:
          - path: /
            pathType: Prefix
            backend:
              service:
                name: web
                port:
                  name: http
${field}`;

export default defineRule('kubernetes-object', {
  meta: {
    id: 'kubernetes/deprecated-annotation',
    rows: ['K710', 'K815'],
    summary: 'What has become a field is not written as an annotation.',
    why: 'Annotations are how Kubernetes tries things out. When one becomes a field, the annotation is first ignored beside it and at last altogether, without an error: a seccomp profile that is written as an annotation confines nothing since Kubernetes 1.27. The API server warns of most of them.',
    severity: 'warning',
    look: 'deprecated',
    topic: 'configuration',
    messages: {
      deprecated: '`{key}` is deprecated since Kubernetes 1.{since}: use {use}',
      gone: '`{key}` does nothing since Kubernetes 1.{gone}: use {use}',
      differs: '`{key}` names another class than ingressClassName: the API server refuses that',
    },
    titles: {
      move: 'Write {use} instead',
      rename: 'Rename to {use}',
      remove: 'Remove the annotation, {use} is there',
    },
    fix: 'sometimes',
    examples: [
      {
        file: 'ingress.yaml',
        bad: ingress('  annotations:\n    kubernetes.io/ingress.class: nginx\n', ''),
        good: ingress('', '  ingressClassName: nginx\n'),
      },
    ],
    options: {},
    sources: [],
  },
  *check(object, { settings: { kubernetesVersion } }) {
    for (const annotation of annotationsIn(object)) {
      const old = oldAnnotation(object, annotation);
      if (old === undefined || !atLeast(kubernetesVersion, old.since)) continue;
      const gone = old.gone !== undefined && atLeast(kubernetesVersion, old.gone);
      const { key, value } = annotation;
      const data = { key: key.text, since: old.since, gone: old.gone ?? '', use: old.use };
      const span = key.span;
      const fixes = fixesOf(object, annotation, old, gone);
      const there = old.move === undefined ? undefined : fieldAt(object.document.root, ...old.move.path);
      // The API server compares these when an Ingress is made.
      if (old.same === true && value !== undefined && there !== undefined && there !== 'unknown') {
        if (there.kind === 'scalar' && there.text !== value.value)
          yield { message: 'differs', severity: 'error', data, span, fixes };
        continue;
      }
      if (gone) yield { message: 'gone', data, span, fixes };
      else yield { message: 'deprecated', severity: 'information', data, span, fixes };
    }
  },
});

function fixesOf({ document }: KubernetesObject, annotation: Annotation, old: OldAnnotation, gone: boolean) {
  const remove = { kind: 'remove', path: annotation.only ? annotation.path.slice(0, -1) : annotation.path } as const;
  const data = { use: old.use };
  if (old.rename !== undefined) {
    const { taken } = old.rename;
    if (taken) return patchFix(document, { title: 'remove', data, safety: 'suggested', patches: [remove] });
    const patches = [{ kind: 'rename', path: annotation.path, key: old.rename.key }] as const;
    return patchFix(document, { title: 'rename', data, safety: 'safe', patches });
  }
  if (old.move === undefined) return [];
  const { path, value } = old.move;
  const there = fieldAt(document.root, ...path);
  if (there === 'unknown') return [];
  if (there !== undefined)
    return patchFix(document, { title: 'remove', data, safety: gone ? 'safe' : 'suggested', patches: [remove] });
  return patchFix(document, {
    title: 'move',
    data,
    safety: 'suggested',
    patches: [remove, { kind: 'set', path, value }],
  });
}
