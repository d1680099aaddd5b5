import { defineRule } from '../../engine/rule.ts';
import type { KubernetesFile, KubernetesObject } from '../../kubernetes/model.ts';
import { readLabelSelector, readPodLabels, selects } from '../../kubernetes/selector.ts';
import { sameNamespace, workloadsOf } from '../../kubernetes/service.ts';
import { fieldAt, knownMapping } from '../../yaml/field.ts';
import { documentBelow } from './parts/document-below.ts';
import { fewestReplicas } from './parts/replicas.ts';
import { ownLabels } from './parts/selector-labels.ts';

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 3
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
`;

const minding: Readonly<Record<string, readonly string[]>> = {
  Deployment: ['kube-score deployment-has-poddisruptionbudget', 'kics deployment_without_pod_disruption_budget'],
  StatefulSet: ['kube-score statefulset-has-poddisruptionbudget', 'kics statefulset_without_pod_disruption_budget'],
};
const mindingAll = [
  'polaris missingPodDisruptionBudget',
  'kyverno require-pdb',
  'kyverno create-default-pdb',
  'popeye 206',
];

export default defineRule('kubernetes-file', {
  meta: {
    id: 'kubernetes/disruption-budget-missing',
    rows: ['K610'],
    summary: 'What runs in several pods so that it is always there has a disruption budget.',
    why: 'When nodes are upgraded, their pods are evicted at once: without a PodDisruptionBudget all pods of an application that are on the nodes in turn may go at the same time, however many replicas there are. Looked for among the files of the workspace; off by default, since budgets often live elsewhere. What is written to be one pod needs none; where no number is written, an autoscaler may decide.',
    severity: 'information',
    optional: true,
    topic: 'reliability',
    messages: {
      missing: 'No disruption budget here selects the {replicas} pods of this {kind}',
      unscaled: 'No disruption budget here selects the pods of this {kind}, however many there will be',
    },
    titles: { add: 'Add a PodDisruptionBudget below' },
    fix: 'sometimes',
    examples: [
      {
        file: 'web.yaml',
        bad: deployment,
        good: `${deployment}---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: web
spec:
  maxUnavailable: 1
  selector:
    matchLabels:
      app: web
`,
      },
    ],
    options: {},
    sources: [...mindingAll, ...Object.values(minding).flat()],
  },
  *check(file) {
    for (const { workload, start } of workloadsOf(file)) {
      const { object } = workload;
      if (!/^(?:Deployment|StatefulSet|Rollout)$/.test(object.kind.value) || object.context === 'patch') continue;
      const replicas = fewestReplicas(file, workload);
      if (replicas === undefined || (replicas !== 'unset' && replicas < 2)) continue;
      const labels = readPodLabels(workload);
      const budgeted = [file.objects, file.neighbours?.near ?? [], file.neighbours?.far ?? []]
        .flat()
        .some(({ object: budget }) => {
          if (budget.kind.value !== 'PodDisruptionBudget' || sameNamespace(budget, object) === 'no') return false;
          const selector = fieldAt(budget.root, 'spec', 'selector');
          const mapping = knownMapping(budget.root, 'spec', 'selector');
          return selector === 'unknown' || (mapping && selects(readLabelSelector(mapping), labels) !== 'no');
        });
      if (budgeted) continue;
      yield {
        message: replicas === 'unset' ? 'unscaled' : 'missing',
        data: { replicas, kind: object.kind.value },
        span: object.name?.span ?? object.kind.span,
        peers: [...mindingAll, ...(minding[object.kind.value] ?? [])],
        offset: start,
        fixes: scaffold(object),
      };
    }
  },
});

/** A document of its own below, where the object is the whole of one that no template makes. */
function scaffold(object: KubernetesFile['objects'][number]['object']) {
  const labels = ownLabels(object);
  if (labels === undefined || object.name === undefined) return [];
  const edit = documentBelow(
    object,
    `apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: ${object.name.value}${namespaceLine(object)}
spec:
  maxUnavailable: 1
  selector:
    matchLabels:
${Object.entries(labels)
  .map(([key, value]) => `      ${key}: ${scalar(value)}\n`)
  .join('')}`,
  );
  return edit === undefined ? [] : [{ title: 'add', safety: 'suggested', edits: [edit] } as const];
}

function namespaceLine({ namespace }: KubernetesObject): string {
  return namespace === undefined ? '' : `\n  namespace: ${namespace.value}`;
}

/** Quoted unless no reader of YAML could take it for something else than text. */
function scalar(value: string): string {
  const plain = /^[A-Za-z][\w./-]*$/.test(value) && !/^(?:y|n|yes|no|on|off|true|false|null)$/i.test(value);
  return plain ? value : JSON.stringify(value);
}
