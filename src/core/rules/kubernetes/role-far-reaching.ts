import { defineRule } from '../../engine/rule.ts';
import { grantOf, type PolicyRule, policyRulesOf, type Right } from '../../kubernetes/policy-rules.ts';

type Message = 'bindings' | 'roles' | 'token' | 'node' | 'approve' | 'webhook' | 'volume' | 'status';

const rbac = 'rbac.authorization.k8s.io';
const certificates = 'certificates.k8s.io';
const writes = ['create', 'update', 'patch'];

/** Rights over what others rely on; the first that fits a rule is told. */
const rights: readonly (Right & { readonly message: Message; readonly peers: readonly string[] })[] = [
  {
    message: 'bindings',
    group: rbac,
    resources: ['rolebindings', 'clusterrolebindings'],
    verbs: writes,
    peers: ['trivy KSV-0050', 'trivy KSV-0052', 'trivy KSV-0055'],
  },
  {
    message: 'roles',
    group: rbac,
    resources: ['roles', 'clusterroles'],
    verbs: writes,
    peers: ['trivy KSV-0050'],
  },
  {
    message: 'token',
    group: '',
    resources: ['serviceaccounts/token'],
    verbs: ['create'],
    peers: ['kubescape C-0282'],
  },
  {
    message: 'node',
    group: '',
    resources: ['nodes/proxy'],
    verbs: ['get', ...writes],
    peers: ['trivy KSV-0047', 'kubescape C-0279', 'checkov CKV2_K8S_2'],
  },
  {
    message: 'approve',
    group: certificates,
    resources: ['certificatesigningrequests/approval'],
    verbs: ['update', 'patch'],
    peers: ['checkov CKV_K8S_156', 'kubescape C-0280'],
  },
  {
    message: 'webhook',
    group: 'admissionregistration.k8s.io',
    resources: ['mutatingwebhookconfigurations', 'validatingwebhookconfigurations'],
    verbs: writes,
    peers: ['checkov CKV_K8S_155', 'trivy KSV-0114', 'kubescape C-0281'],
  },
  { message: 'volume', group: '', resources: ['persistentvolumes'], verbs: ['create'], peers: ['kubescape C-0278'] },
  {
    message: 'status',
    group: '',
    resources: ['services/status'],
    verbs: ['update', 'patch'],
    peers: ['checkov CKV2_K8S_4'],
  },
];

/** Whoever approves a request needs this right too, over the name of the signer. */
const approves: Right = { group: certificates, resources: ['signers'], verbs: ['approve'] };

const role = (resources: string) => `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: agent
rules:
  - apiGroups: [""]
    resources: ${resources}
    verbs: [get]
`;

export default defineRule('kubernetes-object', {
  meta: {
    id: 'kubernetes/role-far-reaching',
    rows: ['K903'],
    summary: 'Few roles should reach what the rest of the cluster relies on.',
    why: 'Tokens and certificates are identities, webhooks see and change all that is sent to the API server, `nodes/proxy` talks to the kubelet past it, volumes may be disks of nodes. Some operators are there for just that; others get it by a copied role.',
    severity: 'information',
    topic: 'security',
    messages: {
      bindings: 'Changes bindings: it can pass on all that its holder may do',
      roles: 'Changes roles: it can pass on all that its holder may do',
      token: 'Makes tokens for service accounts: it can act as each of them',
      node: '`nodes/proxy` runs commands in every pod of a node, past the API server and its audit log',
      approve: 'Approves certificates: it can make itself an identity of any name',
      webhook: 'Changes webhooks: they see and change what others send to the API server',
      volume: 'Makes volumes: one of type hostPath opens the disk of a node',
      status: 'Writes the status of Services: an address of others put there draws their traffic away',
    },
    titles: {},
    fix: 'never',
    examples: [{ file: 'role.yaml', bad: role('[nodes, nodes/proxy]'), good: role('[nodes, nodes/metrics]') }],
    options: {},
    sources: [...new Set(rights.flatMap(({ peers }) => peers))],
  },
  *check(object) {
    const rules = policyRulesOf(object);
    for (const rule of rules) {
      const found = firstOf(rule, rules);
      if (found !== undefined) yield found;
    }
  },
});

/** The first right that the rule grants, and the peers that report any. */
function firstOf(rule: PolicyRule, all: readonly PolicyRule[]) {
  // Names tie it to objects that somebody chose.
  if (rule.named) return undefined;
  const granted = rights.flatMap((right) => {
    const grant = grantOf(rule, right);
    if (grant === undefined) return [];
    // Every resource of the core or of every group is another rule's finding.
    if (grant.resource.value === '*' && !rule.apiGroups.some(({ value }) => value !== '' && value === right.group))
      return [];
    if (right.message === 'approve' && !all.some((other) => grantOf(other, approves))) return [];
    return [{ ...right, span: grant.resource.span }];
  });
  const [first] = granted;
  return (
    first && { message: first.message, span: first.span, peers: [...new Set(granted.flatMap(({ peers }) => peers))] }
  );
}
