import { defineRule } from '../../engine/rule.ts';
import { sharedNamespace } from './parts/host-namespace.ts';

export default defineRule('workload', {
  meta: {
    id: 'kubernetes/host-network',
    rows: ['K302'],
    summary: 'A pod should have a network of its own.',
    why: 'With `hostNetwork: true` a pod sees the traffic of its node, reaches what listens on its loopback address, and takes its ports from it. Most network plugins apply no NetworkPolicy to such pods. Network plugins and some node agents need it, hardly anything else does.',
    severity: 'warning',
    podSecurity: 'baseline',
    topic: 'security',
    messages: {
      shared: 'The pod uses the network of its node, loopback and all',
    },
    titles: { unshare: 'Remove hostNetwork' },
    fix: 'sometimes',
    examples: [
      {
        file: 'pod.yaml',
        bad: `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  hostNetwork: true
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
      'kube-linter host-network',
      'polaris hostNetworkSet',
      'checkov CKV_K8S_19',
      'trivy KSV-0009',
      'kubescape C-0041',
      'kubesec HostNetwork',
      'kics shared_host_network_namespace',
      'sonar S6431',
      'semgrep hostnetwork-pod',
      'datree CONTAINERS_INCORRECT_HOSTNETWORK_VALUE_TRUE',
      'monokle PSS102',
    ],
  },
  *check(workload) {
    yield* sharedNamespace(workload, 'hostNetwork');
  },
});
