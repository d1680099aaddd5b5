import { defineRule } from '../../engine/rule.ts';
import { ownSecurityField } from '../../kubernetes/security-context.ts';
import { patchFix } from '../patch-fix.ts';
import { relaxedByUserNamespace } from './parts/user-namespace.ts';

export default defineRule('container', {
  meta: {
    id: 'kubernetes/proc-mount-restricted',
    rows: ['K407'],
    summary: 'The `/proc` of a container should stay masked even in a user namespace.',
    why: 'In a user namespace (`hostUsers: false`) an unmasked `/proc` is within the baseline Pod Security Standard since Kubernetes 1.35. The restricted one still wants it masked: less of the kernel is open then.',
    severity: 'information',
    podSecurity: 'restricted',
    topic: 'security',
    messages: {
      unmasked: 'procMount `{value}`: the restricted standard wants /proc masked in a user namespace too',
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
  hostUsers: false
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
  hostUsers: false
  containers:
    - name: web
      image: web:1.4
      securityContext:
        procMount: Default
`,
      },
    ],
    options: {},
    sources: ['pod-security procMount_restricted'],
  },
  *check(container, { settings }) {
    const field = ownSecurityField(container, 'procMount');
    if (field === undefined || field === 'unknown' || field.text === undefined || field.text === 'Default') return;
    if (relaxedByUserNamespace(container.workload, settings.kubernetesVersion) !== true) return;
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
