import { type Grant, grantOf, type PolicyRule } from '../../../kubernetes/policy-rules.ts';

/** Where a rule of a role lets its holder run something in pods, or talk to what runs there. */
export function execGrant(rule: PolicyRule): Grant | undefined {
  return grantOf(rule, {
    group: '',
    resources: ['pods/exec', 'pods/attach', 'pods/portforward'],
    verbs: ['create', 'get'],
  });
}
