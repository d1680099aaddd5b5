import { defineRule } from '../../engine/rule.ts';
import { grantOf, policyRulesOf } from '../../kubernetes/policy-rules.ts';
import { execGrant } from './parts/exec-grant.ts';

const role = (resource: string) => `apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: support
rules:
  - apiGroups: [""]
    resources: [pods, ${resource}]
    verbs: [get]
`;

const running = ['polaris clusterrolePodExecAttach', 'polaris rolePodExecAttach', 'sonar S6868'];

/** What each of them is called elsewhere. */
const peersOf = {
  'pods/exec': [...running, 'trivy KSV-0053', 'kubescape C-0002', 'kics rbac_roles_with_exec_permission'],
  'pods/attach': [...running, 'trivy KSV-0054', 'kics rbac_roles_with_attach_permission'],
  'pods/portforward': ['kubescape C-0063', 'kics rbac_roles_with_port_forwarding_permission'],
};

export default defineRule('kubernetes-object', {
  meta: {
    id: 'kubernetes/role-pod-exec',
    rows: ['K903'],
    summary: 'A role should not open a shell in pods.',
    why: '`pods/exec`, `pods/attach` and `pods/portforward` reach into running containers: to their files, their mounted Secrets and the token of their service account. With a WebSocket, `get` is enough for them. People get in by a role that is bound for the time of need.',
    severity: 'information',
    optional: true,
    topic: 'security',
    messages: {
      reaches: 'Reaches into every container where it is bound: {resource}',
      nothing: '`pods/*` allows nothing: RBAC knows `*` before a slash alone, and `pods/exec` was meant',
      wildcard: '`*` reaches into containers too: exec and attach are resources of pods',
    },
    titles: {},
    fix: 'never',
    examples: [{ file: 'role.yaml', bad: role('pods/exec'), good: role('pods/log') }],
    options: {},
    sources: [...new Set(Object.values(peersOf).flat())],
  },
  *check(object) {
    // What the cloud's own network agent needs.
    if (object.name?.value === 'gce:podsecuritypolicy:calico-sa') return;
    for (const rule of policyRulesOf(object)) {
      const unknown = rule.resources.find(({ value }) => value === 'pods/*');
      if (unknown !== undefined) yield { message: 'nothing', span: unknown.span, peers: [] };
      const grant = execGrant(rule);
      if (grant === undefined) continue;
      const { value, span } = grant.resource;
      const peers = Object.entries(peersOf).flatMap(([resource, names]) =>
        grantOf(rule, { group: '', resources: [resource], verbs: ['create', 'get'] }) ? names : [],
      );
      yield {
        message: value === '*' ? 'wildcard' : 'reaches',
        data: { resource: value },
        span,
        peers: [...new Set(peers)],
      };
    }
  },
});
