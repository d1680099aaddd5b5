import { defineRule } from '../../engine/rule.ts';
import type { Container, Workload } from '../../kubernetes/model.ts';
import { podSecurityPath, securityField } from '../../kubernetes/security-context.ts';
import { patchFix } from '../patch-fix.ts';
import { type Breach, breaches } from './parts/inherited-setting.ts';
import { runsAsRoot, scaffoldFix, scaffoldTitle } from './parts/restricted-context.ts';
import { relaxedByUserNamespace } from './parts/user-namespace.ts';

/** Peers to whom the number of a user other than root is as good. */
const takingNumbers = [
  'kube-linter run-as-non-root',
  'polaris runAsRootAllowed',
  'checkov CKV_K8S_23',
  'kubescape C-0013',
  'kics containers_running_as_root',
];
const strict = [
  'pod-security runAsNonRoot',
  'trivy KSV-0012',
  'kubesec RunAsNonRoot',
  'semgrep run-as-non-root',
  'semgrep run-as-non-root-container-level',
  'semgrep run-as-non-root-container-level-missing-security-context',
  'semgrep run-as-non-root-security-context-pod-level',
  'semgrep run-as-non-root-unsafe-default',
  'semgrep run-as-non-root-unsafe-value',
  'datree CONTAINERS_INCORRECT_RUNASNONROOT_VALUE',
  'monokle PSS203',
];

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
    sources: [...strict, ...takingNumbers],
  },
  *check(workload, { settings }) {
    if (relaxedByUserNamespace(workload, settings.kubernetesVersion) !== false) return;
    for (const breach of breaches(workload, 'runAsNonRoot', [], (text) => /^(?:true|yes|on|y)$/i.test(text ?? ''))) {
      const numbered = (breach.container === undefined ? workload.containers : [breach.container]).every(hasOtherUser);
      const peers = numbered ? strict : [...strict, ...takingNumbers];
      const fixes = fixesOf(workload, breach);
      if (breach.kind === 'bad') yield { message: 'disabled', span: breach.field.span, peers, fixes };
      else yield { message: 'missing', span: breach.span, peers, fixes };
    }
  },
});

function hasOtherUser(container: Container): boolean {
  const user = securityField(container, 'runAsUser');
  return user !== undefined && user !== 'unknown' && /^[1-9]\d*$/.test(user.text ?? '');
}

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
