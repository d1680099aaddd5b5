import { defineRule } from '../../engine/rule.ts';
import { claimsOf } from '../../kubernetes/claims.ts';
import { knownText } from '../../yaml/field.ts';

const manifest = (templates: string) => `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
spec:
  template:
    spec:
      containers:
        - name: db
          image: web:1.4
${templates}`;

export default defineRule('kubernetes-object', {
  meta: {
    id: 'kubernetes/claim-template-size',
    rows: ['K116'],
    summary: 'The size in a claim template of a StatefulSet is chosen for good.',
    why: 'Claim templates cannot be changed once the StatefulSet is there: to grow its volumes, every claim has to be enlarged by hand, and the StatefulSet be deleted without its pods and made again. This points at each size that is written, so that somebody looks at it before. Off by default.',
    severity: 'information',
    optional: true,
    topic: 'resources',
    messages: { fixed: '{size} in a claim template cannot be changed later' },
    titles: {},
    fix: 'never',
    examples: [
      {
        file: 'db.yaml',
        bad: manifest(`  volumeClaimTemplates:
    - metadata:
        name: data
      spec:
        accessModes:
          - ReadWriteOnce
        resources:
          requests:
            storage: 5Gi
`),
        good: manifest(''),
      },
    ],
    options: {},
    sources: ['kics statefulset_requests_storage'],
  },
  *check(object) {
    for (const { kind, node } of claimsOf(object)) {
      const size = kind === 'template' ? knownText(node, 'resources', 'requests', 'storage') : undefined;
      if (size !== undefined) yield { message: 'fixed', data: { size: size.value }, span: size.span };
    }
  },
});
