import { defineRule } from '../../engine/rule.ts';
import type { Workload } from '../../kubernetes/model.ts';
import { podSecurityPath } from '../../kubernetes/security-context.ts';
import { patchFix } from '../patch-fix.ts';
import { type Breach, breaches } from './parts/inherited-setting.ts';
import { runsAsRoot, scaffoldFix, scaffoldTitle } from './parts/restricted-context.ts';
import { relaxedByUserNamespace } from './parts/user-namespace.ts';

export default defineRule('workload', {
  meta: {
    id: 'kubernetes/run-as-non-root',
    rows: ['K403'],
    summary: 'Containers should have to run as a user other than root.',
    why: 'Root inside a container is root on the node as soon as something breaks out of it. With `runAsNonRoot: true` the kubelet refuses to start an image whose user is root, so that a mistake in an image shows at once. The image has to name a numeric user for that, or `runAsUser` has to.',
    severity: 'information',
    podSecurity: 'restricted',
    topic: 'security',
    messages: {
      missing: 'May run as root: runAsNonRoot is not set, here or for the pod',
      disabled: 'May run as root: runAsNonRoot is false',
    },
    titles: {
      pod: 'Set runAsNonRoot: true for the pod',
      here: 'Set runAsNonRoot: true',
      scaffold: scaffoldTitle,
    },
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
        runAsNonRoot: false
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
        runAsNonRoot: true
`,
      },
    ],
    options: {},
    sources: [
      'pod-security runAsNonRoot',
      'kube-linter run-as-non-root',
      'polaris runAsRootAllowed',
      'checkov CKV_K8S_23',
      'trivy KSV-0012',
      'kubescape C-0013',
      'kubesec RunAsNonRoot',
      'kics containers_running_as_root',
      'semgrep run-as-non-root',
      'semgrep run-as-non-root-container-level',
      'semgrep run-as-non-root-container-level-missing-security-context',
      'semgrep run-as-non-root-security-context-pod-level',
      'semgrep run-as-non-root-unsafe-default',
      'semgrep run-as-non-root-unsafe-value',
      'datree CONTAINERS_INCORRECT_RUNASNONROOT_VALUE',
      'monokle PSS203',
    ],
  },
  *check(workload, { settings }) {
    if (relaxedByUserNamespace(workload, settings.kubernetesVersion) !== false) return;
    for (const breach of breaches(workload, 'runAsNonRoot', [], (text) => /^(?:true|yes|on|y)$/i.test(text ?? ''))) {
      if (breach.kind === 'bad') {
        yield { message: 'disabled', span: breach.field.span, fixes: fixesOf(workload, breach) };
      } else {
        yield { message: 'missing', span: breach.span, fixes: fixesOf(workload, breach) };
      }
    }
  },
});

function fixesOf(workload: Workload, breach: Breach) {
  const affected =
    breach.container === undefined || breach.kind === 'missing' ? workload.containers : [breach.container];
  // The kubelet would refuse to start these.
  if (affected.some(runsAsRoot)) return [];
  const path = breach.kind === 'bad' ? breach.field.path : podSecurityPath(workload, 'runAsNonRoot');
  const fixes = patchFix(workload.object.document, {
    title: breach.kind === 'bad' ? 'here' : 'pod',
    safety: 'suggested',
    patches: [{ kind: 'set', path, value: true }],
  });
  return breach.kind === 'bad' ? fixes : [...fixes, ...scaffoldFix(workload)];
}
