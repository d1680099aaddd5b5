import { defineRule } from '../../engine/rule.ts';
import { mayHaveMoreContainers } from '../../kubernetes/container.ts';
import { isBuiltInGroup } from '../../kubernetes/fields.ts';
import { fieldAt, knownItems, knownText, mayHide } from '../../yaml/field.ts';
import { patchFix } from '../patch-fix.ts';
import { removeItem } from './parts/remove-item.ts';
import { usesOf, volumesOf } from './parts/volumes.ts';

const pod = (volumes: string) => `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: web:1.4
${volumes}`;

export default defineRule('workload', {
  meta: {
    id: 'kubernetes/volume-unused',
    rows: ['K813'],
    summary: 'A volume of a pod should be mounted somewhere.',
    why: 'A volume that no container mounts is still attached and waited for: a claim or a Secret that is missing keeps the pod from starting for nothing. Often it is the mount that was forgotten.',
    severity: 'information',
    look: 'unnecessary',
    topic: 'configuration',
    messages: { unused: 'No container mounts `{name}`' },
    titles: { remove: 'Remove the volume' },
    fix: 'sometimes',
    examples: [{ file: 'pod.yaml', bad: pod('  volumes:\n    - name: cache\n      emptyDir: {}\n'), good: pod('') }],
    options: {},
    sources: [],
  },
  *check(workload) {
    const { object, spec, specPath, containers } = workload;
    if (object.context === 'patch' || !isBuiltInGroup(object.apiVersion.value)) return;
    if (mayHaveMoreContainers(workload)) return;
    const used = new Set<string>();
    for (const container of containers) {
      if (mayHide(container.node, 'volumeMounts') || mayHide(container.node, 'volumeDevices')) return;
      for (const key of ['volumeMounts', 'volumeDevices'])
        if (knownItems(container.node, key).some(({ node }) => fieldAt(node, 'name') === 'unknown')) return;
      for (const { node } of usesOf(container)) used.add(knownText(node, 'name')?.value ?? '');
    }
    for (const { name, path } of volumesOf(workload)) {
      const index = path.at(-1);
      if (used.has(name.value) || /[$<{]/.test(name.value) || typeof index !== 'number') continue;
      const patches = [removeItem(spec, specPath, ['volumes'], index)];
      yield {
        message: 'unused',
        data: { name: name.value },
        span: name.span,
        fixes: patchFix(object.document, { title: 'remove', safety: 'suggested', patches }),
      };
    }
  },
});
