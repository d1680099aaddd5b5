import { defineRule } from '../../engine/rule.ts';
import { resourceField } from '../../kubernetes/container.ts';
import { patchFix } from '../patch-fix.ts';
import { emptyDirsOf } from './parts/empty-dirs.ts';

const pod = (volume: string) => `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: web:1.4
      volumeMounts:
        - name: cache
          mountPath: /cache
  volumes:
    - name: cache
      emptyDir:${volume}
`;

export default defineRule('workload', {
  meta: {
    id: 'kubernetes/empty-dir-unlimited',
    rows: ['K111'],
    summary: 'An emptyDir says how large it may become.',
    why: 'An emptyDir lies on the disk of the node. Without a limit, of its own or of ephemeral storage for the containers that mount it, it can fill that disk, and the kubelet then evicts pods of others too. Off by default: most stay small.',
    severity: 'information',
    optional: true,
    topic: 'resources',
    messages: { unlimited: 'No `sizeLimit`: `{name}` may fill the disk of the node' },
    titles: { limit: 'Add a limit to complete' },
    fix: 'sometimes',
    examples: [{ file: 'pod.yaml', bad: pod(' {}'), good: pod('\n        sizeLimit: <size>') }],
    options: {},
    sources: ['kyverno require-emptydir-requests-limits', 'kyverno add-emptydir-sizelimit'],
  },
  *check(workload) {
    const { object } = workload;
    if (object.context === 'patch') return;
    for (const { name, sizeLimit, memory, span, path, mountedBy } of emptyDirsOf(workload)) {
      if (memory || sizeLimit !== undefined) continue;
      if (mountedBy.every((one) => resourceField(one, 'limits', 'ephemeral-storage') !== undefined)) continue;
      yield {
        message: 'unlimited',
        data: { name },
        span,
        fixes: patchFix(object.document, {
          title: 'limit',
          safety: 'manual',
          patches: [{ kind: 'set', path: [...path, 'sizeLimit'], value: '<size>' }],
        }),
      };
    }
  },
});
