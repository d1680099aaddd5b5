import { defineRule } from '../../engine/rule.ts';
import { grantOf, policyRulesOf } from '../../kubernetes/policy-rules.ts';

const role = (more: string) => `apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: web
rules:
  - apiGroups: [""]
    resources: [secrets]
${more}    verbs: [get]
`;

export default defineRule('kubernetes-object', {
  meta: {
    id: 'kubernetes/role-secret-access',
    rows: ['K904'],
    summary: 'A role should not read all Secrets.',
    why: 'Who may get, list or watch Secrets has every password, key and token of the namespace, or of the whole cluster with a ClusterRole; who may make or change them can put in his own. `resourceNames` narrows it to those that are needed.',
    severity: 'information',
    topic: 'security',
    messages: {
      reads: 'Reads every Secret of its namespace: `resourceNames` would name those that it needs',
      cluster: 'Reads every Secret of wherever it is bound, the whole cluster perhaps',
      writes: 'May {verb} any Secret',
    },
    titles: {},
    fix: 'never',
    examples: [{ file: 'role.yaml', bad: role(''), good: role('    resourceNames: [web-tls]\n') }],
    options: {},
    sources: [
      'kube-linter access-to-secrets',
      'trivy KSV-0041',
      'trivy KSV-0113',
      'kubescape C-0015',
      'kubescape C-0186',
      'kics rbac_roles_with_read_secrets_permissions',
      'datree CIS_INVALID_VERB_SECRETS',
      'kyverno restrict-secret-role-verbs',
      'checkov CKV2_K8S_5',
    ],
  },
  *check(object) {
    for (const rule of policyRulesOf(object)) {
      const may = (verbs: readonly string[]) => grantOf(rule, { group: '', resources: ['secrets'], verbs });
      const reads = may(['get', 'list', 'watch']);
      const found = reads ?? may(['create', 'update', 'patch', 'delete', 'deletecollection']);
      // Every resource is another rule's finding. Names do not narrow `create`, which has none yet.
      if (found === undefined || found.resource.value !== 'secrets') continue;
      if (rule.named && (reads !== undefined || found.verb.value !== 'create')) continue;
      const { span } = found.verb;
      if (reads === undefined) yield { message: 'writes', data: { verb: found.verb.value }, span };
      else yield { message: object.kind.value === 'Role' ? 'reads' : 'cluster', span };
    }
  },
});
