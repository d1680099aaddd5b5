import { defineRule } from '../../engine/rule.ts';
import { ownSecurityField, securityPath } from '../../kubernetes/security-context.ts';
import { missingPlace } from '../../yaml/missing-place.ts';
import { patchFix } from '../patch-fix.ts';
import { booleanOf } from './parts/booleans.ts';
import { needsEscalation } from './parts/escalation-needed.ts';
import { atLeast } from './parts/kubernetes-version.ts';
import { scaffoldFix, scaffoldTitle } from './parts/restricted-context.ts';

export default defineRule('container', {
  meta: {
    id: 'kubernetes/privilege-escalation',
    rows: ['K402'],
    summary: 'A container should set `allowPrivilegeEscalation: false`.',
    why: 'Without it a process may gain more rights than its parent, by a setuid program such as sudo or by file capabilities. Hardly any service needs that, and the restricted Pod Security Standard demands an explicit `false` of every container.',
    severity: 'information',
    podSecurity: 'restricted',
    topic: 'security',
    messages: {
      missing: 'allowPrivilegeEscalation is not set to false: setuid programs can raise their rights',
      allowed: 'Privilege escalation is allowed: setuid programs can raise their rights',
    },
    titles: { deny: 'Set allowPrivilegeEscalation: false', scaffold: scaffoldTitle },
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
        allowPrivilegeEscalation: true
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
        allowPrivilegeEscalation: false
`,
      },
    ],
    options: {},
    sources: [
      'pod-security allowPrivilegeEscalation',
      'kube-linter privilege-escalation-container',
      'polaris privilegeEscalationAllowed',
      'checkov CKV_K8S_20',
      'trivy KSV-0001',
      'kubescape C-0016',
      'kubesec AllowPrivilegeEscalation',
      'kics privilege_escalation_allowed',
      'sonar S6430',
      'semgrep allow-privilege-escalation',
      'semgrep allow-privilege-escalation-no-securitycontext',
      'semgrep allow-privilege-escalation-true',
      'datree CONTAINERS_MISSING_KEY_ALLOWPRIVILEGEESCALATION',
      'monokle PSS202',
    ],
  },
  *check(container, { settings }) {
    const { object, windows } = container.workload;
    if (windows && atLeast(settings.kubernetesVersion, 25)) return;
    const field = ownSecurityField(container, 'allowPrivilegeEscalation');
    if (field === 'unknown' || (field === undefined && object.context === 'patch')) return;
    if (field !== undefined && booleanOf(field.node) === false) return;
    const scaffold = field === undefined ? scaffoldFix(container.workload) : [];
    yield {
      message: field === undefined ? 'missing' : 'allowed',
      span: field?.span ?? missingPlace(container.node, container.label, 'securityContext'),
      fixes: needsEscalation(container)
        ? []
        : [
            ...patchFix(object.document, {
              title: 'deny',
              safety: 'suggested',
              patches: [{ kind: 'set', path: securityPath(container, 'allowPrivilegeEscalation'), value: false }],
            }),
            ...scaffold,
          ],
    };
  },
});
