import { defineRule } from '../../engine/rule.ts';
import { workloadsOf } from '../../kubernetes/service.ts';
import { labelSpan } from '../../yaml/field.ts';
import { isolationOf } from './parts/isolation.ts';

const manifest = (types: string) => `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: default-deny
spec:
  podSelector: {}
  policyTypes: [${types}]
---
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: web:1.4
`;

export default defineRule('kubernetes-file', {
  meta: {
    id: 'kubernetes/network-policy-one-way',
    rows: ['K711'],
    summary: 'NetworkPolicies should rule what a pod receives and what it sends.',
    why: 'A policy only rules the directions in its `policyTypes`; without that field it is what comes in, and what goes out only where it has `egress`. The other direction stays open: a pod that was broken into can then send anywhere, or be reached by all.',
    severity: 'information',
    optional: true,
    topic: 'network',
    messages: {
      ingress: 'No NetworkPolicy rules who may reach these pods, only where they may send',
      egress: 'No NetworkPolicy rules where these pods may send, only who may reach them',
    },
    titles: {},
    fix: 'never',
    examples: [{ file: 'pod.yaml', bad: manifest('Ingress'), good: manifest('Ingress, Egress') }],
    options: {},
    sources: ['kube-score pod-networkpolicy', 'polaris missingNetworkPolicy', 'kubescape C-0030'],
  },
  *check(file) {
    for (const { workload, start } of workloadsOf(file)) {
      if (workload.object.context === 'patch') continue;
      const { ingress, egress } = isolationOf(file, workload);
      if ((ingress === 'open') === (egress === 'open')) continue;
      const span = workload.object.name?.span ?? labelSpan(workload.spec);
      yield { message: egress === 'open' ? 'egress' : 'ingress', span, offset: start };
    }
  },
});
