import { defineRule } from '../../engine/rule.ts';
import { ownSecurityField } from '../../kubernetes/security-context.ts';
import { patchFix } from '../patch-fix.ts';
import { relaxedByUserNamespace } from './parts/user-namespace.ts';

export default defineRule('container', {
  meta: {
    id: 'kubernetes/proc-mount',
    rows: ['K312'],
    summary: 'The `/proc` of a container should stay masked.',
    why: 'Runtimes hide parts of `/proc` and make others read-only, since through them the kernel of the node can be set up. `procMount: Unmasked` opens all of it; that is only harmless in a user namespace (`hostUsers: false`), which containers within containers need.',
    severity: 'warning',
    podSecurity: 'baseline',
    topic: 'security',
    messages: {
      unmasked: 'procMount `{value}` opens the kernel settings of the node in /proc',
    },
    titles: { mask: 'Set procMount: Default' },
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
        procMount: Unmasked
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
        procMount: Default
`,
      },
    ],
    options: {},
    sources: [
      'pod-security procMount',
      'kube-linter unsafe-proc-mount',
      'polaris procMount',
      'trivy KSV-0027',
      'kubesec ProcMount',
      'monokle PSS109',
    ],
  },
  *check(container, { settings }) {
    const field = ownSecurityField(container, 'procMount');
    if (field === undefined || field === 'unknown' || field.text === undefined || field.text === 'Default') return;
    if (relaxedByUserNamespace(container.workload, settings.kubernetesVersion) !== false) return;
    yield {
      message: 'unmasked',
      data: { value: field.text },
      span: field.span,
      fixes: patchFix(container.workload.object.document, {
        title: 'mask',
        safety: 'suggested',
        patches: [{ kind: 'set', path: field.path, value: 'Default' }],
      }),
    };
  },
});
