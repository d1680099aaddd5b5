import { defineRule } from '../../engine/rule.ts';
import { isGiven, subjectsOf } from '../../kubernetes/bindings.ts';
import { isBinding } from '../../kubernetes/policy-rules.ts';
import { knownText } from '../../yaml/field.ts';

const binding = (name: string) => `apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: readers
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: Role
  name: reader
subjects:
  - kind: ServiceAccount
    name: ${name}
    namespace: shop
`;

const system = 'kyverno restrict-binding-system-groups';
const peers = {
  account: ['checkov CKV_K8S_42', 'kics role_binding_to_default_service_account'],
  accounts: [],
  anonymous: ['trivy KSV-0122', 'kubescape C-0262', 'kubesec BindingsToSystemAnonymous', system],
  authenticated: ['trivy KSV-01011', 'kubescape C-0265'],
  masters: ['trivy KSV-0123', 'datree CIS_INVALID_VALUE_SYSTEM_MASTERS', system],
};

const everybody = /^system:(?:anonymous|unauthenticated)$/;
const accounts = /^system:serviceaccounts(?::.+)?$/;

export default defineRule('kubernetes-object', {
  meta: {
    id: 'kubernetes/binding-subject',
    rows: ['K905'],
    summary: 'A role should go to somebody in particular.',
    why: 'Every pod that says nothing runs as the service account `default`: what is bound to it is bound to all of these, also to those of tomorrow. `system:anonymous` and `system:unauthenticated` are whoever reaches the API server, `system:authenticated` is everyone with any account, and nothing takes a right from `system:masters` again.',
    severity: 'warning',
    topic: 'security',
    messages: {
      account: 'These rights go to every pod of the namespace that names no service account',
      accounts: 'These rights go to every service account, also to those of tomorrow',
      anonymous: 'These rights go to whoever reaches the API server, without an account',
      authenticated: 'These rights go to everyone who has an account in the cluster',
      masters: 'These rights go to system:masters, which may do everything and cannot be stopped by any policy',
    },
    titles: {},
    fix: 'never',
    examples: [{ file: 'binding.yaml', bad: binding('default'), good: binding('web') }],
    options: {},
    sources: [...new Set(Object.values(peers).flat())],
  },
  *check(object) {
    if (!isBinding(object) || isGiven(object)) return;
    // What everyone may ask the API server about itself.
    const role = knownText(object.root, 'roleRef', 'name')?.value ?? '';
    if (/^system:(?:public-info-viewer|discovery|basic-user|service-account-issuer-discovery)$/.test(role)) return;
    for (const { kind, name } of subjectsOf(object)) {
      const { value, span } = name;
      const message = messageFor(kind, value);
      if (message === undefined) continue;
      const severity = message === 'accounts' ? 'information' : 'warning';
      yield { message, severity, span, peers: peers[message] };
    }
  },
});

function messageFor(kind: string | undefined, name: string): keyof typeof peers | undefined {
  if (kind === 'ServiceAccount') return name === 'default' ? 'account' : undefined;
  if (everybody.test(name)) return 'anonymous';
  if (name === 'system:authenticated') return 'authenticated';
  if (name === 'system:masters') return 'masters';
  return kind === 'Group' && accounts.test(name) ? 'accounts' : undefined;
}
