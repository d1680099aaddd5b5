import { defineRule } from '../../engine/rule.ts';
import type { KubernetesFile, KubernetesObject } from '../../kubernetes/model.ts';
import { findTarget } from '../../kubernetes/references.ts';
import { sameNamespace } from '../../kubernetes/service.ts';
import { knownText } from '../../yaml/field.ts';
import { patchFix } from '../patch-fix.ts';
import { closest } from './parts/closest.ts';

/** Kinds of Kubernetes itself that have the `scale` subresource, with their group. */
const scalable: Readonly<Record<string, string>> = {
  Deployment: 'apps/v1',
  StatefulSet: 'apps/v1',
  ReplicaSet: 'apps/v1',
  ReplicationController: 'v1',
};

/** Kinds that run pods and cannot be scaled. */
const fixed: readonly string[] = ['DaemonSet', 'Job', 'CronJob', 'Pod', 'Service'];

const manifest = (name: string) => `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: web
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: ${name}
  maxReplicas: 5
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  template:
    spec:
      containers:
        - name: web
          image: web:1.4
`;

export default defineRule('kubernetes-file', {
  meta: {
    id: 'kubernetes/scale-target-unknown',
    rows: ['K609'],
    summary: 'An autoscaler should name something that exists and can be scaled.',
    why: 'A HorizontalPodAutoscaler whose target does not exist, or is of a kind without replicas, reports `FailedGetScale` and never scales anything.',
    severity: 'warning',
    topic: 'reliability',
    messages: {
      missing: 'No {kind} here is called `{name}`',
      kind: 'A {kind} has no replicas that could be scaled',
      group: '{kind} is of {group}, not `{written}`',
      other: 'No {kind} here is called `{name}`: that is a {actual}',
      elsewhere: 'The {kind} `{name}` is in namespace `{namespace}`, where this autoscaler does not look',
    },
    titles: { name: 'Scale `{meant}`', group: 'Write {group}', kind: 'Scale the {actual}' },
    fix: 'sometimes',
    examples: [{ file: 'web.yaml', bad: manifest('wbe'), good: manifest('web') }],
    options: {},
    sources: [
      'kube-linter dangling-horizontalpodautoscaler',
      'kube-score horizontalpodautoscaler-has-target',
      'kubescape C-0300',
      'kics hpa_targets_invalid_object',
      'popeye 600',
    ],
  },
  *check(file) {
    for (const { object, start } of file.objects) {
      if (object.kind.value !== 'HorizontalPodAutoscaler' || object.context === 'patch') continue;
      const path = [...object.path, 'spec', 'scaleTargetRef'];
      const [kind, name, group] = ['kind', 'name', 'apiVersion'].map((key) =>
        knownText(object.root, 'spec', 'scaleTargetRef', key),
      );
      if (kind === undefined) continue;
      if (fixed.includes(kind.value)) {
        yield { message: 'kind', data: { kind: kind.value }, span: kind.span, offset: start };
        continue;
      }
      const right = Object.hasOwn(scalable, kind.value) ? scalable[kind.value] : undefined;
      if (right !== undefined && group !== undefined && group.value.split('/')[0] !== right.split('/')[0]) {
        yield {
          message: 'group',
          data: { kind: kind.value, group: right, written: group.value },
          span: group.span,
          offset: start,
          fixes: patchFix(object.document, {
            title: 'group',
            data: { group: right },
            safety: 'suggested',
            patches: [{ kind: 'set', path: [...path, 'apiVersion'], value: right }],
          }),
        };
      }
      const target = name && findTarget(file, object, kind.value, name.value);
      if (name === undefined || target === undefined) continue;
      if (target.kind === 'elsewhere') {
        const namespace = target.object.object.namespace?.value ?? '';
        yield {
          message: 'elsewhere',
          data: { kind: kind.value, name: name.value, namespace },
          span: name.span,
          offset: start,
        };
        continue;
      }
      if (target.kind !== 'missing' && target.kind !== 'unknown') continue;
      const actual = right === undefined ? undefined : sameName(file, object, kind.value, name.value);
      if (actual !== undefined) {
        yield {
          message: 'other',
          data: { kind: kind.value, name: name.value, actual },
          span: kind.span,
          offset: start,
          fixes: patchFix(object.document, {
            title: 'kind',
            data: { actual },
            safety: 'suggested',
            patches: [{ kind: 'set', path: [...path, 'kind'], value: actual }],
          }),
        };
        continue;
      }
      if (target.kind === 'unknown') continue;
      const meant = closest(name.value, target.names);
      yield {
        message: 'missing',
        data: { kind: kind.value, name: name.value },
        severity: meant === undefined ? 'information' : 'warning',
        span: name.span,
        offset: start,
        fixes:
          meant === undefined
            ? []
            : patchFix(object.document, {
                title: 'name',
                data: { meant },
                safety: 'suggested',
                patches: [{ kind: 'set', path: [...path, 'name'], value: meant }],
              }),
      };
    }
  },
});

/** The kind of the file's scalable object that has the name; undefined where there is none. */
function sameName(file: KubernetesFile, scaler: KubernetesObject, kind: string, name: string): string | undefined {
  const other = file.objects.find(
    ({ object }) =>
      object.name?.value === name &&
      object.kind.value !== kind &&
      Object.hasOwn(scalable, object.kind.value) &&
      sameNamespace(scaler, object) === 'yes',
  );
  return other?.object.kind.value;
}
