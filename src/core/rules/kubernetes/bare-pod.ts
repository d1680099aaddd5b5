import { defineRule } from '../../engine/rule.ts';
import type { Workload } from '../../kubernetes/model.ts';
import { fieldAt, mayHide } from '../../yaml/field.ts';
import { type Controller, wrapPod } from './parts/wrap-pod.ts';

export default defineRule('workload', {
  meta: {
    id: 'kubernetes/bare-pod',
    rows: ['K623'],
    summary: 'A pod should belong to something that makes it again.',
    why: 'A Pod by itself is gone for good when its node fails or is drained, and it cannot be rolled out: most of its fields cannot be changed. A Deployment, or a Job for what ends by itself, makes a new one. Pods of Helm and Argo CD hooks, and those that belong to another object, are left alone.',
    severity: 'information',
    topic: 'reliability',
    messages: { bare: 'Nothing makes this Pod again when its node goes: a {controller} would' },
    titles: { wrap: 'Make a {controller} of it' },
    fix: 'sometimes',
    examples: [
      {
        file: 'pod.yaml',
        bad: `apiVersion: v1
kind: Pod
metadata:
  name: web
  labels:
    app: web
spec:
  containers:
    - name: web
      image: web:1.4
`,
        good: `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  labels:
    app: web
spec:
  selector:
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
`,
      },
    ],
    options: {},
    sources: ['kubescape C-0073', 'datree K8S_INCORRECT_KIND_VALUE_POD', 'kyverno prevent-bare-pods', 'popeye 208'],
  },
  *check(workload) {
    const { object } = workload;
    if (object.kind.value !== 'Pod' || object.context === 'patch' || isManaged(workload)) return;
    const controller: Controller = workload.runsToCompletion ? 'Job' : 'Deployment';
    const edits = wrapPod(workload, controller);
    yield {
      message: 'bare',
      data: { controller },
      span: object.kind.span,
      fixes: edits === undefined ? [] : [{ title: 'wrap', data: { controller }, safety: 'suggested', edits }],
    };
  },
});

/** Another object, a tool, or the kubelet itself from a folder of its node looks after it. */
function isManaged({ object: { root, annotations } }: Workload): boolean {
  if (fieldAt(root, 'metadata', 'ownerReferences') !== undefined) return true;
  if (mayHide(root, 'metadata', 'annotations')) return true;
  return ['helm.sh/hook', 'argocd.argoproj.io/hook', 'kubernetes.io/config.mirror'].some((key) => annotations.has(key));
}
