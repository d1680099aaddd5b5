import type { Container, Workload } from '../../../kubernetes/model.ts';
import { ownSecurityField, podSecurityField, type SecurityField } from '../../../kubernetes/security-context.ts';

/** A security field of the pod, or of a container where there is one. */
export interface WrittenField {
  readonly field: SecurityField;
  readonly container: Container | undefined;
}

/**
 * A security field wherever it is written, for the pod first. The Pod Security Standards judge a bad value even where
 * every container overrides it.
 */
export function writtenFields(workload: Workload, name: string, ...below: readonly string[]): readonly WrittenField[] {
  const found: WrittenField[] = [];
  const pod = podSecurityField(workload, name, ...below);
  if (pod !== undefined && pod !== 'unknown') found.push({ field: pod, container: undefined });
  for (const container of workload.containers) {
    const own = ownSecurityField(container, name, ...below);
    if (own !== undefined && own !== 'unknown') found.push({ field: own, container });
  }
  return found;
}
