import { defineRule } from '../../engine/rule.ts';
import { bindingsOf, subjectsOf } from '../../kubernetes/bindings.ts';
import { type PolicyRule, rulesOf } from '../../kubernetes/policy-rules.ts';

const binding = (role: string) => `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: deployer
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: ${role}
subjects:
  - kind: ServiceAccount
    name: deployer
    namespace: ci
`;

const verbs = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete'];

export default defineRule('kubernetes-file', {
  meta: {
    id: 'kubernetes/cluster-admin-binding',
    rows: ['K902'],
    summary: 'Nothing that runs in the cluster should be its administrator.',
    why: '`cluster-admin`, and a role that allows everything under another name, may do anything with any object. A service account that has it makes each pod that mounts its token a way to the whole cluster; in a RoleBinding it is the whole namespace.',
    severity: 'warning',
    topic: 'security',
    messages: {
      cluster: 'Gives the whole cluster away: {role} may do everything',
      namespace: 'Gives the whole namespace away: {role} may do everything',
      defined: '`{role}` is defined here',
    },
    titles: {},
    fix: 'never',
    examples: [{ file: 'binding.yaml', bad: binding('cluster-admin'), good: binding('deployer') }],
    options: {},
    sources: [
      'kube-linter cluster-admin-role-binding',
      'polaris clusterrolebindingClusterAdmin',
      'polaris rolebindingClusterAdminClusterRole',
      'polaris rolebindingClusterAdminRole',
      'trivy KSV-0111',
      'kubescape C-0035',
      'kubescape C-0185',
      'kubescape C-0272',
      'kyverno restrict-binding-clusteradmin',
      'kics cluster_admin_role_binding_with_super_user_permissions',
      'datree CIS_INVALID_ROLE_CLUSTER_ADMIN',
    ],
  },
  *check(file) {
    for (const { object, start, kind, role, target } of bindingsOf(file)) {
      const data = { role: role.value };
      const admin = kind === 'ClusterRole' && role.value === 'cluster-admin';
      const defined = target.kind === 'found' ? target.object : undefined;
      if (!admin && !(defined && rulesOf(defined.object).some(allowsEverything))) continue;
      const subjects = subjectsOf(object);
      // The group that has it in any case.
      if (subjects.length > 0 && subjects.every(({ name }) => name.value === 'system:masters')) continue;
      yield {
        message: object.kind.value === 'RoleBinding' ? 'namespace' : 'cluster',
        data,
        span: role.span,
        offset: start,
        ...(defined &&
          !admin && {
            related: [
              {
                message: 'defined',
                span: defined.object.name?.span ?? defined.object.kind.span,
                neighbour: defined,
              } as const,
            ],
          }),
      };
    }
  },
});

function allowsEverything(rule: PolicyRule): boolean {
  const all = (words: PolicyRule['verbs']) => words.some(({ value }) => value === '*');
  const each = verbs.every((verb) => rule.verbs.some(({ value }) => value === verb));
  return !rule.named && all(rule.apiGroups) && all(rule.resources) && (each || all(rule.verbs));
}
