import { defineRule } from '../../engine/rule.ts';
import { claimsOf } from '../../kubernetes/claims.ts';
import { fieldAt, isEmptyList } from '../../yaml/field.ts';
import { patchFix } from '../patch-fix.ts';

const claim = (rest: string) => `apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: data
spec:
  accessModes:
    - ReadWriteOnce
${rest}`;

export default defineRule('kubernetes-object', {
  meta: {
    id: 'kubernetes/claim-incomplete',
    rows: ['K116'],
    summary: 'A claim says how much storage it wants, and how it is mounted.',
    why: 'A PersistentVolumeClaim without `resources.requests.storage` or without access modes is refused. The API server looks at the claim templates of a StatefulSet only when it makes the claims: the StatefulSet is there then, and its pods never are.',
    severity: 'error',
    topic: 'resources',
    messages: {
      storage: 'The claim asks for no storage: `resources.requests.storage` is missing',
      modes: 'The claim has no access modes',
    },
    titles: { storage: 'Add the storage to complete', modes: 'Let one node mount it: ReadWriteOnce' },
    fix: 'sometimes',
    examples: [
      {
        file: 'claim.yaml',
        bad: claim(''),
        good: claim('  resources:\n    requests:\n      storage: <storage>\n'),
      },
    ],
    options: {},
    sources: ['kubesec VolumeClaimRequestsStorage'],
  },
  *check(object) {
    if (object.context === 'patch') return;
    for (const { node, path, label, kind } of claimsOf(object)) {
      const place = { span: label, ...(kind === 'template' && ({ severity: 'warning' } as const)) };
      if (fieldAt(node, 'resources', 'requests', 'storage') === undefined) {
        yield {
          message: 'storage',
          ...place,
          fixes: patchFix(object.document, {
            title: 'storage',
            safety: 'manual',
            patches: [{ kind: 'set', path: [...path, 'resources', 'requests', 'storage'], value: '<storage>' }],
          }),
        };
      }
      const modes = fieldAt(node, 'accessModes');
      if (modes !== undefined && !isEmptyList(modes)) continue;
      yield {
        message: 'modes',
        ...place,
        fixes: patchFix(object.document, {
          title: 'modes',
          safety: 'suggested',
          patches: [{ kind: 'set', path: [...path, 'accessModes'], value: ['ReadWriteOnce'] }],
        }),
      };
    }
  },
});
