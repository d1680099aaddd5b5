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

/** What each case is called elsewhere. */
const peers = {
  events: ['kubescape C-0031'],
  logs: ['trivy KSV-0042'],
  maps: ['trivy KSV-0049', 'trivy KSV-0115', 'kubescape C-0037'],
  workloads: ['kubescape C-0007'],
  network: ['trivy KSV-0056'],
};
/** Peers that mind roles like these, each in a way of its own. */
const like = ['trivy KSV-0112', 'kubescape C-0053'];

const removes = ['delete', 'deletecollection'];
const writes = ['create', 'update', 'patch', ...removes];

export default defineRule('kubernetes-object', {
  meta: {
    id: 'kubernetes/role-tampering',
    rows: ['K903', 'K907'],
    summary: 'A role should not be able to hide what happened, to send others elsewhere or to end what they run.',
    why: 'Deleted events and logs hide an intrusion. The ConfigMaps of kube-system configure DNS and, on some clouds, who is who: changing them redirects every name in the cluster. Services, endpoints and network policies decide where traffic goes. Whoever deletes workloads takes down what others run.',
    severity: 'information',
    optional: true,
    topic: 'security',
    messages: {
      events: 'Deletes events: what happened can be hidden',
      logs: 'Deletes the logs of pods',
      maps: 'Changes every ConfigMap it is bound to, in kube-system that of DNS too',
      workloads: 'Deletes {resource}: it can take down what others run',
      network: 'Changes {resource}: it can send the traffic of others elsewhere',
    },
    titles: {},
    fix: 'never',
    examples: [{ file: 'role.yaml', bad: role('[create, delete]'), good: role('[create, patch]') }],
    options: {},
    sources: [...Object.values(peers).flat(), ...like],
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
      if (events) yield { message: 'events', span: events.span, peers: [...peers.events, ...like] };
      const logs = may('', ['pods/log'], removes);
      if (logs) yield { message: 'logs', span: logs.span, peers: [...peers.logs, ...like] };
      const maps = everywhere ? may('', ['configmaps'], writes) : undefined;
      if (maps) yield { message: 'maps', span: maps.span, peers: [...peers.maps, ...like] };
      const workloads =
        may('', ['pods'], removes) ??
        may('apps', ['deployments', 'statefulsets', 'daemonsets', 'replicasets'], removes) ??
        may('batch', ['jobs', 'cronjobs'], removes);
      if (workloads)
        yield {
          message: 'workloads',
          data: { resource: workloads.value },
          span: workloads.span,
          peers: [...peers.workloads, ...like],
        };
      const network =
        may('', ['services', 'endpoints'], writes) ??
        may('discovery.k8s.io', ['endpointslices'], writes) ??
        may('networking.k8s.io', ['networkpolicies', 'ingresses'], writes);
      if (network)
        yield {
          message: 'network',
          data: { resource: network.value },
          span: network.span,
          peers: [...peers.network, ...(may('', ['services'], removes) ? peers.workloads : []), ...like],
        };
    }
  },
});
