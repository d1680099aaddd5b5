import { defineRule } from '../../engine/rule.ts';
import { knownInteger } from '../../yaml/field.ts';
import { patchFix } from '../patch-fix.ts';

const deployment = (more: string) => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
${more}  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
        - name: web
          image: web:1.4
`;

export default defineRule('kubernetes-object', {
  meta: {
    id: 'kubernetes/rollback-impossible',
    rows: ['K624'],
    summary: 'A workload should keep the version before.',
    why: '`kubectl rollout undo` goes back to a ReplicaSet or revision that is still there. With `revisionHistoryLimit: 0` none is kept, and the way back is to find and apply the manifest of the day before. Where a tool applies all manifests from Git, that is how it is done anyway.',
    severity: 'information',
    optional: true,
    topic: 'reliability',
    messages: { none: 'No earlier version is kept: `kubectl rollout undo` has nothing to go back to' },
    titles: { keep: 'Remove revisionHistoryLimit: 10 versions are kept then' },
    fix: 'sometimes',
    examples: [{ file: 'web.yaml', bad: deployment('  revisionHistoryLimit: 0\n'), good: deployment('') }],
    options: {},
    sources: [],
  },
  *check({ kind, root, document, path }) {
    if (!/^(?:Deployment|StatefulSet|DaemonSet)$/.test(kind.value)) return;
    const limit = knownInteger(root, 'spec', 'revisionHistoryLimit');
    if (limit?.value !== 0) return;
    const patches = [{ kind: 'remove', path: [...path, 'spec', 'revisionHistoryLimit'] }] as const;
    yield {
      message: 'none',
      span: limit.span,
      fixes: patchFix(document, { title: 'keep', safety: 'suggested', patches }),
    };
  },
});
