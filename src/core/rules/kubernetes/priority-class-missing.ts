import { defineRule } from '../../engine/rule.ts';
import { fieldAt } from '../../yaml/field.ts';
import { patchFix } from '../patch-fix.ts';

const pod = (rest: string) => `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: web:1.4
${rest}`;

export default defineRule('workload', {
  meta: {
    id: 'kubernetes/priority-class-missing',
    rows: ['K620'],
    summary: 'Pods say how important they are.',
    why: "Without a priority class a pod has the priority 0, or that of the cluster's default class. When nodes are full, pods of a higher priority push it out, and among those of the same one it is chance. Off by default: a cluster where all is equally important needs no classes.",
    severity: 'information',
    optional: true,
    topic: 'reliability',
    messages: { missing: 'No `priorityClassName`: what is more important pushes these pods out' },
    titles: { add: 'Add a priority class to complete' },
    fix: 'sometimes',
    examples: [{ file: 'pod.yaml', bad: pod(''), good: pod('  priorityClassName: <class>\n') }],
    options: {},
    sources: [
      'polaris priorityClassNotSet',
      'kyverno require-pod-priorityclassname',
      'kyverno add-pod-priorityclassname',
    ],
  },
  *check({ object, spec, specPath }) {
    if (object.context === 'patch') return;
    if (['priorityClassName', 'priority'].some((key) => fieldAt(spec, key) !== undefined)) return;
    yield {
      message: 'missing',
      span: object.name?.span ?? object.kind.span,
      fixes: patchFix(object.document, {
        title: 'add',
        safety: 'manual',
        patches: [{ kind: 'set', path: [...specPath, 'priorityClassName'], value: '<class>' }],
      }),
    };
  },
});
