import { defineRule } from '../../engine/rule.ts';
import { subjectsOf } from '../../kubernetes/bindings.ts';
import type { KubernetesFile, KubernetesObject, Workload } from '../../kubernetes/model.ts';
import { isBinding } from '../../kubernetes/policy-rules.ts';
import { findTarget } from '../../kubernetes/references.ts';
import { isInNamespace, workloadsOf } from '../../kubernetes/service.ts';
import { fieldAt, knownText } from '../../yaml/field.ts';
import { patchFix } from '../patch-fix.ts';
import { booleanOf } from './parts/booleans.ts';
import { podSpecKey } from './parts/pod-spec-key.ts';

const pod = (more: string) => `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: web:1.4
${more}`;

export default defineRule('kubernetes-file', {
  meta: {
    id: 'kubernetes/service-account-token',
    rows: ['K502'],
    summary: 'A pod that does not talk to the API server should have no token for it.',
    why: 'Unless the pod or its service account says `automountServiceAccountToken: false`, every container finds a token in `/var/run/secrets/kubernetes.io/serviceaccount`, and so does whoever breaks into it. Pods whose service account is bound to a role are taken to need theirs.',
    severity: 'information',
    optional: true,
    topic: 'security',
    messages: {
      mounted: 'Every container here gets a token for the API server',
      told: 'Every container here gets a token for the API server, whatever its service account says',
    },
    titles: { unmount: 'Set automountServiceAccountToken: false' },
    fix: 'always',
    examples: [{ file: 'pod.yaml', bad: pod(''), good: pod('  automountServiceAccountToken: false\n') }],
    options: {},
    sources: [
      'kube-linter automount-service-account-token',
      'polaris automountServiceAccountToken',
      'checkov CKV_K8S_38',
      'trivy KSV-0036',
      'kubescape C-0034',
      'kubescape C-0190',
      'kubescape C-0261',
      'kubesec AutomountServiceAccountToken',
      'kics service_account_token_automount_not_disabled',
      'sonar S6865',
      'datree CIS_INVALID_VALUE_AUTOMOUNTSERVICEACCOUNTTOKEN',
      'datree SRVACC_INCORRECT_AUTOMOUNTSERVICEACCOUNTTOKEN_VALUE',
      'kyverno restrict-automount-sa-token',
      'kyverno disable-automountserviceaccounttoken',
      'monokle KBP106',
      'popeye 301',
      'popeye 303',
    ],
  },
  *check(file) {
    for (const { workload, start } of workloadsOf(file)) {
      const { spec, specPath, object } = workload;
      const field = fieldAt(spec, 'automountServiceAccountToken');
      if (field === 'unknown' || (field === undefined && object.context === 'patch')) continue;
      if (field !== undefined ? booleanOf(field) !== true : !byDefault(file, workload)) continue;
      yield {
        message: field === undefined ? 'mounted' : 'told',
        span: field?.span ?? podSpecKey(workload),
        offset: start,
        fixes: patchFix(object.document, {
          title: 'unmount',
          safety: 'suggested',
          patches: [{ kind: 'set', path: [...specPath, 'automountServiceAccountToken'], value: false }],
        }),
      };
    }
  },
});

/** Whether a pod that says nothing gets a token that it has no use for. */
function byDefault(file: KubernetesFile, { spec, object }: Workload): boolean {
  const name = fieldAt(spec, 'serviceAccountName') ?? fieldAt(spec, 'serviceAccount');
  if (name === 'unknown') return false;
  const account = knownText(spec, 'serviceAccountName')?.value ?? knownText(spec, 'serviceAccount')?.value;
  const called = account === undefined || account === '' ? 'default' : account;
  if (called !== 'default') {
    if (isBound(file, object, called)) return false;
    const target = findTarget(file, object, 'ServiceAccount', called);
    return target.kind === 'found' ? mounts(target.object.object) : target.kind !== 'exists';
  }
  // Each namespace has one of that name: one that is deployed apart is the pod's where both say the namespace.
  const apart = file.neighbours?.far.find(
    ({ object: other }) => isDefaultAccount(other) && object.namespace?.value === (other.namespace?.value ?? ''),
  );
  if (apart !== undefined) return mounts(apart.object);
  const { neighbours } = file;
  const near = { ...file, neighbours: neighbours && { ...neighbours, far: [] } };
  const target = findTarget(near, object, 'ServiceAccount', called);
  return target.kind === 'found' ? mounts(target.object.object) : target.kind !== 'exists';
}

function isDefaultAccount({ kind, name, context }: KubernetesObject): boolean {
  return kind.value === 'ServiceAccount' && name?.value === 'default' && context !== 'patch';
}

function mounts(account: KubernetesObject): boolean {
  const said = fieldAt(account.root, 'automountServiceAccountToken');
  return said !== 'unknown' && booleanOf(said) !== false;
}

function isBound(file: KubernetesFile, user: KubernetesObject, account: string): boolean {
  return [...file.objects, ...(file.neighbours?.near ?? [])].some(
    ({ object }) =>
      isBinding(object) &&
      subjectsOf(object).some(
        ({ kind, name, namespace }) =>
          kind === 'ServiceAccount' &&
          name.value === account &&
          (namespace === undefined || isInNamespace(user, namespace) !== 'no'),
      ),
  );
}
