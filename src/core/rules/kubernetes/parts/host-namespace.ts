import type { Workload } from '../../../kubernetes/model.ts';
import { fieldAt } from '../../../yaml/field.ts';
import { patchFix } from '../../patch-fix.ts';
import { booleanOf } from './booleans.ts';
import { chosenByValues } from './chosen-by-values.ts';

/** The finding of a pod that shares a namespace of its node. Without the line, it has one of its own. */
export function* sharedNamespace(workload: Workload, key: 'hostNetwork' | 'hostPID' | 'hostIPC') {
  const field = fieldAt(workload.spec, key);
  if (field === undefined || field === 'unknown' || booleanOf(field) !== true) return;
  if (chosenByValues(workload, field.span)) return;
  yield {
    message: 'shared' as const,
    span: field.span,
    fixes: patchFix(workload.object.document, {
      title: 'unshare',
      safety: 'suggested',
      patches: [{ kind: 'remove', path: [...workload.specPath, key] }],
    }),
  };
}
