import { defineRule } from '../../engine/rule.ts';
import { knownItems, knownText } from '../../yaml/field.ts';
import { patchFix } from '../patch-fix.ts';

export default defineRule('container', {
  meta: {
    id: 'kubernetes/mount-propagation',
    rows: ['K524'],
    summary: 'A mount should not be propagated back to the node.',
    why: 'With `Bidirectional` what the container mounts there appears on the node and in every pod that mounts the same directory, and stays when the container dies. Only drivers of storage need that, and the API server takes it only of privileged containers.',
    severity: 'information',
    optional: true,
    topic: 'security',
    messages: {
      both: 'What this container mounts here appears on its node',
    },
    titles: { remove: 'Remove mountPropagation' },
    fix: 'sometimes',
    examples: [
      {
        file: 'pod.yaml',
        bad: `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: web:1.4
      securityContext:
        privileged: true
      volumeMounts:
        - name: data
          mountPath: /data
          mountPropagation: Bidirectional
`,
        good: `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: web:1.4
      securityContext:
        privileged: true
      volumeMounts:
        - name: data
          mountPath: /data
`,
      },
    ],
    options: {},
    sources: ['monokle KBP115'],
  },
  *check(container) {
    for (const { index, node } of knownItems(container.node, 'volumeMounts')) {
      const propagation = knownText(node, 'mountPropagation');
      if (propagation?.value !== 'Bidirectional') continue;
      yield {
        message: 'both',
        span: propagation.span,
        fixes: patchFix(container.workload.object.document, {
          title: 'remove',
          safety: 'suggested',
          patches: [{ kind: 'remove', path: [...container.path, 'volumeMounts', index, 'mountPropagation'] }],
        }),
      };
    }
  },
});
