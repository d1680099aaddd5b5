import { defineRule } from '../../engine/rule.ts';
import type { Workload } from '../../kubernetes/model.ts';
import { securityField } from '../../kubernetes/security-context.ts';
import { patchFix } from '../patch-fix.ts';
import { booleanOf } from './parts/booleans.ts';
import { relaxedByUserNamespace } from './parts/user-namespace.ts';
import { type WrittenField, writtenFields } from './parts/written-fields.ts';

export default defineRule('workload', {
  meta: {
    id: 'kubernetes/runs-as-root',
    rows: ['K404'],
    summary: 'A container should not be told to run as root.',
    why: '`runAsUser: 0` runs even an image as root that has a user of its own. Beside `runAsNonRoot: true` the kubelet refuses to start the container. In a user namespace (`hostUsers: false`) root is nobody on the node, and is left alone since Kubernetes 1.35.',
    severity: 'information',
    podSecurity: 'restricted',
    topic: 'security',
    messages: {
      root: 'Runs as root: runAsUser is 0',
      refused: 'Never starts: runAsUser is 0, and runAsNonRoot forbids that',
      group: 'Runs with the group of root: runAsGroup is 0',
    },
    titles: { remove: 'Leave it to the image: remove {name}' },
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
    fsGroup: 2000
    runAsUser: 0
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
    fsGroup: 2000
  containers:
    - name: web
      image: web:1.4
`,
      },
    ],
    options: {
      group: { type: 'boolean', default: false, description: 'Report `runAsGroup: 0` as well.' },
    },
    sources: [
      'pod-security runAsUser',
      'kube-linter run-as-non-root',
      'trivy KSV-0105',
      'kubescape C-0013',
      'monokle PSS204',
      'monokle KBP109',
    ],
  },
  *check(workload, { options, settings }) {
    if (relaxedByUserNamespace(workload, settings.kubernetesVersion) !== false) return;
    const { document } = workload.object;
    for (const name of options.group ? ['runAsUser', 'runAsGroup'] : ['runAsUser']) {
      for (const written of writtenFields(workload, name)) {
        const { field } = written;
        if (!isZero(field.text)) continue;
        const refused = name === 'runAsUser' && isRefused(workload, written);
        yield {
          message: refused ? 'refused' : name === 'runAsUser' ? 'root' : 'group',
          ...(refused && { severity: 'warning' }),
          span: field.span,
          fixes: patchFix(document, {
            title: 'remove',
            data: { name },
            safety: 'suggested',
            patches: [{ kind: 'remove', path: field.path }],
          }),
        };
      }
    }
  },
});

function isZero(text: string | undefined): boolean {
  return text !== undefined && /^[+-]?0+$/.test(text);
}

/** Whether a container that the field holds for must not be root. */
function isRefused(workload: Workload, { container }: WrittenField): boolean {
  const affected = container === undefined ? workload.containers : [container];
  return affected.some((one) => {
    const user = securityField(one, 'runAsUser');
    const nonRoot = securityField(one, 'runAsNonRoot');
    if (user === undefined || user === 'unknown' || nonRoot === undefined || nonRoot === 'unknown') return false;
    return isZero(user.text) && booleanOf(nonRoot.node) === true;
  });
}
