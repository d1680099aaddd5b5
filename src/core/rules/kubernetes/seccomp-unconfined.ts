import { defineRule } from '../../engine/rule.ts';
import { knownMapping, textMap } from '../../yaml/field.ts';
import { patchFix } from '../patch-fix.ts';
import { writtenFields } from './parts/written-fields.ts';

export default defineRule('workload', {
  meta: {
    id: 'kubernetes/seccomp-unconfined',
    rows: ['K313'],
    summary: 'The seccomp filter of a container should not be turned off.',
    why: '`Unconfined` opens every system call of the kernel, among them those that most escapes from containers use. `RuntimeDefault` takes the profile of the container runtime, which ordinary programs do not notice.',
    severity: 'warning',
    podSecurity: 'baseline',
    topic: 'security',
    messages: {
      off: 'Seccomp is turned off: every system call is open',
      annotation: 'Seccomp is turned off by an annotation: every system call is open',
    },
    titles: { default: 'Set seccomp profile {profile}' },
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
    seccompProfile:
      type: Unconfined
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
    seccompProfile:
      type: RuntimeDefault
  containers:
    - name: web
      image: web:1.4
`,
      },
    ],
    options: {},
    sources: ['pod-security seccompProfile_baseline', 'trivy KSV-0104', 'kubesec SeccompUnconfined', 'monokle PSS110'],
  },
  *check(workload) {
    const { document } = workload.object;
    for (const { field } of writtenFields(workload, 'seccompProfile', 'type')) {
      if (field.text !== 'Unconfined') continue;
      yield {
        message: 'off',
        span: field.span,
        fixes: patchFix(document, {
          title: 'default',
          data: { profile: 'RuntimeDefault' },
          safety: 'suggested',
          patches: [{ kind: 'set', path: field.path, value: 'RuntimeDefault' }],
        }),
      };
    }
    // From before the field: no longer read since Kubernetes 1.27, which leaves the pod unconfined as well.
    for (const [key, { value, span }] of textMap(knownMapping(workload.podMetadata, 'annotations'))) {
      if (value !== 'unconfined') continue;
      if (!/^(?:seccomp\.security\.alpha\.kubernetes\.io\/pod$|container\.seccomp\.security\.alpha)/.test(key))
        continue;
      yield {
        message: 'annotation',
        span,
        fixes: patchFix(document, {
          title: 'default',
          data: { profile: 'runtime/default' },
          safety: 'suggested',
          patches: [{ kind: 'set', path: [...workload.podMetadataPath, 'annotations', key], value: 'runtime/default' }],
        }),
      };
    }
  },
});
