import { defineRule } from '../../engine/rule.ts';
import { fieldAt, knownItems, knownText } from '../../yaml/field.ts';
import { asMapping, entry } from '../../yaml/read.ts';
import { chosenByValues } from './parts/chosen-by-values.ts';

export default defineRule('workload', {
  meta: {
    id: 'kubernetes/host-path-volume',
    rows: ['K307', 'K518'],
    summary: 'A pod should mount nothing of its node.',
    why: 'A hostPath volume shows a directory of the node to the pod. Through many of them (`/`, `/etc`, `/proc`, the sockets of runtimes) the node can be taken over, and what is written there outlives the pod and is missing on the next node. Read-only mounts still leak what lies there.',
    severity: 'warning',
    podSecurity: 'baseline',
    topic: 'security',
    messages: {
      mounted: 'The directory `{path}` of the node is open to this pod',
      node: 'A directory of the node is open to this pod',
    },
    titles: {},
    fix: 'never',
    examples: [
      {
        file: 'pod.yaml',
        bad: `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: web:1.4
      volumeMounts:
        - name: logs
          mountPath: /logs
          readOnly: true
  volumes:
    - name: logs
      hostPath:
        path: /var/log
`,
        good: `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: web:1.4
      volumeMounts:
        - name: logs
          mountPath: /logs
          readOnly: true
  volumes:
    - name: logs
      persistentVolumeClaim:
        claimName: logs
`,
      },
    ],
    options: {},
    sources: [
      'pod-security hostPathVolumes',
      'kube-linter sensitive-host-mounts',
      'polaris hostPathSet',
      'trivy KSV-0023',
      'trivy KSV-0121',
      'kubescape C-0048',
      'sonar S6433',
      'kics non_kube_system_pod_with_host_mount',
      'kics workload_mounting_with_sensitive_os_directory',
      'datree CONTAINERS_INCORRECT_KEY_HOSTPATH',
      'kyverno disallow-host-path',
      'kyverno ensure-readonly-hostpath',
      'monokle PSS105',
    ],
  },
  *check(workload) {
    for (const { node } of knownItems(workload.spec, 'volumes')) {
      const hostPath = fieldAt(node, 'hostPath');
      if (hostPath === undefined || hostPath === 'unknown' || chosenByValues(workload, hostPath.span)) continue;
      const path = knownText(hostPath, 'path');
      yield {
        message: path === undefined ? 'node' : 'mounted',
        data: { path: path?.value ?? '' },
        span: path?.span ?? entry(asMapping(node), 'hostPath')?.key.span ?? hostPath.span,
      };
    }
  },
});
