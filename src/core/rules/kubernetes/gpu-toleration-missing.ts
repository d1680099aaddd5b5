import { defineRule } from '../../engine/rule.ts';
import { fieldAt } from '../../yaml/field.ts';
import { patchFix } from '../patch-fix.ts';
import { firstAccelerator, taintOf } from './parts/accelerators.ts';

export default defineRule('workload', {
  meta: {
    id: 'kubernetes/gpu-toleration-missing',
    rows: ['H103'],
    summary: 'A pod with a GPU should tolerate the taint of GPU nodes.',
    why: 'GPU nodes are usually tainted, so that ordinary pods stay away from them: `nvidia.com/gpu:NoSchedule`. GKE, and clusters with the ExtendedResourceToleration admission plugin, add the toleration to pods that ask for a GPU; elsewhere a pod without it stays Pending beside an idle GPU.',
    severity: 'information',
    topic: 'reliability',
    messages: { missing: 'No toleration for {resource}: GPU nodes are usually tainted' },
    titles: { tolerate: 'Tolerate the taint {taint}' },
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
      resources:
        limits:
          nvidia.com/gpu: 1
  tolerations:
    - key: nvidia.com/gpu
      operator: Exists
      effect: NoSchedule
`,
      },
    ],
    options: {},
    sources: [],
  },
  *check(workload) {
    const { spec, specPath, object } = workload;
    if (object.context === 'patch') return;
    // Whoever chooses nodes by any of these has thought of it.
    const chosen = ['tolerations', 'nodeSelector', 'affinity', 'runtimeClassName', 'nodeName', 'schedulerName'];
    if (chosen.some((key) => fieldAt(spec, key) !== undefined)) return;
    const found = firstAccelerator(workload);
    if (found === undefined) return;
    const { resource, quantity } = found.accelerator;
    const taint = taintOf(resource);
    yield {
      message: 'missing',
      data: { resource, taint },
      span: quantity.span,
      fixes: patchFix(object.document, {
        title: 'tolerate',
        safety: 'suggested',
        patches: [
          {
            kind: 'append',
            path: [...specPath, 'tolerations'],
            value: { key: taint, operator: 'Exists', effect: 'NoSchedule' },
          },
        ],
      }),
    };
  },
});
