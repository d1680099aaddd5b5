import { defineRule } from '../../engine/rule.ts';
import { knownItems, scalarText } from '../../yaml/field.ts';
import { patchFix } from '../patch-fix.ts';
import { chosenByValues } from './parts/chosen-by-values.ts';
import { baselineCapabilities } from './parts/pod-security-lists.ts';
import { removeItem } from './parts/remove-item.ts';

/** Peers that mind some capabilities alone. */
const minded: Readonly<Record<string, readonly string[]>> = {
  'polaris dangerousCapabilities': ['ALL', 'NET_ADMIN', 'SYS_ADMIN'],
  'checkov CKV_K8S_39': ['SYS_ADMIN'],
  'trivy KSV-0005': ['SYS_ADMIN'],
  'trivy KSV-0119': ['NET_RAW'],
  'trivy KSV-0120': ['SYS_MODULE'],
  'kubescape C-0046': [
    ...['ALL', 'BPF', 'MAC_ADMIN', 'MAC_OVERRIDE', 'NET_ADMIN', 'NET_RAW', 'PERFMON'],
    ...['SYS_ADMIN', 'SYS_BOOT', 'SYS_MODULE', 'SYS_PTRACE', 'SYS_RAWIO'],
  ],
  'kubesec CapSysAdmin': ['SYS_ADMIN'],
  'kics containers_with_sys_admin_capabilities': ['SYS_ADMIN'],
};

const mindingAll = [
  'pod-security capabilities_baseline',
  'checkov CKV_K8S_25',
  'trivy KSV-0022',
  'kics containers_with_added_capabilities',
  'sonar S5849',
  'datree CONTAINERS_INVALID_CAPABILITIES_VALUE',
  'monokle PSS104',
  'monokle KBP100',
];

export default defineRule('container', {
  meta: {
    id: 'kubernetes/capabilities-added',
    rows: ['K306'],
    summary: 'A container should add only capabilities of the baseline Pod Security Standard.',
    why: 'Capabilities such as SYS_ADMIN, NET_ADMIN or SYS_PTRACE are parts of root: with most of them a container can take over its node. The baseline Pod Security Standard lets a container add only what runtimes give by default, without NET_RAW, and spelt as there: not `CAP_CHOWN`, not `chown`.',
    severity: 'warning',
    podSecurity: 'baseline',
    topic: 'security',
    messages: {
      added: 'Capability `{capability}` is beyond what the baseline standard lets a container add',
    },
    titles: { take: 'Do not add {capability}' },
    fix: 'sometimes',
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
      securityContext:
        capabilities:
          add:
            - NET_BIND_SERVICE
            - SYS_ADMIN
`,
        good: `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: web:1.4
      securityContext:
        capabilities:
          add:
            - NET_BIND_SERVICE
`,
      },
    ],
    options: {},
    sources: [...mindingAll, ...Object.keys(minded)],
  },
  *check(container) {
    const path = ['securityContext', 'capabilities', 'add'];
    for (const { index, node } of knownItems(container.node, ...path)) {
      const capability = scalarText(node)?.value;
      if (!capability || baselineCapabilities.has(capability)) continue;
      if (chosenByValues(container.workload, node.span)) continue;
      const plain = capability.toUpperCase().replace(/^CAP_/, '');
      yield {
        message: 'added',
        data: { capability },
        span: node.span,
        peers: [...mindingAll, ...Object.keys(minded).filter((peer) => minded[peer]?.includes(plain))],
        fixes: patchFix(container.workload.object.document, {
          title: 'take',
          safety: 'suggested',
          patches: [removeItem(container.node, container.path, path, index, 2)],
        }),
      };
    }
  },
});
