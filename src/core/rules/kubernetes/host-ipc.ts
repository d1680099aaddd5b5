import { defineRule } from '../../engine/rule.ts';
import { sharedNamespace } from './parts/host-namespace.ts';

export default defineRule('workload', {
  meta: {
    id: 'kubernetes/host-ipc',
    rows: ['K304'],
    summary: 'A pod should not share memory and queues with its node.',
    why: 'With `hostIPC: true` containers read and write the shared memory, semaphores and message queues of the node and of every other pod that does the same.',
    severity: 'warning',
    podSecurity: 'baseline',
    topic: 'security',
    messages: {
      shared: 'The pod shares memory and message queues with its node',
    },
    titles: { unshare: 'Remove hostIPC' },
    fix: 'sometimes',
    examples: [
      {
        file: 'pod.yaml',
        bad: `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  hostIPC: true
  containers:
    - name: web
      image: web:1.4
`,
        good: `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: web:1.4
`,
      },
    ],
    options: {},
    sources: [
      'pod-security hostNamespaces',
      'kube-linter host-ipc',
      'polaris hostIPCSet',
      'checkov CKV_K8S_18',
      'trivy KSV-0008',
      'kubescape C-0038',
      'kubescape C-0276',
      'kubesec HostIPC',
      'kics shared_host_ipc_namespace',
      'sonar S6431',
      'semgrep hostipc-pod',
      'datree CONTAINERS_INCORRECT_HOSTIPC_VALUE_TRUE',
      'monokle PSS102',
    ],
  },
  *check(workload) {
    yield* sharedNamespace(workload, 'hostIPC');
  },
});
