import type { Container } from '../../../kubernetes/model.ts';
import { type SecurityField, securityField, securityPath } from '../../../kubernetes/security-context.ts';
import type { Span } from '../../../text/span.ts';
import { fieldAt } from '../../../yaml/field.ts';
import { missingPlace } from '../../../yaml/missing-place.ts';
import type { YamlPatch } from '../../../yaml/node.ts';
import { patchFix } from '../../patch-fix.ts';
import { booleanOf } from './booleans.ts';

/** The first number that no account of a node or of an image is likely to have, as kube-score and Checkov take it. */
const high = 10_000;

export interface LowId {
  readonly kind: 'low' | 'missing';
  readonly span: Span;
  readonly id: string;
  readonly field: SecurityField | undefined;
}

/** What is wrong with the number of a container's user or group: too low, or not said; undefined where nothing is. */
export function lowId(container: Container, name: 'runAsUser' | 'runAsGroup'): LowId | undefined {
  const { workload, node, label } = container;
  if (workload.windows) return undefined;
  // In a user namespace of its own these are not the numbers of the node.
  const hostUsers = fieldAt(workload.spec, 'hostUsers');
  if (hostUsers === 'unknown' || booleanOf(hostUsers) === false) return undefined;
  const field = securityField(container, name);
  if (field === 'unknown') return undefined;
  if (field === undefined)
    return workload.object.context === 'patch'
      ? undefined
      : { kind: 'missing', span: missingPlace(node, label, 'securityContext'), id: '', field };
  // A pod's number is told once, for the first container that takes it.
  if (field.level === 'pod' && workload.containers.find((other) => takes(other, field)) !== container) return undefined;
  const { text = '' } = field;
  return /^\d+$/.test(text) && Number(text) < high ? { kind: 'low', span: field.span, id: text, field } : undefined;
}

function takes(container: Container, { level, path }: SecurityField): boolean {
  const name = path.at(-1);
  const field = typeof name === 'string' ? securityField(container, name) : undefined;
  return field !== undefined && field !== 'unknown' && field.level === level;
}

/** Sets the number where it is written, else for the container. */
export function highIdFix(container: Container, name: 'runAsUser' | 'runAsGroup', { field }: LowId) {
  const patch: YamlPatch = { kind: 'set', path: field?.path ?? securityPath(container, name), value: high + 1 };
  return patchFix(container.workload.object.document, { title: 'high', safety: 'suggested', patches: [patch] });
}
