import { defineRule } from '../../engine/rule.ts';
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

/** What a cluster keeps there itself. */
const own = /^(?:kube-root-ca\.crt|kubernetes|coredns|kube-proxy|extension-apiserver-authentication|kubeadm-config)$/;

export default defineRule('kubernetes-object', {
  meta: {
    id: 'kubernetes/shared-namespace',
    rows: ['K521'],
    summary: 'What belongs together should have a namespace of its own.',
    why: 'Roles, quotas, network policies and Pod Security levels hold for a namespace: in `default` everything that named none comes together, and in `kube-system` that of the cluster itself. A manifest without a namespace goes where it is applied, and is no finding.',
    severity: 'information',
    optional: true,
    topic: 'security',
    messages: {
      default: 'The namespace default is where everything goes that names none',
      system: 'The namespace {namespace} is that of the cluster itself',
    },
    titles: { name: 'Name a namespace' },
    fix: 'sometimes',
    examples: [{ file: 'service.yaml', bad: object('default'), good: object('<namespace>') }],
    options: {},
    sources: [
      'kube-linter use-namespace',
      'checkov CKV_K8S_21',
      'trivy KSV-0037',
      'trivy KSV-0110',
      'kubescape C-0061',
      'kubescape C-0212',
      'kics using_unrecommended_namespace',
      'datree WORKLOAD_INCORRECT_NAMESPACE_VALUE_DEFAULT',
      'kyverno disallow-default-namespace',
    ],
  },
  *check({ namespace, name, path, document }) {
    if (namespace === undefined || own.test(name?.value ?? '')) return;
    const { value, span } = namespace;
    if (value === 'default') {
      const patches = [{ kind: 'set', path: [...path, 'metadata', 'namespace'], value: '<namespace>' }] as const;
      yield { message: 'default', span, fixes: patchFix(document, { title: 'name', safety: 'manual', patches }) };
    } else if (/^kube-(?:system|public|node-lease)$/.test(value)) {
      yield { message: 'system', data: { namespace: value }, span };
    }
  },
});
