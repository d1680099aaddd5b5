import { defineRule } from '../../engine/rule.ts';

const pod = (image: string) => `apiVersion: v1
kind: Pod
metadata:
  name: console
spec:
  containers:
    - name: console
      image: ${image}
`;

export default defineRule('workload', {
  meta: {
    id: 'kubernetes/dashboard',
    rows: ['K512'],
    summary: 'The Kubernetes Dashboard should not be installed.',
    why: 'The Dashboard shows and changes what its service account may see and change, it has been the way into clusters more than once, and its project is archived: it gets no more fixes. Kubernetes points to Headlamp instead.',
    severity: 'information',
    topic: 'security',
    messages: { installed: 'The Kubernetes Dashboard is archived and gets no more fixes' },
    titles: {},
    fix: 'never',
    examples: [
      {
        file: 'pod.yaml',
        bad: pod('kubernetesui/dashboard:v2.7.0'),
        good: pod('ghcr.io/headlamp-k8s/headlamp:v0.39.0'),
      },
    ],
    options: {},
    sources: ['checkov CKV_K8S_33', 'kubescape C-0014', 'kics dashboard_is_enabled'],
  },
  *check({ containers, podLabels }) {
    const images = containers.flatMap(({ image }) =>
      image && /kubernetes-dashboard|kubernetesui\//.test(image.value) ? [image] : [],
    );
    for (const { span } of images) yield { message: 'installed', span };
    if (images.length > 0) return;
    for (const key of ['app', 'k8s-app']) {
      const label = podLabels.get(key);
      if (label?.value === 'kubernetes-dashboard') yield { message: 'installed', span: label.span };
    }
  },
});
