import { defineRule } from '../../engine/rule.ts';
import { knownItems, knownText } from '../../yaml/field.ts';
import { patchFix } from '../patch-fix.ts';
import { atLeast } from './parts/kubernetes-version.ts';
import { safeSysctls } from './parts/pod-security-lists.ts';
import { removeItem } from './parts/remove-item.ts';

export default defineRule('workload', {
  meta: {
    id: 'kubernetes/unsafe-sysctl',
    rows: ['K314'],
    summary: 'A pod should set only those kernel settings that are safe.',
    why: 'A kubelet refuses a pod with other settings (sysctls) unless they were allowed on the node, so that it never starts there. Some change more than the pod itself. The safe ones grew with Kubernetes: the setting `kubernetesVersion` decides.',
    severity: 'warning',
    podSecurity: 'baseline',
    topic: 'security',
    messages: {
      unsafe: '`{name}` is no safe sysctl of Kubernetes {version}: a kubelet refuses the pod by default',
    },
    titles: { remove: 'Remove {name}' },
    fix: 'sometimes',
    examples: [
      {
        file: 'pod.yaml',
        bad: `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  securityContext:
    sysctls:
      - name: net.ipv4.tcp_syncookies
        value: "1"
      - name: net.core.somaxconn
        value: "1024"
  containers:
    - name: web
      image: web:1.4
`,
        good: `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  securityContext:
    sysctls:
      - name: net.ipv4.tcp_syncookies
        value: "1"
  containers:
    - name: web
      image: web:1.4
`,
      },
    ],
    options: {},
    sources: [
      'pod-security sysctls',
      'kube-linter unsafe-sysctls',
      'trivy KSV-0026',
      'kics cluster_allows_unsafe_sysctls',
      'monokle PSS111',
    ],
  },
  *check(workload, { settings: { kubernetesVersion } }) {
    const path = ['securityContext', 'sysctls'];
    for (const { index, node } of knownItems(workload.spec, ...path)) {
      const name = knownText(node, 'name');
      if (name === undefined) continue;
      const since = safeSysctls.get(name.value);
      if (since !== undefined && atLeast(kubernetesVersion, since)) continue;
      yield {
        message: 'unsafe',
        data: { name: name.value, version: `${kubernetesVersion.major}.${kubernetesVersion.minor}` },
        span: name.span,
        fixes: patchFix(workload.object.document, {
          title: 'remove',
          safety: 'suggested',
          patches: [removeItem(workload.spec, workload.specPath, path, index)],
        }),
      };
    }
  },
});
