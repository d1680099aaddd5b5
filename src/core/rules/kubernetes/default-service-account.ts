import { defineRule } from '../../engine/rule.ts';
import type { KubernetesObject } from '../../kubernetes/model.ts';
import { fieldAt, knownText } from '../../yaml/field.ts';
import { patchFix } from '../patch-fix.ts';
import { booleanOf } from './parts/booleans.ts';
import { podSpecKey } from './parts/pod-spec-key.ts';

const pod = (account: string) => `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  serviceAccountName: ${account}
  containers:
    - name: web
      image: web:1.4
`;

const ofPods = ['kube-linter default-service-account', 'popeye 300', 'popeye 308'];
const ofUnset = ['kubesec ServiceAccountName', 'kics service_account_name_undefined_or_empty'];
const ofAccounts = ['checkov CKV_K8S_41', 'kubescape C-0189'];

export default defineRule('kubernetes-object', {
  meta: {
    id: 'kubernetes/default-service-account',
    rows: ['K503'],
    summary: 'A pod should have a service account of its own.',
    why: 'Pods that name none share the account `default` of their namespace: a role that one of them needs is granted to all, and the audit log cannot tell them apart. Pods without a token for the API server need no account of their own.',
    severity: 'information',
    optional: true,
    topic: 'security',
    messages: {
      missing: 'Shares the service account of all pods that name none',
      account: 'Pods that name no service account get the token of this one: automountServiceAccountToken is not false',
      shared: 'This service account is shared with all pods that name none',
    },
    titles: { name: 'Name a service account', unmount: 'Set automountServiceAccountToken: false' },
    fix: 'sometimes',
    examples: [{ file: 'pod.yaml', bad: pod('default'), good: pod('<service-account>') }],
    options: {},
    sources: [...ofPods, ...ofUnset, ...ofAccounts],
  },
  *check(object) {
    if (object.kind.value === 'ServiceAccount' && object.name?.value === 'default') yield* ofDefault(object);
    const { workload } = object;
    if (workload === undefined) return;
    const { spec, specPath } = workload;
    const token = fieldAt(spec, 'automountServiceAccountToken');
    if (token === 'unknown' || (token !== undefined && booleanOf(token) === false)) return;
    const key = fieldAt(spec, 'serviceAccountName') === undefined ? 'serviceAccount' : 'serviceAccountName';
    const field = fieldAt(spec, key);
    const account = knownText(spec, key);
    if (
      account === undefined ? field !== undefined || object.context === 'patch' : !/^(?:default)?$/.test(account.value)
    )
      return;
    const path = [...specPath, account === undefined ? 'serviceAccountName' : key];
    yield {
      message: account === undefined ? 'missing' : 'shared',
      span: account?.span ?? podSpecKey(workload),
      peers: account?.value === 'default' ? ofPods : [...ofPods, ...ofUnset],
      fixes: patchFix(object.document, {
        title: 'name',
        safety: 'manual',
        patches: [{ kind: 'set', path, value: '<service-account>' }],
      }),
    };
  },
});

function* ofDefault({ root, path, document, name, kind, context }: KubernetesObject) {
  const token = fieldAt(root, 'automountServiceAccountToken');
  if (token === 'unknown' || (token === undefined ? context === 'patch' : booleanOf(token) === false)) return;
  const patches = [{ kind: 'set', path: [...path, 'automountServiceAccountToken'], value: false }] as const;
  const fixes = patchFix(document, { title: 'unmount', safety: 'suggested', patches });
  yield { message: 'account', span: token?.span ?? name?.span ?? kind.span, peers: ofAccounts, fixes } as const;
}
