import { defineRule } from '../../engine/rule.ts';
import { fieldAt, knownItems, knownText } from '../../yaml/field.ts';
import { asMapping, entry } from '../../yaml/read.ts';
import { chosenByValues } from './parts/chosen-by-values.ts';
import { ofSystem } from './parts/volumes.ts';

/** Those that kube-linter calls sensitive. */
const sensitive = /^\/(?:boot|dev|etc|lib|proc|sys|usr)?$/;

/** Where the tools of clouds, and kubelets there, keep what they log in with. */
const credentials =
  /\/\.aws(?:\/|$)|\/\.azure(?:\/|$)|\/(?:\.config\/)?gcloud(?:\/|$)|^\/etc\/kubernetes(?:\/(?:azure\.json|pki|[\w-]+\.conf)?)?$/;

const inSystem = 'kics workload_mounting_with_sensitive_os_directory';
const atSensitive = 'kube-linter sensitive-host-mounts';
const elsewhere = 'kics non_kube_system_pod_with_host_mount';
const secrets = 'kubescape C-0020';
const anywhere = [
  'pod-security hostPathVolumes',
  'polaris hostPathSet',
  'trivy KSV-0023',
  'trivy KSV-0121',
  'kubescape C-0048',
  'sonar S6433',
  'datree CONTAINERS_INCORRECT_KEY_HOSTPATH',
  'kyverno disallow-host-path',
  'monokle PSS105',
];

export default defineRule('workload', {
  meta: {
    id: 'kubernetes/host-path-volume',
    rows: ['K307', 'K519'],
    summary: 'A pod should mount nothing of its node.',
    why: 'A hostPath volume shows a directory of the node to the pod. Through many of them (`/`, `/etc`, `/proc`, the sockets of runtimes) the node can be taken over, and what is written there outlives the pod and is missing on the next node. Read-only mounts still leak what lies there.',
    severity: 'warning',
    podSecurity: 'baseline',
    topic: 'security',
    messages: {
      mounted: '`{path}` of the node is open to this pod',
      node: 'A directory of the node is open to this pod',
      credentials: 'Credentials of the node are open to this pod: `{path}`',
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
    sources: [...anywhere, inSystem, atSensitive, elsewhere, secrets],
  },
  *check(workload) {
    for (const { node } of knownItems(workload.spec, 'volumes')) {
      const hostPath = fieldAt(node, 'hostPath');
      if (hostPath === undefined || hostPath === 'unknown' || chosenByValues(workload, hostPath.span)) continue;
      const path = knownText(hostPath, 'path');
      const peers = [...anywhere];
      if (ofSystem.test(path?.value ?? '')) peers.push(inSystem);
      if (sensitive.test(path?.value ?? '')) peers.push(atSensitive);
      if (workload.object.namespace?.value !== 'kube-system') peers.push(elsewhere);
      const opens = credentials.test(path?.value ?? '');
      if (opens) peers.push(secrets);
      yield {
        message: path === undefined ? 'node' : opens ? 'credentials' : 'mounted',
        data: { path: path?.value ?? '' },
        peers,
        span: path?.span ?? entry(asMapping(node), 'hostPath')?.key.span ?? hostPath.span,
      };
    }
  },
});
