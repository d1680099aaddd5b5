import { defineRule } from '../../engine/rule.ts';
import { knownText } from '../../yaml/field.ts';

const pod = (image: string) => `apiVersion: v1
kind: Pod
metadata:
  name: console
spec:
  containers:
    - name: console
      image: ${image}
`;

const installed = ['checkov CKV_K8S_33', 'kics dashboard_is_enabled'];
const borrowed = 'kubescape C-0014';

export default defineRule('workload', {
  meta: {
    id: 'kubernetes/dashboard',
    rows: ['K512'],
    summary: 'The Kubernetes Dashboard should not be installed.',
    why: 'The Dashboard shows and changes what its service account may see and change, it has been the way into clusters more than once, and its project is archived: it gets no more fixes. Kubernetes points to Headlamp instead.',
    severity: 'information',
    topic: 'security',
    messages: {
      installed: 'The Kubernetes Dashboard is archived and gets no more fixes',
      account: 'This runs with the account of the Kubernetes Dashboard, and all that it may see and change',
    },
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
    sources: [...installed, borrowed],
  },
  *check({ containers, podLabels, spec, object }) {
    const images = containers.flatMap(({ image }) =>
      image && /kubernetes-dashboard|kubernetesui\//.test(image.value) ? [image] : [],
    );
    for (const { span } of images) yield { message: 'installed', span, peers: installed };
    if (images.length > 0) return;
    for (const key of ['app', 'k8s-app']) {
      const label = podLabels.get(key);
      if (label?.value !== 'kubernetes-dashboard') continue;
      yield { message: 'installed', span: label.span, peers: installed };
      return;
    }
    const account = knownText(spec, 'serviceAccountName');
    if (account?.value === 'kubernetes-dashboard' && !object.name?.value.startsWith('kubernetes-dashboard'))
      yield { message: 'account', span: account.span, peers: [borrowed] };
  },
});
