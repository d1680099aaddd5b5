import { defineRule } from '../../engine/rule.ts';
import { fieldAt } from '../../yaml/field.ts';
import { scaffoldFix, scaffoldTitle } from './parts/restricted-context.ts';

const manifest = `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: web:1.4
`;

export default defineRule('container', {
  meta: {
    id: 'kubernetes/security-context-missing',
    rows: ['K506'],
    summary: 'A container or its pod should have a security context.',
    why: 'Without one, a container has what its runtime gives to all: the user that its image says, root where it says none, some capabilities, any system call, and ways to more rights by setuid programs.',
    severity: 'information',
    optional: true,
    topic: 'security',
    messages: { missing: 'Neither this container nor its pod has a securityContext' },
    titles: { scaffold: scaffoldTitle },
    fix: 'sometimes',
    examples: [
      {
        file: 'pod.yaml',
        bad: manifest,
        good: `${manifest}      securityContext:
        allowPrivilegeEscalation: false
        capabilities:
          drop:
            - ALL
  securityContext:
    runAsNonRoot: true
    seccompProfile:
      type: RuntimeDefault
`,
      },
    ],
    options: {},
    sources: [
      'checkov CKV_K8S_29',
      'checkov CKV_K8S_30',
      'trivy KSV-0118',
      'kubescape C-0211',
      'kics pod_or_container_without_security_context',
      'datree CIS_MISSING_KEY_SECURITYCONTEXT',
    ],
  },
  *check({ node, workload, label }) {
    if (workload.object.context === 'patch') return;
    if (!lacks(node) || !lacks(workload.spec)) return;
    yield { message: 'missing', span: label, fixes: scaffoldFix(workload) };
  },
});

function lacks(holder: Parameters<typeof fieldAt>[0]): boolean {
  const field = fieldAt(holder, 'securityContext');
  return field === undefined || (field !== 'unknown' && field.kind === 'mapping' && field.pairs.length === 0);
}
