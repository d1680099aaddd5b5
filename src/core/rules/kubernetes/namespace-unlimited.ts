import { defineRule } from '../../engine/rule.ts';
import type { KubernetesFile, KubernetesObject } from '../../kubernetes/model.ts';
import { fieldAt } from '../../yaml/field.ts';
import { documentBelow } from './parts/document-below.ts';

const shop = `apiVersion: v1
kind: LimitRange
metadata:
  name: limits
  namespace: shop
spec:
  limits:
    - type: Container
      default:
        memory: 256Mi
---
apiVersion: v1
kind: Namespace
metadata:
  name: shop
`;

const quotaOf = (namespace: string) => `apiVersion: v1
kind: ResourceQuota
metadata:
  name: quota
  namespace: ${namespace}
spec:
  hard:
    requests.cpu: <cpu>
    requests.memory: <memory>
    limits.memory: <memory>
`;

const rangeOf = (namespace: string) => `apiVersion: v1
kind: LimitRange
metadata:
  name: limits
  namespace: ${namespace}
spec:
  limits:
    - type: Container
      defaultRequest:
        cpu: <cpu>
        memory: <memory>
      default:
        memory: <memory>
`;

const minding = {
  quota: ['trivy KSV-0040', 'kics pod_or_container_without_resource_quota', 'kyverno add-ns-quota'],
  range: ['trivy KSV-0039', 'kics pod_or_container_without_limit_range', 'kyverno add-ns-quota'],
};

export default defineRule('kubernetes-file', {
  meta: {
    id: 'kubernetes/namespace-unlimited',
    rows: ['K115'],
    summary: 'A namespace should have a ResourceQuota and a LimitRange.',
    why: 'Without a ResourceQuota one namespace can take all CPU and memory of a cluster; without a LimitRange a container that says nothing of its resources has no limit. Whether a namespace needs them is up to who shares the cluster.',
    severity: 'information',
    optional: true,
    topic: 'resources',
    messages: {
      quota: 'No ResourceQuota here is for namespace `{name}`',
      range: 'No LimitRange here is for namespace `{name}`',
      both: 'Neither a ResourceQuota nor a LimitRange here is for namespace `{name}`',
    },
    titles: {
      quota: 'Add a ResourceQuota below to complete',
      range: 'Add a LimitRange below to complete',
      both: 'Add a ResourceQuota and a LimitRange below to complete',
    },
    fix: 'sometimes',
    examples: [{ file: 'shop.yaml', bad: shop, good: `${shop}---\n${quotaOf('shop')}` }],
    options: {},
    sources: [...new Set(Object.values(minding).flat())],
  },
  *check(file) {
    for (const { object, start } of file.objects) {
      const { name } = object;
      if (object.kind.value !== 'Namespace' || object.apiVersion.value !== 'v1') continue;
      if (name === undefined || /^(?:kube-|openshift|default$)/.test(name.value)) continue;
      const quota = mayHave(file, 'ResourceQuota', name.value);
      const limits = mayHave(file, 'LimitRange', name.value);
      if (quota && limits) continue;
      const lacking = quota ? 'range' : limits ? 'quota' : 'both';
      yield {
        message: lacking,
        data: { name: name.value },
        span: name.span,
        peers: [...new Set([...(quota ? [] : minding.quota), ...(limits ? [] : minding.range)])],
        offset: start,
        fixes: scaffold(object, lacking, name.value),
      };
    }
  },
});

function scaffold(object: KubernetesObject, lacking: 'quota' | 'range' | 'both', name: string) {
  const documents = [...(lacking === 'range' ? [] : [quotaOf(name)]), ...(lacking === 'quota' ? [] : [rangeOf(name)])];
  const edit = documentBelow(object, documents.join('---\n'));
  return edit === undefined ? [] : [{ title: lacking, safety: 'manual', edits: [edit] } as const];
}

/** Whether an object of the kind is written for a namespace, or may go there when it is applied. */
function mayHave(file: KubernetesFile, kind: string, namespace: string): boolean {
  const { near = [], far = [] } = file.neighbours ?? {};
  const isNear = ({ object }: { readonly object: KubernetesObject }) =>
    object.kind.value === kind &&
    (isFor(object, namespace) || fieldAt(object.root, 'metadata', 'namespace') === undefined);
  if ([...file.objects, ...near].some(isNear)) return true;
  return far.some(({ object }) => object.kind.value === kind && isFor(object, namespace));
}

function isFor({ root, namespace: own }: KubernetesObject, namespace: string): boolean {
  return own?.value === namespace || fieldAt(root, 'metadata', 'namespace') === 'unknown';
}
