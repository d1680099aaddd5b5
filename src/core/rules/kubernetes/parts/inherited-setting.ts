import type { Container, Workload } from '../../../kubernetes/model.ts';
import { ownSecurityField, podSecurityField, type SecurityField } from '../../../kubernetes/security-context.ts';
import type { Span } from '../../../text/span.ts';
import { missingPlace } from '../../../yaml/missing-place.ts';

/** A breach of a setting that containers take from their pod. */
export type Breach =
  /** A value that is not allowed, of the pod or of one container. */
  | { readonly kind: 'bad'; readonly field: SecurityField; readonly container: Container | undefined }
  /** Neither the container nor its pod says anything. */
  | { readonly kind: 'missing'; readonly span: Span; readonly container: Container };

/**
 * Where a workload breaks a setting by the Pod Security Standards: a bad value counts wherever it stands, even a pod's
 * that every container overrides; a container without one breaks it unless the pod has it.
 * @param below the field within the setting that is judged
 */
export function breaches(
  workload: Workload,
  name: string,
  below: readonly string[],
  allowed: (text: string | undefined) => boolean,
): readonly Breach[] {
  const found: Breach[] = [];
  const pod = podSecurityField(workload, name, ...below);
  if (pod !== undefined && pod !== 'unknown' && !allowed(pod.text)) {
    found.push({ kind: 'bad', field: pod, container: undefined });
  }
  for (const container of workload.containers) {
    const own = ownSecurityField(container, name, ...below);
    if (own === 'unknown') continue;
    if (own !== undefined) {
      if (!allowed(own.text)) found.push({ kind: 'bad', field: own, container });
    } else if (pod === undefined && workload.object.context !== 'patch') {
      const span = missingPlace(container.node, container.label, 'securityContext', name);
      found.push({ kind: 'missing', span, container });
    }
  }
  return found;
}
