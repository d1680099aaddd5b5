import type { ProposedFix } from '../../../engine/rule.ts';
import type { Container, Workload } from '../../../kubernetes/model.ts';
import {
  ownSecurityField,
  podSecurityField,
  podSecurityPath,
  securityField,
  securityPath,
} from '../../../kubernetes/security-context.ts';
import { onceFor } from '../../../text/once-for.ts';
import { fieldAt } from '../../../yaml/field.ts';
import type { YamlPatch } from '../../../yaml/node.ts';
import { patchFix } from '../../patch-fix.ts';
import { booleanOf } from './booleans.ts';
import { needsEscalation } from './escalation-needed.ts';

/** The title that a rule with this fix has under `scaffold`. */
export const scaffoldTitle = 'Write the whole restricted security context';

/** Whether a container is told to run as root, or may be: the kubelet refuses it beside `runAsNonRoot: true`. */
export function runsAsRoot(container: Container): boolean {
  const user = securityField(container, 'runAsUser');
  return user !== undefined && (user === 'unknown' || user.text === '0');
}

/**
 * The fix that writes what a pod lacks of the security context that the restricted Pod Security Standard asks for, for the
 * pod and for each container. What is written stays. Empty where less than two fields are missing.
 */
export const scaffoldFix = onceFor((workload: Workload): readonly ProposedFix<'scaffold'>[] => {
  const patches = [...podPatches(workload), ...workload.containers.flatMap(containerPatches)];
  if (patches.length < 2) return [];
  return patchFix(workload.object.document, { title: 'scaffold', safety: 'suggested', patches });
});

function podPatches(workload: Workload): readonly YamlPatch[] {
  const patches: YamlPatch[] = [];
  const hostUsers = fieldAt(workload.spec, 'hostUsers');
  // In a user namespace of its own, a pod mostly is there to run as root.
  const rootIsNobody = hostUsers === 'unknown' || booleanOf(hostUsers) === false;
  if (!rootIsNobody && lacks(workload, 'runAsNonRoot') && !workload.containers.some(runsAsRoot))
    patches.push({ kind: 'set', path: podSecurityPath(workload, 'runAsNonRoot'), value: true });
  if (!workload.windows && lacks(workload, 'seccompProfile', 'type'))
    patches.push({
      kind: 'set',
      path: podSecurityPath(workload, 'seccompProfile', 'type'),
      value: 'RuntimeDefault',
    });
  return patches;
}

/** Whether neither the pod nor one of its containers says anything. */
function lacks(workload: Workload, name: string, ...below: readonly string[]): boolean {
  return (
    podSecurityField(workload, name, ...below) === undefined &&
    workload.containers.some((container) => ownSecurityField(container, name, ...below) === undefined)
  );
}

function containerPatches(container: Container): readonly YamlPatch[] {
  if (container.workload.windows) return [];
  const patches: YamlPatch[] = [];
  if (ownSecurityField(container, 'allowPrivilegeEscalation') === undefined && !needsEscalation(container))
    patches.push({ kind: 'set', path: securityPath(container, 'allowPrivilegeEscalation'), value: false });
  if (fieldAt(container.node, 'securityContext', 'capabilities', 'drop') === undefined)
    patches.push({ kind: 'set', path: securityPath(container, 'capabilities', 'drop'), value: ['ALL'] });
  return patches;
}
