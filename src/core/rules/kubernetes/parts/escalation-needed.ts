import type { Container } from '../../../kubernetes/model.ts';
import { ownSecurityField } from '../../../kubernetes/security-context.ts';
import { knownItems, scalarText } from '../../../yaml/field.ts';
import { booleanOf } from './booleans.ts';

/** Whether the API server refuses `allowPrivilegeEscalation: false` for a container, or may: it is privileged or adds SYS_ADMIN. */
export function needsEscalation(container: Container): boolean {
  const privileged = ownSecurityField(container, 'privileged');
  return (
    privileged === 'unknown' ||
    (privileged !== undefined && booleanOf(privileged.node) === true) ||
    knownItems(container.node, 'securityContext', 'capabilities', 'add').some(({ node }) =>
      /^(?:CAP_)?SYS_ADMIN$/.test(scalarText(node)?.value ?? ''),
    )
  );
}
