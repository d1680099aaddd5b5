import { defineRule } from '../../engine/rule.ts';
import { grantOf, type PolicyRule, policyRulesOf, type Right } from '../../kubernetes/policy-rules.ts';

type Message =
  | 'escalate'
  | 'bind'
  | 'impersonate'
  | 'roles'
  | 'bindings'
  | 'token'
  | 'node'
  | 'approve'
  | 'webhook'
  | 'volume';

const rbac = 'rbac.authorization.k8s.io';
const writes = ['create', 'update', 'patch'];

/** Rights that lead to all others, and how they are told; the first that fits a rule is told. */
const rights: readonly (Right & { readonly message: Message })[] = [
  { message: 'escalate', group: rbac, resources: ['roles', 'clusterroles'], verbs: ['escalate'] },
  {
    message: 'bind',
    group: rbac,
    resources: ['roles', 'clusterroles', 'rolebindings', 'clusterrolebindings'],
    verbs: ['bind'],
  },
  {
    message: 'impersonate',
    group: '',
    resources: ['users', 'groups', 'serviceaccounts', 'userextras'],
    verbs: ['impersonate'],
  },
  {
    message: 'impersonate',
    group: 'authentication.k8s.io',
    resources: ['uids', 'userextras/scopes'],
    verbs: ['impersonate'],
  },
  { message: 'bindings', group: rbac, resources: ['rolebindings', 'clusterrolebindings'], verbs: writes },
  { message: 'roles', group: rbac, resources: ['roles', 'clusterroles'], verbs: writes },
  { message: 'token', group: '', resources: ['serviceaccounts/token'], verbs: ['create'] },
  { message: 'node', group: '', resources: ['nodes/proxy'], verbs: ['get', ...writes] },
  {
    message: 'approve',
    group: 'certificates.k8s.io',
    resources: ['certificatesigningrequests/approval'],
    verbs: ['update', 'patch'],
  },
  { message: 'approve', group: 'certificates.k8s.io', resources: ['signers'], verbs: ['approve', 'sign'] },
  {
    message: 'webhook',
    group: 'admissionregistration.k8s.io',
    resources: ['mutatingwebhookconfigurations', 'validatingwebhookconfigurations'],
    verbs: writes,
  },
  { message: 'volume', group: '', resources: ['persistentvolumes'], verbs: ['create'] },
];

/** Where the object itself is what is needed, as for the operators that these resources are there for. */
const milder: ReadonlySet<Message> = new Set(['roles', 'bindings', 'approve', 'webhook', 'volume', 'token']);

const role = (verbs: string) => `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: manager
rules:
  - apiGroups: [rbac.authorization.k8s.io]
    resources: [clusterroles]
    verbs: ${verbs}
`;

export default defineRule('kubernetes-object', {
  meta: {
    id: 'kubernetes/role-escalation',
    rows: ['K903'],
    summary: 'A role should not be able to give itself more rights.',
    why: 'Some rights lead to all others: `escalate` and `bind` get around the check that nobody grants more than he has, `impersonate` is whoever it likes to be, tokens and certificates are identities, webhooks and nodes see and change everything that passes. Operators that need them name the objects in `resourceNames`.',
    severity: 'warning',
    topic: 'security',
    messages: {
      escalate: '`escalate` writes any right into roles, also those that its holder does not have',
      bind: '`bind` gives its holder any role, cluster-admin among them',
      impersonate: '`impersonate` acts as somebody else, with all that he may do',
      roles: 'Changes roles: it can pass on all that its holder may do',
      bindings: 'Changes bindings: it can pass on all that its holder may do',
      token: 'Makes tokens for service accounts: it can act as each of them',
      node: '`nodes/proxy` runs commands in every pod of a node, past the API server and its audit log',
      approve: 'Approves certificates: it can make itself an identity of any name',
      webhook: 'Changes webhooks: they see and change what others send to the API server',
      volume: 'Makes volumes: one of type hostPath opens the disk of a node',
    },
    titles: {},
    fix: 'never',
    examples: [{ file: 'role.yaml', bad: role('[get, escalate]'), good: role('[get]') }],
    options: {},
    sources: [
      'checkov CKV_K8S_155',
      'checkov CKV_K8S_156',
      'checkov CKV_K8S_157',
      'checkov CKV_K8S_158',
      'trivy KSV-0043',
      'trivy KSV-0047',
      'trivy KSV-0050',
      'trivy KSV-0051',
      'trivy KSV-0052',
      'trivy KSV-0055',
      'trivy KSV-0114',
      'kubescape C-0065',
      'kubescape C-0191',
      'kubescape C-0278',
      'kubescape C-0279',
      'kubescape C-0280',
      'kubescape C-0281',
      'kubescape C-0282',
      'kics rbac_roles_allow_privilege_escalation',
      'kics rbac_roles_with_impersonate_permission',
      'sonar S6868',
      'monokle KBP108',
      'kyverno restrict-escalation-verbs-roles',
      'datree CIS_INVALID_VALUE_BIND_IMPERSONATE_ESCALATE',
    ],
  },
  *check(object) {
    for (const rule of policyRulesOf(object)) {
      const found = firstOf(rule);
      if (found === undefined) continue;
      const { message, span } = found;
      yield milder.has(message) ? { message, severity: 'information', span } : { message, span };
    }
  },
});

function firstOf(rule: PolicyRule) {
  // Names tie it to objects that somebody chose.
  if (rule.named) return undefined;
  for (const right of rights) {
    const grant = grantOf(rule, right);
    // Every verb of every resource is another rule's finding.
    if (grant === undefined || (grant.resource.value === '*' && grant.verb.value === '*')) continue;
    const written = right.verbs.length === 1;
    // `*` in resources grants no more here than its verb tells.
    if (grant.resource.value === '*' && !/^(?:escalate|bind|impersonate)$/.test(grant.verb.value)) continue;
    return { message: right.message, span: written ? grant.verb.span : grant.resource.span };
  }
  return undefined;
}
