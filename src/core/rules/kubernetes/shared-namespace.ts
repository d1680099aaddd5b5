import { defineRule } from '../../engine/rule.ts';
import { fieldAt } from '../../yaml/field.ts';
import { patchFix } from '../patch-fix.ts';

const object = (namespace: string) => `apiVersion: v1
kind: Service
metadata:
  name: web
  namespace: ${namespace}
spec:
  ports:
    - port: 80
`;

/** What goes to a namespace, of the kinds that people write most. */
const namespaced =
  /^(?:Pod|Deployment|DaemonSet|StatefulSet|ReplicaSet|ReplicationController|Job|CronJob|Service|Secret|ServiceAccount|Role|RoleBinding|ConfigMap|Ingress)$/;

/** What a cluster keeps there itself. */
const own = /^(?:kube-root-ca\.crt|kubernetes|coredns|kube-proxy|extension-apiserver-authentication|kubeadm-config)$/;

/** Peers to whom no namespace is as bad as `default`. */
const wanting = ['checkov CKV_K8S_21', 'kics using_unrecommended_namespace', 'kubescape C-0212'];
const wantingOfPods = ['kubescape C-0061'];
const ofDefault = [
  ...wanting,
  'kube-linter use-namespace',
  'trivy KSV-0110',
  'datree WORKLOAD_INCORRECT_NAMESPACE_VALUE_DEFAULT',
  'kyverno disallow-default-namespace',
];
const ofSystem = ['trivy KSV-0037'];

export default defineRule('kubernetes-object', {
  meta: {
    id: 'kubernetes/shared-namespace',
    rows: ['K521'],
    summary: 'What belongs together should have a namespace of its own.',
    why: 'Roles, quotas, network policies and Pod Security levels hold for a namespace: in `default` everything that named none comes together, and in `kube-system` that of the cluster itself. A manifest without a namespace goes wherever it is applied, which is `default` where nobody says otherwise.',
    severity: 'information',
    optional: true,
    topic: 'security',
    messages: {
      none: 'No namespace: goes to default where nobody says another',
      default: 'The namespace default is where everything goes that names none',
      system: 'The namespace {namespace} is that of the cluster itself',
    },
    titles: { name: 'Name a namespace' },
    fix: 'sometimes',
    examples: [{ file: 'service.yaml', bad: object('default'), good: object('<namespace>') }],
    options: {},
    sources: [...ofDefault, ...wantingOfPods, ...ofSystem],
  },
  *check({ namespace, name, path, document, kind, root, context, workload }) {
    if (own.test(name?.value ?? '')) return;
    if (namespace === undefined) {
      const told = fieldAt(root, 'metadata', 'namespace') !== undefined;
      if (told || context !== 'manifest' || name === undefined || !namespaced.test(kind.value)) return;
      const patches = [{ kind: 'set', path: [...path, 'metadata', 'namespace'], value: '<namespace>' }] as const;
      const peers = workload === undefined ? wanting : [...wanting, ...wantingOfPods];
      const fixes = patchFix(document, { title: 'name', safety: 'manual', patches });
      yield { message: 'none', span: name.span, peers, fixes };
      return;
    }
    const { value, span } = namespace;
    if (value === 'default') {
      const patches = [{ kind: 'set', path: [...path, 'metadata', 'namespace'], value: '<namespace>' }] as const;
      const peers = workload === undefined ? ofDefault : [...ofDefault, ...wantingOfPods];
      yield {
        message: 'default',
        span,
        peers,
        fixes: patchFix(document, { title: 'name', safety: 'manual', patches }),
      };
    } else if (/^kube-(?:system|public|node-lease)$/.test(value)) {
      yield { message: 'system', data: { namespace: value }, span, peers: ofSystem };
    }
  },
});
