import { defineRule } from '../../engine/rule.ts';
import type { KubernetesObject, Workload } from '../../kubernetes/model.ts';
import { readLabelSelector, readMapSelector, readPodLabels, satisfies } from '../../kubernetes/selector.ts';
import { fieldAt, knownMapping } from '../../yaml/field.ts';
import type { YamlPath } from '../../yaml/node.ts';
import { asMapping, entry } from '../../yaml/read.ts';
import { patchFix } from '../patch-fix.ts';
import { booleanOf } from './parts/booleans.ts';

/** Where the labels stand below the selector of a kind; undefined for kinds without one of their own. */
function labelsPathOf({ kind, apiVersion, root }: KubernetesObject): YamlPath | undefined {
  if (/^(?:Deployment|DaemonSet|StatefulSet|ReplicaSet)$/.test(kind.value))
    return /^(?:apps|extensions)\//.test(apiVersion.value) ? ['matchLabels'] : undefined;
  // Jobs make their own, unless they are told not to.
  if (kind.value === 'Job' && booleanOf(fieldAt(root, 'spec', 'manualSelector')) === true) return ['matchLabels'];
  const plain =
    (kind.value === 'ReplicationController' && apiVersion.value === 'v1') ||
    (kind.value === 'DeploymentConfig' && apiVersion.value === 'apps.openshift.io/v1');
  return plain ? [] : undefined;
}

export default defineRule('workload', {
  meta: {
    id: 'kubernetes/selector-mismatch',
    rows: ['K805', 'K806'],
    summary: "A workload's selector must choose the pods of its own template.",
    why: 'A Deployment finds its pods by their labels. The API server refuses one whose selector does not choose what its template makes, because it would start pods for ever and never see them.',
    severity: 'error',
    topic: 'correctness',
    messages: {
      missing: '{kind} has no selector: the API server refuses it',
      mismatch: "Selector does not match: the template's pods have no label `{key}: {wanted}`",
      expression: "Selector does not match: the template's pods do not satisfy `{key}`",
    },
    titles: {
      add: 'Give the pods the label {key}: {wanted}',
      select: 'Select {key}: {actual}, as the pods have it',
      relabel: 'Give the pods {key}: {wanted}, as the selector has it',
      write: "Select the labels of the template's pods",
    },
    fix: 'sometimes',
    examples: [
      {
        file: 'deployment.yaml',
        bad: `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  selector:
    matchLabels:
      app: wbe
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
        - name: web
          image: web:1.4
`,
        good: `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
        - name: web
          image: web:1.4
`,
      },
    ],
    options: {},
    sources: [
      'kube-linter mismatching-selector',
      'kube-score deployment-pod-selector-labels-match-template-metadata-labels',
      'kube-score statefulset-pod-selector-labels-match-template-metadata-labels',
      'kubescape C-0296',
      'monokle LNK',
    ],
  },
  *check(workload) {
    const { object } = workload;
    const labelsPath = labelsPathOf(object);
    if (labelsPath === undefined || object.context === 'patch') return;
    const field = fieldAt(object.root, 'spec', 'selector');
    if (field === 'unknown') return;
    const mapping = field === undefined ? undefined : asMapping(field);
    const selector = mapping && (labelsPath.length === 0 ? readMapSelector(mapping) : readLabelSelector(mapping));
    if (mapping === undefined || (selector?.requirements.length === 0 && !selector.partial)) {
      yield* missing(workload);
      return;
    }
    const labels = readPodLabels(workload);
    for (const requirement of selector?.requirements ?? []) {
      if (satisfies(requirement, labels) !== 'no') continue;
      const { key, operator, values, span } = requirement;
      const written = knownMapping(mapping, ...labelsPath);
      const pair = written && entry(written, key);
      const wanted = values?.[0];
      if (operator !== 'In' || pair?.value === null || pair?.span.start !== span.start || wanted === undefined) {
        yield { message: 'expression' as const, data: { key }, span };
        continue;
      }
      yield {
        message: 'mismatch' as const,
        data: { key, wanted },
        span: pair.value.span,
        fixes: fixesOf(workload, [...labelsPath, key], wanted, labels.labels.get(key)?.value),
      };
    }
  },
});

function* missing(workload: Workload) {
  const { object } = workload;
  // Older versions take the selector from the pods' labels.
  if (object.apiVersion.value !== 'apps/v1') return;
  const labels = readPodLabels(workload);
  // With no labels either, a kustomization gives both.
  if (labels.labels.size === 0 || labels.partial || labels.unknown.size > 0) return;
  const matchLabels = Object.fromEntries([...labels.labels].map(([key, { value }]) => [key, value]));
  yield {
    message: 'missing' as const,
    data: { kind: object.kind.value },
    span: object.kind.span,
    fixes: patchFix(object.document, {
      title: 'write',
      safety: 'suggested',
      patches: [{ kind: 'set', path: [...object.path, 'spec', 'selector'], value: { matchLabels } }],
    }),
  };
}

function fixesOf({ object, podMetadataPath }: Workload, place: YamlPath, wanted: string, actual: string | undefined) {
  const { document } = object;
  const key = place.at(-1) ?? '';
  const label = { kind: 'set', path: [...podMetadataPath, 'labels', key], value: wanted } as const;
  // Refused as it is, and one label more changes nothing else.
  if (actual === undefined) return patchFix(document, { title: 'add', safety: 'safe', patches: [label] });
  const path = [...object.path, 'spec', 'selector', ...place];
  return [
    ...patchFix(document, {
      title: 'select',
      data: { actual },
      safety: 'suggested',
      patches: [{ kind: 'set', path, value: actual }],
    }),
    ...patchFix(document, { title: 'relabel', safety: 'suggested', patches: [label] }),
  ];
}
