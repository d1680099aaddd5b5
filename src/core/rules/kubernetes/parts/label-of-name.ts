import type { ProposedFix } from '../../../engine/rule.ts';
import type { KubernetesObject } from '../../../kubernetes/model.ts';
import { makesPods } from '../../../kubernetes/workload.ts';
import type { Span } from '../../../text/span.ts';
import { fieldAt } from '../../../yaml/field.ts';
import { patchFix } from '../../patch-fix.ts';

export interface LabelFinding {
  readonly message: 'missing' | 'other';
  readonly data: { readonly value: string; readonly name: string };
  readonly span: Span;
  readonly fixes: readonly ProposedFix<'set'>[];
}

/** What is wrong with a label of an object that makes pods, where it should be the object's name; nothing where a template decides. */
export function labelOfName(object: KubernetesObject, label: string): LabelFinding | undefined {
  const { name, labels, root, path, document } = object;
  if (name === undefined || !makesPods(object)) return undefined;
  const written = labels.get(label);
  if (written === undefined) {
    if (object.context === 'patch' || fieldAt(root, 'metadata', 'labels', label) !== undefined) return undefined;
  } else if (written.value === name.value) return undefined;
  return {
    message: written === undefined ? 'missing' : 'other',
    data: { value: written?.value ?? '', name: name.value },
    span: written?.span ?? name.span,
    fixes: patchFix(document, {
      title: 'set',
      data: { name: name.value },
      safety: 'suggested',
      patches: [{ kind: 'set', path: [...path, 'metadata', 'labels', label], value: name.value }],
    }),
  };
}
