import { defineRule } from '../../engine/rule.ts';
import { fieldAt } from '../../yaml/field.ts';
import { entry } from '../../yaml/read.ts';
import { patchFix } from '../patch-fix.ts';

const manifest = (fields: string) => `apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: web
spec:
${fields}  selector:
    matchLabels:
      app: web
`;

export default defineRule('kubernetes-object', {
  meta: {
    id: 'kubernetes/disruption-budget-policy',
    rows: ['K612'],
    summary: 'A disruption budget should say one of `minAvailable` and `maxUnavailable`.',
    why: 'With both, the API server refuses the budget. With neither it is accepted, and says nothing of how many pods may be evicted.',
    severity: 'error',
    topic: 'correctness',
    messages: {
      both: '`minAvailable` and `maxUnavailable` exclude each other',
      neither: 'The budget does not say how many pods may go: neither `minAvailable` nor `maxUnavailable`',
    },
    titles: {
      keep: 'Keep `{kept}` only',
      one: 'Allow one at a time: `maxUnavailable: 1`',
    },
    fix: 'sometimes',
    examples: [
      {
        file: 'budget.yaml',
        bad: manifest('  minAvailable: 1\n  maxUnavailable: 1\n'),
        good: manifest('  maxUnavailable: 1\n'),
      },
    ],
    options: {},
    sources: ['kube-score poddisruptionbudget-has-policy'],
  },
  *check({ kind, root, path, document, context, name }) {
    if (kind.value !== 'PodDisruptionBudget' || context === 'patch') return;
    const least = fieldAt(root, 'spec', 'minAvailable');
    const most = fieldAt(root, 'spec', 'maxUnavailable');
    if (least === 'unknown' || most === 'unknown') return;
    const spec = [...path, 'spec'];
    if (least !== undefined && most !== undefined) {
      const keep = (kept: string, dropped: string) =>
        patchFix(document, {
          title: 'keep',
          data: { kept },
          safety: 'suggested',
          patches: [{ kind: 'remove', path: [...spec, dropped] }],
        });
      yield {
        message: 'both',
        span: most.span,
        fixes: [...keep('maxUnavailable', 'minAvailable'), ...keep('minAvailable', 'maxUnavailable')],
      };
      return;
    }
    if (least !== undefined || most !== undefined) return;
    yield {
      message: 'neither',
      severity: 'warning',
      span: name?.span ?? entry(root, 'spec')?.key.span ?? kind.span,
      fixes: patchFix(document, {
        title: 'one',
        safety: 'suggested',
        patches: [{ kind: 'set', path: [...spec, 'maxUnavailable'], value: 1 }],
      }),
    };
  },
});
