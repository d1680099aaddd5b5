import { defineRule } from '../../engine/rule.ts';
import type { KubernetesObject } from '../../kubernetes/model.ts';
import { dataKeys, findTarget, type Reference, referencesOf } from '../../kubernetes/references.ts';
import { workloadsOf } from '../../kubernetes/service.ts';
import type { YamlPath } from '../../yaml/node.ts';
import { patchFix } from '../patch-fix.ts';
import { closest } from './parts/closest.ts';

export default defineRule('kubernetes-file', {
  meta: {
    id: 'kubernetes/reference-unknown',
    rows: ['K812', 'H118'],
    summary:
      'What a pod names should exist: ConfigMaps, Secrets and their keys, claims of volumes and devices, service accounts.',
    why: 'A pod whose ConfigMap, Secret, key, claim or service account does not exist is never started: it waits in `CreateContainerConfigError` or `Pending`, and only `kubectl describe` tells why. Compared are the files that are deployed together: of one kustomization, one chart or one folder, and only where some of that kind are written there.',
    severity: 'warning',
    topic: 'configuration',
    messages: {
      missing: 'No {kind} here is called `{name}`',
      key: '{kind} `{name}` has no key `{key}`',
      defined: '`{name}` is defined here',
    },
    titles: { name: 'Refer to `{meant}`', key: 'Use the key `{meant}`' },
    fix: 'sometimes',
    examples: [
      {
        file: 'web.yaml',
        bad: `apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
data:
  mode: fast
---
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: web:1.4
      envFrom:
        - configMapRef:
            name: setings
`,
        good: `apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
data:
  mode: fast
---
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: web:1.4
      envFrom:
        - configMapRef:
            name: settings
`,
      },
    ],
    options: {},
    sources: [
      'kube-linter non-existent-service-account',
      'kube-linter env-value-from',
      'kubescape C-0307',
      'popeye 304',
      'popeye 305',
      'popeye 307',
      'popeye 400',
      'popeye 401',
      'monokle LNK001',
      'monokle LNK002',
      'monokle LNK003',
    ],
  },
  *check(file) {
    for (const { workload, start } of workloadsOf(file)) {
      const references = referencesOf(workload).map((reference) => ({
        ...reference,
        target: findTarget(file, workload.object, reference.kind, reference.name.value),
      }));
      for (const reference of references) {
        const { kind, name, path, optional, target } = reference;
        // Where several are missing they are kept elsewhere.
        const missing = references.filter((other) => other.kind === kind && other.target.kind === 'missing');
        if (target.kind === 'missing' && !optional && new Set(missing.map((other) => other.name.value)).size < 3) {
          const meant = closest(name.value, target.names);
          yield {
            message: 'missing',
            data: { kind, name: name.value },
            // One that is called nearly the same was most likely meant; any other may be made by hand.
            severity: meant === undefined ? 'information' : 'warning',
            span: name.span,
            offset: start,
            fixes: setTo(workload.object, path, 'name', meant),
          };
        }
        if (target.kind !== 'found' || optional) continue;
        for (const { key, at, meant } of missingKeys(reference, target.object.object)) {
          yield {
            message: 'key',
            data: { kind, name: name.value, key: key.value },
            span: key.span,
            offset: start,
            fixes: setTo(workload.object, at, 'key', meant),
            related: [
              {
                message: 'defined',
                span: target.object.object.name?.span ?? target.object.object.kind.span,
                neighbour: target.object,
              },
            ],
          };
        }
      }
    }
  },
});

function missingKeys({ keys }: Reference, object: KubernetesObject) {
  const known = dataKeys(object);
  if (known === undefined) return [];
  return keys
    .filter(({ key }) => !known.includes(key.value))
    .map(({ key, path }) => ({ key, at: path, meant: closest(key.value, known) }));
}

function setTo(object: KubernetesObject, path: YamlPath, title: 'name' | 'key', meant: string | undefined) {
  if (meant === undefined) return [];
  const patches = [{ kind: 'set', path, value: meant }] as const;
  return patchFix(object.document, { title, data: { meant }, safety: 'suggested', patches });
}
