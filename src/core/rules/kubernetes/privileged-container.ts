import { defineRule } from '../../engine/rule.ts';
import { ownSecurityField } from '../../kubernetes/security-context.ts';
import { patchFix } from '../patch-fix.ts';
import { booleanOf } from './parts/booleans.ts';

export default defineRule('container', {
  meta: {
    id: 'kubernetes/privileged-container',
    rows: ['K305'],
    summary: 'A container should not be privileged.',
    why: 'A privileged container has every capability and every device of its node: whoever breaks into it owns the node and all pods on it. What needs one device or one capability can be given just that.',
    severity: 'warning',
    podSecurity: 'baseline',
    topic: 'security',
    messages: { privileged: 'Privileged container: it can do to its node whatever root can' },
    titles: { unset: 'Set privileged: false' },
    fix: 'always',
    examples: [
      {
        file: 'pod.yaml',
        bad: `apiVersion: v1
kind: Pod
metadata:
  name: agent
spec:
  containers:
    - name: agent
      image: agent:2.1
      securityContext:
        privileged: true
`,
        good: `apiVersion: v1
kind: Pod
metadata:
  name: agent
spec:
  containers:
    - name: agent
      image: agent:2.1
      securityContext:
        privileged: false
`,
      },
    ],
    options: {},
    sources: [
      'pod-security privileged',
      'kube-linter privileged-container',
      'kube-score container-security-context-privileged',
      'polaris runAsPrivileged',
      'checkov CKV_K8S_16',
      'trivy KSV-0017',
      'kubescape C-0057',
      'kubesec Privileged',
      'kics container_is_privileged',
      'sonar S6428',
      'semgrep privileged-container',
      'datree CONTAINERS_INCORRECT_PRIVILEGED_VALUE_TRUE',
      'monokle PSS103',
    ],
  },
  *check(container) {
    const field = ownSecurityField(container, 'privileged');
    if (field === undefined || field === 'unknown' || booleanOf(field.node) !== true) return;
    yield {
      message: 'privileged',
      span: field.span,
      fixes: patchFix(container.workload.object.document, {
        title: 'unset',
        safety: 'suggested',
        patches: [{ kind: 'set', path: field.path, value: false }],
      }),
    };
  },
});
