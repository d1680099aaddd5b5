import { defineRule } from '../../engine/rule.ts';
import { grantOf, type PolicyRule, policyRulesOf, type Right } from '../../kubernetes/policy-rules.ts';

const rbac = 'rbac.authorization.k8s.io';

const granting = 'kics rbac_roles_allow_privilege_escalation';
const impersonating = [
  'kube-linter impersonate-without-resource-names',
  'checkov CKV2_K8S_3',
  'trivy KSV-0043',
  'kubescape C-0065',
  'kics rbac_roles_with_impersonate_permission',
];
const ofEach = [
  'kubescape C-0191',
  'monokle KBP108',
  'kyverno restrict-escalation-verbs-roles',
  'datree CIS_INVALID_VALUE_BIND_IMPERSONATE_ESCALATE',
];

/** The verbs that get around the check that nobody grants more than he has; the first that fits a rule is told. */
const rights: readonly (Right & {
  readonly message: 'escalate' | 'bind' | 'impersonate';
  readonly peers: readonly string[];
})[] = [
  {
    message: 'escalate',
    group: rbac,
    resources: ['roles', 'clusterroles'],
    verbs: ['escalate'],
    peers: ['kube-linter escalate-verb-in-role', 'checkov CKV_K8S_158', granting],
  },
  {
    message: 'bind',
    group: rbac,
    resources: ['roles', 'clusterroles', 'rolebindings', 'clusterrolebindings'],
    verbs: ['bind'],
    peers: ['kube-linter bind-verb-in-role', 'checkov CKV_K8S_157', 'checkov CKV2_K8S_1', 'trivy KSV-0051', granting],
  },
  {
    message: 'impersonate',
    group: '',
    resources: ['users', 'groups', 'serviceaccounts'],
    verbs: ['impersonate'],
    peers: impersonating,
  },
  {
    message: 'impersonate',
    group: 'authentication.k8s.io',
    resources: ['uids'],
    verbs: ['impersonate'],
    peers: impersonating,
  },
];

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
    why: 'The API server lets nobody grant more than he has. `escalate` and `bind` get around that, and `impersonate` is whoever it likes to be: one of them leads to all other rights. Operators that need one name the objects in `resourceNames`.',
    severity: 'warning',
    topic: 'security',
    messages: {
      escalate: '`escalate` writes any right into roles, also those that its holder does not have',
      bind: '`bind` gives its holder any role, cluster-admin among them',
      impersonate: '`impersonate` acts as somebody else, with all that he may do',
    },
    titles: {},
    fix: 'never',
    examples: [{ file: 'role.yaml', bad: role('[get, escalate]'), good: role('[get]') }],
    options: {},
    sources: [...ofEach, ...new Set(rights.flatMap(({ peers }) => peers))],
  },
  *check(object) {
    for (const rule of policyRulesOf(object)) {
      const found = firstOf(rule);
      if (found !== undefined) yield found;
    }
  },
});

/** The first right that the rule grants, and the peers that report any. */
function firstOf(rule: PolicyRule) {
  // Names tie it to objects that somebody chose.
  if (rule.named) return undefined;
  const granted = rights.flatMap((right) => {
    const grant = grantOf(rule, right);
    if (grant === undefined) return [];
    // Every verb of other things is another rule's finding.
    if (grant.verb.value === '*' && (grant.resource.value === '*' || right.group !== rbac)) return [];
    return [{ ...right, span: grant.verb.span }];
  });
  const [first] = granted;
  const peers = [...ofEach, ...new Set(granted.flatMap((right) => right.peers))];
  return first && { message: first.message, span: first.span, peers };
}
