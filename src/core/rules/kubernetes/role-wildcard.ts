import { defineRule } from '../../engine/rule.ts';
import { policyRulesOf } from '../../kubernetes/policy-rules.ts';

const ofAny = [
  'kube-linter wildcard-in-rules',
  'checkov CKV_K8S_49',
  'trivy KSV-0044',
  'trivy KSV-0045',
  'trivy KSV-0046',
  'kubescape C-0187',
  'sonar S6867',
  'kics rbac_wildcard_in_rule',
  'datree CONTAINERS_INCORRECT_RESOURCES_VERBS_VALUE',
  'kyverno restrict-wildcard-verbs',
  'kyverno restrict-wildcard-resources',
  'semgrep legacy-api-clusterrole-excessive-permissions',
  'datree CIS_INVALID_WILDCARD_ROLE',
] as const;

/** It reports what is as good as cluster-admin, and no less. */
const ofEverything = 'kube-linter wildcard-resource-verb-combo';

const role = (resources: string) => `apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: reader
rules:
  - apiGroups: [""]
    resources: ${resources}
    verbs: [get, list]
`;

export default defineRule('kubernetes-object', {
  meta: {
    id: 'kubernetes/role-wildcard',
    rows: ['K901'],
    summary: 'A role should name what it allows.',
    why: '`*` allows every resource or every verb, Secrets and `escalate` among them, and also what a later version or another operator adds to the API. Whoever takes over one account with such a role has all of that.',
    severity: 'information',
    topic: 'security',
    messages: {
      everything: 'Allows everything with every resource here',
      resources: 'Allows every resource, also those that come later',
      verbs: 'Allows every verb, also those that come later',
      groups: 'Allows this in every group of the API',
      paths: 'Allows every path of the API server',
    },
    titles: {},
    fix: 'never',
    examples: [{ file: 'role.yaml', bad: role('["*"]'), good: role('[pods]') }],
    options: {},
    sources: [...ofAny, ofEverything],
  },
  *check(object) {
    for (const { resources, verbs, apiGroups, nonResourceURLs } of policyRulesOf(object)) {
      const every = resources.filter(isWildcard);
      const all = verbs.filter(isWildcard);
      // In the group of an operator it is that operator's own business.
      const core = apiGroups.some(({ value }) => value === '' || value === '*');
      for (const { span } of every) {
        if (all.length === 0) yield { message: 'resources', span, peers: ofAny };
        else if (core) yield { message: 'everything', severity: 'warning', span };
        else yield { message: 'everything', severity: 'information', span, peers: ofAny };
      }
      for (const { span } of all) yield { message: 'verbs', span, peers: ofAny };
      for (const { span } of apiGroups.filter(isWildcard)) yield { message: 'groups', span, peers: ofAny };
      for (const { span } of nonResourceURLs.filter(isWildcard)) yield { message: 'paths', span, peers: ofAny };
    }
  },
});

function isWildcard({ value }: { readonly value: string }): boolean {
  return value === '*';
}
