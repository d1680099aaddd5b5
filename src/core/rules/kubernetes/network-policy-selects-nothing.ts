import { defineRule } from '../../engine/rule.ts';
import type { KubernetesObject } from '../../kubernetes/model.ts';
import { mayMakePods } from '../../kubernetes/references.ts';
import { asksForAdded, readLabelSelector, readPodLabels, type Selector, selects } from '../../kubernetes/selector.ts';
import { type PlacedWorkload, sameNamespace, workloadsOf } from '../../kubernetes/service.ts';
import { fieldAt, knownItems, knownMapping } from '../../yaml/field.ts';
import type { YamlMapping, YamlPath } from '../../yaml/node.ts';
import { oneLabelFix, spelled } from './parts/label-selectors.ts';

const manifest = (app: string) => `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
spec:
  podSelector:
    matchLabels:
      app: ${app}
---
apiVersion: v1
kind: Pod
metadata:
  name: web
  labels:
    app: web
spec:
  containers:
    - name: web
      image: web:1.4
`;

export default defineRule('kubernetes-file', {
  meta: {
    id: 'kubernetes/network-policy-selects-nothing',
    rows: ['K712'],
    summary: 'A NetworkPolicy should select pods that exist.',
    why: 'A policy whose selector matches no pod isolates nothing, and one that allows traffic from pods that do not exist lets nobody in. Neither is told anywhere. Only folders that hold workloads are checked.',
    severity: 'warning',
    topic: 'network',
    messages: {
      pods: 'The policy selects no pods: no workload here has {labels}',
      peers: 'No pods are let through: no workload here has {labels}',
    },
    titles: { value: 'Select {key}: {actual}' },
    fix: 'sometimes',
    examples: [{ file: 'policy.yaml', bad: manifest('webb'), good: manifest('web') }],
    options: {},
    sources: [
      'kube-linter dangling-networkpolicy',
      'kube-linter dangling-networkpolicypeer-podselector',
      'kube-score networkpolicy-targets-pod',
      'kubescape C-0299',
      'kics network_policy_is_not_targeting_any_pod',
      'popeye 1200',
      'popeye 1202',
      'popeye 1208',
    ],
  },
  *check(file) {
    const near = workloadsOf({ objects: [...file.objects, ...(file.neighbours?.near ?? [])] });
    if (near.length === 0 || near.some(({ workload }) => workload.object.context === 'patch')) return;
    if (mayMakePods(file)) return;
    const far = workloadsOf({ objects: file.neighbours?.far ?? [] });
    for (const { object, start } of file.objects) {
      if (object.kind.value !== 'NetworkPolicy' || object.context === 'patch') continue;
      for (const { mapping, path, message } of selectorsOf(object)) {
        const selector = readLabelSelector(mapping);
        if (selector.partial || selector.requirements.length === 0 || asksForAdded(selector, file)) continue;
        if (selector.requirements.some(({ values, operator }) => values === undefined && operator.endsWith('In')))
          continue;
        const here = near.filter(({ workload }) => sameNamespace(object, workload.object) !== 'no');
        if (here.length === 0 || matches(selector, object, [...here, ...far])) continue;
        yield {
          message,
          data: { labels: selector.requirements.map(spelled).join(', ') },
          span: selector.requirements[0]?.span ?? mapping.span,
          offset: start,
          fixes: oneLabelFix(
            object.document,
            { mapping, path, selector },
            here.map(({ workload }) => readPodLabels(workload)),
          ),
        };
      }
    }
  },
});

interface PodSelector {
  readonly mapping: YamlMapping;
  readonly path: YamlPath;
  readonly message: 'pods' | 'peers';
}

/** The policy's own selector, and those of peers in the same namespace. */
function selectorsOf({ root, path }: KubernetesObject): readonly PodSelector[] {
  const found: PodSelector[] = [];
  const own = knownMapping(root, 'spec', 'podSelector');
  if (own !== undefined) found.push({ mapping: own, path: [...path, 'spec', 'podSelector'], message: 'pods' });
  for (const [direction, side] of [
    ['ingress', 'from'],
    ['egress', 'to'],
  ] as const) {
    for (const { index, node: rule } of knownItems(root, 'spec', direction)) {
      for (const { index: at, node: peer } of knownItems(rule, side)) {
        const mapping = knownMapping(peer, 'podSelector');
        if (mapping === undefined || fieldAt(peer, 'namespaceSelector') !== undefined) continue;
        const here = [...path, 'spec', direction, index, side, at, 'podSelector'];
        found.push({ mapping, path: here, message: 'peers' });
      }
    }
  }
  return found;
}

function matches(selector: Selector, policy: KubernetesObject, workloads: readonly PlacedWorkload[]): boolean {
  return workloads.some(
    ({ workload }) =>
      sameNamespace(policy, workload.object) !== 'no' && selects(selector, readPodLabels(workload)) !== 'no',
  );
}
