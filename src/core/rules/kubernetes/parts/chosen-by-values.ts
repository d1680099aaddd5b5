import type { Workload } from '../../../kubernetes/model.ts';
import type { Span } from '../../../text/span.ts';
import { asMapping, entry, valueAt } from '../../../yaml/read.ts';

/**
 * Whether a template writes something in a pod's spec only under a condition: who sets the value has chosen it, and the
 * chart does not.
 */
export function chosenByValues({ object, spec, specPath }: Workload, { start }: Span): boolean {
  const { actions, root, text } = object.document;
  if (actions.length === 0) return false;
  const holder = asMapping(valueAt(root, ...specPath.slice(0, -1)));
  // From the key on: a condition about the first field stands before the mapping.
  const from = entry(holder, 'spec')?.key.span.end ?? spec.span.start;
  let depth = 0;
  for (const action of actions) {
    if (action.start > start) break;
    if (action.start < from) continue;
    const word = /^\{\{-?\s*(\w+)/.exec(text.slice(action.start, action.start + 40))?.[1];
    if (word === 'if' || word === 'with' || word === 'range') depth++;
    // An `end` of what was begun before the spec closes nothing here.
    else if (word === 'end' && depth > 0) depth--;
  }
  return depth > 0;
}
