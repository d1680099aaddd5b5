import { defineRule } from '../../engine/rule.ts';
import { sharedNamespace } from './parts/host-namespace.ts';

export default defineRule('workload', {
  meta: {
    id: 'kubernetes/host-pid',
    rows: ['K303'],
    summary: 'A pod should not see the processes of its node.',
    why: 'With `hostPID: true` containers see every process of the node with its arguments and, as the same user, its environment and memory, and may send it signals. Secrets of other pods are within reach.',
    severity: 'warning',
    podSecurity: 'baseline',
    topic: 'security',
    messages: {
      shared: 'The pod sees all processes of its node',
    },
    titles: { unshare: 'Remove hostPID' },
    fix: 'sometimes',
    examples: [
      {
        file: 'pod.yaml',
        bad: `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  hostPID: true
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
      'kube-linter host-pid',
      'polaris hostPIDSet',
      'checkov CKV_K8S_17',
      'trivy KSV-0010',
      'kubescape C-0038',
      'kubescape C-0275',
      'kubesec HostPID',
      'kics shared_host_pid_namespace',
      'sonar S6431',
      'semgrep hostpid-pod',
      'datree CONTAINERS_INCORRECT_HOSTPID_VALUE_TRUE',
      'monokle PSS102',
    ],
  },
  *check(workload) {
    yield* sharedNamespace(workload, 'hostPID');
  },
});
