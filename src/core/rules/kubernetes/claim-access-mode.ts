import { defineRule } from '../../engine/rule.ts';
import { accessModes, claimsOf } from '../../kubernetes/claims.ts';
import { knownMapping } from '../../yaml/field.ts';
import { entry } from '../../yaml/read.ts';
import { patchFix } from '../patch-fix.ts';

const manifest = (mode: string) => `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
spec:
  template:
    spec:
      containers:
        - name: db
          image: web:1.4
  volumeClaimTemplates:
    - metadata:
        name: data
      spec:
        accessModes:
          - ${mode}
        resources:
          requests:
            storage: 5Gi
`;

export default defineRule('kubernetes-object', {
  meta: {
    id: 'kubernetes/claim-access-mode',
    rows: ['K116'],
    summary: 'The claims of a StatefulSet are mounted by one node.',
    why: 'Each pod of a StatefulSet has claims of its own, so that one node at a time is all that they need. ReadWriteMany asks for storage over the network, which is slower and which many clusters do not have, and lets others write to the data. Off by default.',
    severity: 'information',
    optional: true,
    topic: 'reliability',
    messages: { other: 'None of these claims is ReadWriteOnce, which is enough where each pod has its own' },
    titles: { once: 'Use ReadWriteOnce' },
    fix: 'sometimes',
    examples: [{ file: 'db.yaml', bad: manifest('ReadWriteMany'), good: manifest('ReadWriteOnce') }],
    options: {},
    sources: ['kubesec VolumeClaimAccessModeReadWriteOnce', 'kics incorrect_volume_claim_access_mode_read_write_once'],
  },
  *check(object) {
    if (object.kind.value !== 'StatefulSet' || object.context === 'patch') return;
    const claims = claimsOf(object).filter(({ kind }) => kind === 'template');
    const modes = claims.map(accessModes);
    if (claims.length === 0 || modes.some((of) => of === undefined || of.some((mode) => /^ReadWriteOnce/.test(mode)))) {
      return;
    }
    const spec = knownMapping(object.root, 'spec');
    yield {
      message: 'other',
      span: entry(spec, 'volumeClaimTemplates')?.key.span ?? object.kind.span,
      fixes: patchFix(object.document, {
        title: 'once',
        safety: 'suggested',
        patches: claims.map(({ path }) => ({
          kind: 'set',
          path: [...path, 'accessModes'],
          value: ['ReadWriteOnce'],
        })),
      }),
    };
  },
});
