import { defineRule } from '../../engine/rule.ts';
import { podSecurityPath } from '../../kubernetes/security-context.ts';
import { patchFix } from '../patch-fix.ts';
import { breaches } from './parts/inherited-setting.ts';
import { atLeast } from './parts/kubernetes-version.ts';
import { scaffoldFix, scaffoldTitle } from './parts/restricted-context.ts';

export default defineRule('workload', {
  meta: {
    id: 'kubernetes/seccomp-profile',
    rows: ['K405'],
    summary: 'Containers should run under a seccomp profile.',
    why: 'Unless the kubelet is told otherwise, a container without a profile runs unconfined: all system calls of the kernel are open to it, also those that no service needs and that most escapes use. `RuntimeDefault` takes the profile of the container runtime, which ordinary programs do not notice.',
    severity: 'information',
    podSecurity: 'restricted',
    topic: 'security',
    messages: {
      missing: 'No seccomp profile: every system call is open to this container',
      wrong: 'Seccomp profile `{type}` does not confine: use RuntimeDefault or Localhost',
    },
    titles: {
      pod: 'Set seccomp profile RuntimeDefault for the pod',
      here: 'Set seccomp profile RuntimeDefault',
      scaffold: scaffoldTitle,
    },
    fix: 'always',
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
    seccompProfile:
      type: Unconfined
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
    seccompProfile:
      type: RuntimeDefault
`,
      },
    ],
    options: {},
    sources: [
      'pod-security seccompProfile_restricted',
      'kube-score container-seccomp-profile',
      'checkov CKV_K8S_31',
      'trivy KSV-0030',
      'kubescape C-0210',
      'kubesec SeccompAny',
      'kics seccomp_profile_is_not_configured',
      'semgrep seccomp-confinement-disabled',
      'datree CONTAINERS_INCORRECT_SECCOMP_PROFILE',
      'monokle PSS205',
    ],
  },
  *check(workload, { settings }) {
    if (workload.windows && atLeast(settings.kubernetesVersion, 25)) return;
    const { document } = workload.object;
    const allowed = (type: string | undefined) => type === 'RuntimeDefault' || type === 'Localhost';
    for (const breach of breaches(workload, 'seccompProfile', ['type'], allowed)) {
      if (breach.kind === 'bad') {
        yield {
          message: 'wrong',
          data: { type: breach.field.text ?? '' },
          span: breach.field.span,
          fixes: patchFix(document, {
            title: 'here',
            safety: 'suggested',
            patches: [{ kind: 'set', path: breach.field.path, value: 'RuntimeDefault' }],
          }),
        };
      } else {
        yield {
          message: 'missing',
          span: breach.span,
          fixes: [
            ...patchFix(document, {
              title: 'pod',
              safety: 'suggested',
              patches: [
                { kind: 'set', path: podSecurityPath(workload, 'seccompProfile', 'type'), value: 'RuntimeDefault' },
              ],
            }),
            ...scaffoldFix(workload),
          ],
        };
      }
    }
  },
});
