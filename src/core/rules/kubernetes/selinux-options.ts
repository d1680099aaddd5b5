import { defineRule } from '../../engine/rule.ts';
import { patchFix } from '../patch-fix.ts';
import { atLeast } from './parts/kubernetes-version.ts';
import { seLinuxTypes } from './parts/pod-security-lists.ts';
import { writtenFields } from './parts/written-fields.ts';

export default defineRule('workload', {
  meta: {
    id: 'kubernetes/selinux-options',
    rows: ['K311'],
    summary: 'A container should keep the SELinux type, user and role that containers have.',
    why: 'SELinux keeps containers apart by their type. A type of its own, such as `spc_t`, or another user or role may open the files of the node and of other pods. The level is free to choose.',
    severity: 'warning',
    podSecurity: 'baseline',
    topic: 'security',
    messages: {
      type: 'SELinux type `{value}` is none of containers: it may open the node to this one',
      user: 'SELinux {name} `{value}`: containers keep the one that they are given',
    },
    titles: { remove: 'Remove {name}' },
    fix: 'sometimes',
    examples: [
      {
        file: 'pod.yaml',
        bad: `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  securityContext:
    seLinuxOptions:
      level: s0:c123,c456
      type: spc_t
  containers:
    - name: web
      image: web:1.4
`,
        good: `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  securityContext:
    seLinuxOptions:
      level: s0:c123,c456
  containers:
    - name: web
      image: web:1.4
`,
      },
    ],
    options: {},
    sources: [
      'pod-security seLinuxOptions',
      'trivy KSV-0025',
      'datree EKS_INVALID_SELINUX_USER_ROLE',
      'monokle PSS108',
    ],
  },
  *check(workload, { settings }) {
    for (const name of ['type', 'user', 'role'] as const) {
      for (const { field } of writtenFields(workload, 'seLinuxOptions', name)) {
        if (!field.text) continue;
        const since = name === 'type' ? seLinuxTypes.get(field.text) : undefined;
        if (since !== undefined && atLeast(settings.kubernetesVersion, since)) continue;
        yield {
          message: name === 'type' ? 'type' : 'user',
          data: { name, value: field.text },
          span: field.span,
          fixes: patchFix(workload.object.document, {
            title: 'remove',
            safety: 'suggested',
            patches: [{ kind: 'remove', path: field.path }],
          }),
        };
      }
    }
  },
});
