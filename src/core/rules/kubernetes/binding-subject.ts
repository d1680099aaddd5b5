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
    sources: [
      'checkov CKV_K8S_42',
      'trivy KSV-0122',
      'trivy KSV-0123',
      'trivy KSV-01011',
      'kubescape C-0262',
      'kubescape C-0265',
      'kubesec BindingsToSystemAnonymous',
      'kics role_binding_to_default_service_account',
      'datree CIS_INVALID_VALUE_SYSTEM_MASTERS',
      'kyverno restrict-binding-system-groups',
    ],
  },
  *check(object) {
    if (!isBinding(object) || isGiven(object)) return;
    // What everyone may ask the API server about itself.
    const role = knownText(object.root, 'roleRef', 'name')?.value ?? '';
    if (/^system:(?:public-info-viewer|discovery|basic-user|service-account-issuer-discovery)$/.test(role)) return;
    for (const { kind, name } of subjectsOf(object)) {
      const { value, span } = name;
      if (kind === 'ServiceAccount') {
        if (value === 'default') yield { message: 'account', span };
      } else if (everybody.test(value)) yield { message: 'anonymous', span };
      else if (value === 'system:authenticated') yield { message: 'authenticated', span };
      else if (value === 'system:masters') yield { message: 'masters', span };
      else if (kind === 'Group' && accounts.test(value)) yield { message: 'accounts', severity: 'information', span };
    }
  },
});
