import { defineRule } from '../../engine/rule.ts';
import { fieldAt, knownItems, knownText, mayHide } from '../../yaml/field.ts';
import { patchFix } from '../patch-fix.ts';
import { acceleratorsOf, mayHaveAccelerators } from './parts/accelerators.ts';
import { removeItem } from './parts/remove-item.ts';

/** Values that give a container no GPU. */
const nothing: ReadonlySet<string> = new Set(['', 'none', 'void']);

export default defineRule('container', {
  meta: {
    id: 'kubernetes/gpu-environment',
    rows: ['H107'],
    summary: 'GPUs should be given by resources, not by an environment variable.',
    why: 'NVIDIA_VISIBLE_DEVICES is how the device plugin tells the container runtime which GPUs a container was given. Written by hand it goes past the scheduler: the container sees GPUs that were given to other pods, and nothing keeps count of them.',
    severity: 'warning',
    topic: 'resources',
    messages: {
      bypass: 'It takes GPUs without asking for one: the scheduler does not know of it',
      override: 'It replaces what the device plugin says: the container may see other GPUs than its own',
    },
    titles: { remove: 'Remove {name}' },
    fix: 'sometimes',
    examples: [
      {
        file: 'pod.yaml',
        bad: `apiVersion: v1
kind: Pod
metadata:
  name: train
spec:
  containers:
    - name: train
      image: train:1.4
      env:
        - name: NVIDIA_VISIBLE_DEVICES
          value: all
        - name: MODE
          value: fast
      resources:
        limits:
          nvidia.com/gpu: 1
`,
        good: `apiVersion: v1
kind: Pod
metadata:
  name: train
spec:
  containers:
    - name: train
      image: train:1.4
      env:
        - name: MODE
          value: fast
      resources:
        limits:
          nvidia.com/gpu: 1
`,
      },
    ],
    options: {},
    sources: ['kyverno check-nvidia-gpu'],
  },
  *check(container) {
    const { node, workload, path } = container;
    // Agents that look after all GPUs of a node see them on purpose.
    if (workload.object.kind.value === 'DaemonSet' || fieldAt(workload.spec, 'resourceClaims') !== undefined) return;
    if (knownText(node, 'securityContext', 'privileged')?.value === 'true') return;
    for (const { index, node: variable } of knownItems(node, 'env')) {
      const name = knownText(variable, 'name');
      const value = knownText(variable, 'value');
      if (name?.value !== 'NVIDIA_VISIBLE_DEVICES' || value === undefined || nothing.has(value.value)) continue;
      const given = acceleratorsOf(container).some(({ resource }) => resource.startsWith('nvidia.com/'));
      if (!given && (mayHaveAccelerators(container) || mayHide(workload.spec, 'resources'))) continue;
      yield {
        message: given ? 'override' : 'bypass',
        data: { name: name.value },
        span: value.span,
        fixes: patchFix(workload.object.document, {
          title: 'remove',
          safety: 'suggested',
          patches: [removeItem(node, path, ['env'], index)],
        }),
      };
    }
  },
});
