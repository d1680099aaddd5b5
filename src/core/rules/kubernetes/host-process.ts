import { defineRule } from '../../engine/rule.ts';
import { patchFix } from '../patch-fix.ts';
import { booleanOf } from './parts/booleans.ts';
import { writtenFields } from './parts/written-fields.ts';

export default defineRule('workload', {
  meta: {
    id: 'kubernetes/host-process',
    rows: ['K301'],
    summary: 'A Windows container should not be a host process.',
    why: 'A HostProcess container runs as an ordinary process of its Windows node, with its file system and network: nothing is contained. Only agents that set up nodes need that.',
    severity: 'warning',
    podSecurity: 'baseline',
    topic: 'security',
    messages: {
      host: 'HostProcess container: it runs on its Windows node as any program there',
    },
    titles: { contain: 'Remove hostProcess' },
    fix: 'sometimes',
    examples: [
      {
        file: 'pod.yaml',
        bad: `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  os:
    name: windows
  containers:
    - name: web
      image: web:1.4
      securityContext:
        windowsOptions:
          runAsUserName: ContainerUser
          hostProcess: true
`,
        good: `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  os:
    name: windows
  containers:
    - name: web
      image: web:1.4
      securityContext:
        windowsOptions:
          runAsUserName: ContainerUser
`,
      },
    ],
    options: {},
    sources: [
      'pod-security windowsHostProcess',
      'polaris hostProcess',
      'trivy KSV-0103',
      'datree EKS_INVALID_HOSTPROCESS_VALUE',
      'monokle PSS101',
    ],
  },
  *check(workload) {
    for (const { field } of writtenFields(workload, 'windowsOptions', 'hostProcess')) {
      if (booleanOf(field.node) !== true) continue;
      yield {
        message: 'host',
        span: field.span,
        fixes: patchFix(workload.object.document, {
          title: 'contain',
          safety: 'suggested',
          patches: [{ kind: 'remove', path: field.path }],
        }),
      };
    }
  },
});
