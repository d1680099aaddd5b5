import { defineRule, type ProposedFix } from '../../engine/rule.ts';
import type { KubernetesObject } from '../../kubernetes/model.ts';
import { workloadsOf } from '../../kubernetes/service.ts';
import { fieldAt, labelSpan } from '../../yaml/field.ts';
import { documentBelow } from './parts/document-below.ts';
import { isolationOf } from './parts/isolation.ts';

const pod = `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: web:1.4
`;

const policy = (namespace: string) => `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: default-deny
${namespace}spec:
  podSelector: {}
  policyTypes:
    - Ingress
    - Egress
`;

export default defineRule('kubernetes-file', {
  meta: {
    id: 'kubernetes/network-policy-missing',
    rows: ['K711'],
    summary: 'A NetworkPolicy should select each pod.',
    why: 'Pods that no NetworkPolicy selects may be reached from every other pod of the cluster and may call everything. One policy that denies all traffic of a namespace changes that for all its pods; others then allow what is needed. Policies anywhere in the workspace count, those of Calico and Cilium too.',
    severity: 'information',
    optional: true,
    topic: 'network',
    messages: { open: 'No NetworkPolicy here selects these pods: every pod of the cluster may reach them' },
    titles: { deny: 'Add a policy that denies all traffic of the namespace' },
    fix: 'sometimes',
    examples: [{ file: 'pod.yaml', bad: pod, good: `${pod}---\n${policy('')}` }],
    options: {},
    sources: [
      'kube-linter non-isolated-pod',
      'kube-score pod-networkpolicy',
      'polaris missingNetworkPolicy',
      'checkov CKV2_K8S_6',
      'kubescape C-0260',
      'kubescape C-0030',
      'kubescape C-0049',
      'kubescape C-0054',
      'kics pod_misconfigured_network_policy',
      'kyverno add-network-policy',
      'kyverno require-netpol',
      'popeye 1204',
    ],
  },
  *check(file) {
    const offered = new Set<string>();
    for (const { workload, start } of workloadsOf(file)) {
      const { object, spec } = workload;
      if (object.context === 'patch') continue;
      const { ingress, egress } = isolationOf(file, workload);
      if (ingress !== 'open' || egress !== 'open') continue;
      const namespace = object.namespace?.value ?? '';
      const fixes = offered.has(namespace) ? [] : deny(object);
      // One policy is enough for all of a namespace.
      if (fixes.length > 0) offered.add(namespace);
      yield { message: 'open', span: object.name?.span ?? labelSpan(spec), offset: start, fixes };
    }
  },
});

/** The policy as a document of its own behind the workload's. */
function deny(object: KubernetesObject): readonly ProposedFix<'deny'>[] {
  const { root, namespace } = object;
  if (namespace === undefined && fieldAt(root, 'metadata', 'namespace') !== undefined) return [];
  const edit = documentBelow(object, policy(namespace === undefined ? '' : `  namespace: ${namespace.value}\n`));
  return edit === undefined ? [] : [{ title: 'deny', safety: 'suggested', edits: [edit] }];
}
