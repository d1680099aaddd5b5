import { defineRule } from '../../engine/rule.ts';
import type { Workload } from '../../kubernetes/model.ts';
import { fieldAt, knownText, labelSpan } from '../../yaml/field.ts';
import { patchFix } from '../patch-fix.ts';
import { firstAccelerator } from './parts/accelerators.ts';

export default defineRule('workload', {
  meta: {
    id: 'kubernetes/gpu-rollout',
    rows: ['H119'],
    summary: 'A rollout of pods with GPUs should not need a spare GPU.',
    why: 'A rolling update starts a new pod before it stops an old one, so that it needs GPUs that nobody uses. Where all are taken the new pod stays Pending, the old ones stay, and the rollout never ends. With `maxSurge: 0` an old pod gives its GPU to the new one.',
    severity: 'information',
    topic: 'reliability',
    messages: { surge: 'Each rollout needs {count} × {resource} to spare, or the new pod waits' },
    titles: { replace: 'Stop an old pod before a new one starts' },
    fix: 'sometimes',
    examples: [
      {
        file: 'deployment.yaml',
        bad: `apiVersion: apps/v1
kind: Deployment
metadata:
  name: serve
spec:
  replicas: 2
  selector:
    matchLabels:
      app: serve
  template:
    metadata:
      labels:
        app: serve
    spec:
      containers:
        - name: serve
          image: serve:1.4
          resources:
            limits:
              nvidia.com/gpu: 8
`,
        good: `apiVersion: apps/v1
kind: Deployment
metadata:
  name: serve
spec:
  replicas: 2
  selector:
    matchLabels:
      app: serve
  template:
    metadata:
      labels:
        app: serve
    spec:
      containers:
        - name: serve
          image: serve:1.4
          resources:
            limits:
              nvidia.com/gpu: 8
  strategy:
    rollingUpdate:
      maxSurge: 0
      maxUnavailable: 1
`,
      },
    ],
    options: {},
    sources: [],
  },
  *check(workload) {
    const { object } = workload;
    if (object.kind.value !== 'Deployment' || object.context === 'patch' || !surges(workload)) return;
    const found = firstAccelerator(workload);
    if (found === undefined || workload.replicas?.value === 0) return;
    const { resource, quantity } = found.accelerator;
    const path = [...object.path, 'spec', 'strategy', 'rollingUpdate'];
    yield {
      message: 'surge',
      data: { resource, count: quantity.value },
      span: knownText(object.root, 'spec', 'strategy', 'type')?.span ?? object.name?.span ?? labelSpan(object.root),
      fixes: patchFix(object.document, {
        title: 'replace',
        safety: 'suggested',
        patches: [
          { kind: 'set', path: [...path, 'maxSurge'], value: 0 },
          { kind: 'set', path: [...path, 'maxUnavailable'], value: 1 },
        ],
      }),
    };
  },
});

/** Whether nothing is said against a surge: somebody who sets it, or does without, knows what is there. */
function surges({ object }: Workload): boolean {
  const type = fieldAt(object.root, 'spec', 'strategy', 'type');
  if (type === 'unknown') return false;
  const text = knownText(object.root, 'spec', 'strategy', 'type')?.value ?? 'RollingUpdate';
  return (
    text === 'RollingUpdate' && fieldAt(object.root, 'spec', 'strategy', 'rollingUpdate', 'maxSurge') === undefined
  );
}
