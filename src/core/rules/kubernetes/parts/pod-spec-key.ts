import type { Workload } from '../../../kubernetes/model.ts';
import type { Span } from '../../../text/span.ts';
import { labelSpan } from '../../../yaml/field.ts';
import { asMapping, entry, valueAt } from '../../../yaml/read.ts';

/** The key `spec` of the pods of a workload: the place to underline where something is missing in it. */
export function podSpecKey({ object, spec, specPath }: Workload): Span {
  const holder = asMapping(valueAt(object.document.root, ...specPath.slice(0, -1)));
  return entry(holder, 'spec')?.key.span ?? labelSpan(spec);
}
