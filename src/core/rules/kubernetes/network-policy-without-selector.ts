import { defineRule } from '../../engine/rule.ts';
import { fieldAt, knownMapping } from '../../yaml/field.ts';
import { patchFix } from '../patch-fix.ts';

const policy = (selector: string) => `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: closed
spec:
  policyTypes: [Ingress]
${selector}`;

/** Policies of Calico and others select in their own way. The old and the wrong group still mean this one. */
const ofKubernetes = /^(?:networking\.k8s\.io\/.*|extensions\/.*|v1)$/;

export default defineRule('kubernetes-object', {
  meta: {
    id: 'kubernetes/network-policy-without-selector',
    rows: ['K712'],
    summary: 'A NetworkPolicy should say which pods it is for.',
    why: 'Without `podSelector` a policy is for every pod of its namespace, and closes them all to what it does not allow. Clusters before Kubernetes 1.34 refuse it. Where it is meant, an empty selector says so and means the same.',
    severity: 'information',
    topic: 'network',
    messages: { unset: 'No `podSelector`: the policy is for every pod of the namespace' },
    titles: { every: 'Select every pod with `{}`' },
    fix: 'sometimes',
    examples: [{ file: 'policy.yaml', bad: policy(''), good: policy('  podSelector: {}\n') }],
    options: {},
    sources: ['trivy KSV-0038'],
  },
  *check(object) {
    const { kind, apiVersion, context, root, document, path, name } = object;
    if (kind.value !== 'NetworkPolicy' || context === 'patch') return;
    if (!ofKubernetes.test(apiVersion.value)) return;
    if (knownMapping(root, 'spec') === undefined || fieldAt(root, 'spec', 'podSelector') !== undefined) return;
    yield {
      message: 'unset',
      span: name?.span ?? kind.span,
      fixes: patchFix(document, {
        title: 'every',
        safety: 'safe',
        patches: [{ kind: 'set', path: [...path, 'spec', 'podSelector'], value: {} }],
      }),
    };
  },
});
