import { defineRule } from '../../engine/rule.ts';
import { grantOf, policyRulesOf, type Right } from '../../kubernetes/policy-rules.ts';

const role = (verb: string) => `apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: reader
rules:
  - apiGroups: [""]
    resources: [pods]
    verbs: [${verb}]
`;

const verbs = ['create'];
const rights: readonly Right[] = [
  { group: '', resources: ['pods', 'replicationcontrollers'], verbs },
  { group: 'apps', resources: ['deployments', 'statefulsets', 'daemonsets', 'replicasets'], verbs },
  { group: 'batch', resources: ['jobs', 'cronjobs'], verbs },
];

export default defineRule('kubernetes-object', {
  meta: {
    id: 'kubernetes/role-creates-pods',
    rows: ['K903'],
    summary: 'Few roles should make pods.',
    why: 'Who makes pods chooses their image, their service account and the Secrets that they mount: it is as good as holding all of these in the namespace, and without Pod Security Standards the nodes as well.',
    severity: 'information',
    optional: true,
    topic: 'security',
    messages: { creates: 'Makes {resource}: with them it has every service account and Secret of the namespace' },
    titles: {},
    fix: 'never',
    examples: [{ file: 'role.yaml', bad: role('create'), good: role('get') }],
    options: {},
    sources: [
      'kube-linter access-to-create-pods',
      'trivy KSV-0048',
      'kubescape C-0188',
      'kics permissive_access_to_create_pods',
      'monokle KBP107',
      'datree CIS_INVALID_VALUE_CREATE_POD',
    ],
  },
  *check(object) {
    for (const rule of policyRulesOf(object)) {
      const grant = rights.map((right) => grantOf(rule, right)).find((one) => one !== undefined);
      if (grant === undefined) continue;
      const { value, span } = grant.resource;
      yield { message: 'creates', data: { resource: value === '*' ? 'every resource, pods too' : value }, span };
    }
  },
});
