import { defineRule } from '../../engine/rule.ts';
import { execBindings } from './parts/bound-exec.ts';

const manifest = (resource: string) => `apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: support
rules:
  - apiGroups: [""]
    resources: [${resource}]
    verbs: [create]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: support
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: Role
  name: support
subjects:
  - kind: Group
    name: support
`;

export default defineRule('kubernetes-file', {
  meta: {
    id: 'kubernetes/role-exec-bound',
    rows: ['K903'],
    summary: 'Nobody should hold a role of the namespace that opens pods for good.',
    why: 'Whoever may `exec`, `attach` or `portforward` gets at the files, the mounted Secrets and the service account of every pod that the binding covers. For policies that want to know each such binding; what a role allows that stands in none of the files has to be looked up.',
    severity: 'information',
    optional: true,
    topic: 'security',
    messages: {
      reaches: '`{role}` reaches into running containers',
      unseen: '`{role}` is in none of these files: it may reach into running containers',
      granted: 'Here it does',
    },
    titles: {},
    fix: 'never',
    examples: [{ file: 'roles.yaml', bad: manifest('pods/exec'), good: manifest('pods/eviction') }],
    options: {},
    sources: ['polaris rolebindingRolePodExecAttach'],
  },
  *check(file) {
    yield* execBindings(file, 'Role');
  },
});
