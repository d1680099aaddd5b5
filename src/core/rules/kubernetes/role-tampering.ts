import { defineRule } from '../../engine/rule.ts';
import { grantOf, policyRulesOf } from '../../kubernetes/policy-rules.ts';

const role = (verbs: string) => `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: agent
rules:
  - apiGroups: [""]
    resources: [events]
    verbs: ${verbs}
`;

const removes = ['delete', 'deletecollection'];
const writes = ['create', 'update', 'patch', ...removes];

export default defineRule('kubernetes-object', {
  meta: {
    id: 'kubernetes/role-tampering',
    rows: ['K903', 'K907'],
    summary: 'A role should not be able to hide what happened, or to send others elsewhere.',
    why: 'Deleted events and logs hide an intrusion. The ConfigMaps of kube-system configure DNS and, on some clouds, who is who: changing them redirects every name in the cluster. Services, endpoints and network policies decide where traffic goes.',
    severity: 'information',
    optional: true,
    topic: 'security',
    messages: {
      events: 'Deletes events: what happened can be hidden',
      logs: 'Deletes the logs of pods',
      maps: 'Changes every ConfigMap it is bound to, in kube-system that of DNS too',
      network: 'Changes {resource}: it can send the traffic of others elsewhere',
    },
    titles: {},
    fix: 'never',
    examples: [{ file: 'role.yaml', bad: role('[create, delete]'), good: role('[create, patch]') }],
    options: {},
    sources: [
      'trivy KSV-0042',
      'trivy KSV-0049',
      'trivy KSV-0056',
      'trivy KSV-0112',
      'trivy KSV-0115',
      'kubescape C-0007',
      'kubescape C-0031',
      'kubescape C-0037',
      'kubescape C-0053',
    ],
  },
  *check(object) {
    // A Role of another namespace has ConfigMaps of its own alone.
    const everywhere = object.kind.value === 'ClusterRole' || object.namespace?.value === 'kube-system';
    for (const rule of policyRulesOf(object)) {
      if (rule.named) continue;
      const may = (group: string, resources: readonly string[], verbs: readonly string[]) => {
        const grant = grantOf(rule, { group, resources, verbs });
        // Every resource is another rule's finding.
        return grant?.resource.value === '*' ? undefined : grant?.resource;
      };
      const events = may('', ['events'], removes) ?? may('events.k8s.io', ['events'], removes);
      if (events) yield { message: 'events', span: events.span };
      const logs = may('', ['pods/log'], removes);
      if (logs) yield { message: 'logs', span: logs.span };
      const maps = everywhere ? may('', ['configmaps'], writes) : undefined;
      if (maps) yield { message: 'maps', span: maps.span };
      const network =
        may('', ['services', 'endpoints'], writes) ??
        may('discovery.k8s.io', ['endpointslices'], writes) ??
        may('networking.k8s.io', ['networkpolicies', 'ingresses'], writes);
      if (network) yield { message: 'network', data: { resource: network.value }, span: network.span };
    }
  },
});
