import { defineRule } from '../../engine/rule.ts';
import { resourceField } from '../../kubernetes/container.ts';
import { patchFix } from '../patch-fix.ts';
import { emptyDirsOf } from './parts/empty-dirs.ts';
import { nanos } from './parts/quantities.ts';

const pod = (volume: string) => `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: web:1.4
      resources:
        limits:
          memory: 256Mi
      volumeMounts:
        - name: cache
          mountPath: /cache
  volumes:
    - name: cache
      emptyDir:
        medium: Memory
${volume}`;

export default defineRule('workload', {
  meta: {
    id: 'kubernetes/empty-dir-memory',
    rows: ['K111'],
    summary: 'An emptyDir in memory fits into the memory of the containers that fill it.',
    why: 'What is written to an emptyDir with `medium: Memory` counts as memory of the container that writes it, for as long as the pod lives: one that may become larger than the memory limit ends in the container being killed, not in a full disk. Without a limit of either it may take all of the node.',
    severity: 'warning',
    topic: 'resources',
    messages: {
      larger: '{size} of memory cannot be filled: whoever mounts `{name}` is limited to {limit}',
      unlimited: '`{name}` is memory without a limit, and so is {container}: it may fill the node',
    },
    titles: { limit: 'Add a limit to complete' },
    fix: 'sometimes',
    examples: [{ file: 'pod.yaml', bad: pod('        sizeLimit: 1Gi\n'), good: pod('        sizeLimit: 128Mi\n') }],
    options: {},
    sources: [],
  },
  *check(workload) {
    const { object } = workload;
    if (object.context === 'patch') return;
    for (const { name, memory, sizeLimit, span, path, mountedBy } of emptyDirsOf(workload)) {
      if (!memory || mountedBy.length === 0) continue;
      if (sizeLimit === undefined) {
        const free = mountedBy.find((one) => resourceField(one, 'limits', 'memory') === undefined);
        if (free === undefined || resourceField(free, 'requests', 'memory') === 'unknown') continue;
        yield {
          message: 'unlimited',
          severity: 'information',
          data: { name, container: free.name?.value ?? 'its container' },
          span,
          fixes: patchFix(object.document, {
            title: 'limit',
            safety: 'manual',
            patches: [{ kind: 'set', path: [...path, 'sizeLimit'], value: '<size>' }],
          }),
        };
        continue;
      }
      const limits = mountedBy.map((one) => one.limits.get('memory')?.value);
      const amounts = limits.map((limit) => nanos(limit ?? ''));
      const size = nanos(sizeLimit.value);
      if (size === undefined || !amounts.every((amount) => amount !== undefined)) continue;
      if (size <= amounts.reduce((sum, amount) => sum + amount, 0n)) continue;
      yield {
        message: 'larger',
        data: { size: sizeLimit.value, name, limit: limits.join(' + ') },
        span: sizeLimit.span,
      };
    }
  },
});
