import { type Binding, bindingsOf } from '../../../kubernetes/bindings.ts';
import type { KubernetesFile } from '../../../kubernetes/model.ts';
import { builtInRoles, rulesOf } from '../../../kubernetes/policy-rules.ts';
import { execGrant } from './exec-grant.ts';

/** Built-in roles that let their holder run something in pods. */
const reaching = /^(?:cluster-admin|admin|edit)$/;

/** The bindings of roles of a kind that open pods: those seen to do so, and those whose role is nowhere to be seen. */
export function* execBindings(file: KubernetesFile, roleKind: Binding['kind']) {
  for (const { object, start, kind, role, target } of bindingsOf(file)) {
    if (kind !== roleKind) continue;
    const place = { data: { role: role.value }, span: role.span, offset: start };
    if (target.kind === 'found') {
      const grant = rulesOf(target.object.object)
        .map(execGrant)
        .find((one) => one !== undefined);
      if (grant === undefined) continue;
      const related = [{ message: 'granted', span: grant.resource.span, neighbour: target.object }] as const;
      yield { message: 'reaches', ...place, related } as const;
    } else if (kind === 'ClusterRole' && reaching.test(role.value)) {
      yield { message: 'reaches', ...place } as const;
    } else if (target.kind !== 'exists' && !builtInRoles.test(role.value) && object.context === 'manifest') {
      yield { message: 'unseen', severity: 'information', ...place } as const;
    }
  }
}
