import { defineRule } from '../../engine/rule.ts';
import { workloadsOf } from '../../kubernetes/service.ts';
import { labelSpan } from '../../yaml/field.ts';
import { isolationOf } from './parts/isolation.ts';

const manifest = (egress: string) => `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: web:1.4
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
spec:
  podSelector: {}
  policyTypes:
    - Ingress
    - Egress
  ingress:
    - ports:
        - port: 8080
${egress}`;

export default defineRule('kubernetes-file', {
  meta: {
    id: 'kubernetes/network-policy-closed',
    rows: ['K711'],
    summary: 'NetworkPolicies that let traffic through one way say what may pass the other way.',
    why: "A direction that a policy rules without a rule for it is closed: a pod that may not send cannot even ask the cluster's DNS for a name, and one that may not receive serves nobody. Answers to what was let through always pass. Off by default: some pods need no more.",
    severity: 'information',
    optional: true,
    topic: 'network',
    messages: {
      ingress: 'The NetworkPolicies here let nothing reach these pods, only what they send is allowed',
      egress: 'The NetworkPolicies here let these pods send nothing, not even questions to the DNS',
    },
    titles: {},
    fix: 'never',
    examples: [
      {
        file: 'pod.yaml',
        bad: manifest(''),
        good: manifest(`  egress:
    - ports:
        - port: 53
          protocol: UDP
`),
      },
    ],
    options: {},
    sources: ['polaris missingNetworkPolicy'],
  },
  *check(file) {
    for (const { workload, start } of workloadsOf(file)) {
      if (workload.object.context === 'patch') continue;
      const { ingress, egress } = isolationOf(file, workload);
      // Nothing either way is meant so.
      const closed =
        egress === 'closed' && ingress === 'allowed'
          ? 'egress'
          : ingress === 'closed' && egress === 'allowed' && !workload.runsToCompletion
            ? 'ingress'
            : undefined;
      if (closed === undefined) continue;
      yield { message: closed, span: workload.object.name?.span ?? labelSpan(workload.spec), offset: start };
    }
  },
});
