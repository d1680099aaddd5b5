import { defineRule } from '../../engine/rule.ts';
import { knownText } from '../../yaml/field.ts';
import { entry } from '../../yaml/read.ts';
import { patchFix } from '../patch-fix.ts';
import { atLeast } from './parts/kubernetes-version.ts';

export default defineRule('container', {
  meta: {
    id: 'kubernetes/probe-host',
    rows: ['K309'],
    summary: 'A probe or lifecycle hook should ask its own pod.',
    why: 'With a `host`, the kubelet of the node sends the request to any address that the manifest names: from the network of the node, where the pod itself may have no access. Without it, it asks the pod. The baseline Pod Security Standard forbids it since Kubernetes 1.34; a name for virtual hosts belongs into `httpHeaders`.',
    severity: 'warning',
    podSecurity: 'baseline',
    topic: 'security',
    messages: {
      elsewhere: 'The kubelet asks `{host}` from the network of the node, not this pod',
    },
    titles: { own: 'Remove host' },
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
      livenessProbe:
        httpGet:
          host: example.com
          port: 8080
`,
        good: `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: web:1.4
      livenessProbe:
        httpGet:
          port: 8080
`,
      },
    ],
    options: {},
    sources: ['pod-security hostProbesAndhostLifecycle'],
  },
  *check(container, { settings }) {
    if (!atLeast(settings.kubernetesVersion, 34)) return;
    for (const holder of holders) {
      if (entry(container.node, holder[0]) === undefined) continue;
      for (const action of ['httpGet', 'tcpSocket']) {
        const path = [...holder, action, 'host'];
        const host = knownText(container.node, ...path);
        if (host === undefined || host.value === '') continue;
        yield {
          message: 'elsewhere',
          data: { host: host.value },
          span: host.span,
          fixes: patchFix(container.workload.object.document, {
            title: 'own',
            safety: 'suggested',
            patches: [{ kind: 'remove', path: [...container.path, ...path] }],
          }),
        };
      }
    }
  },
});

const holders: readonly (readonly [string, ...(readonly string[])])[] = [
  ['livenessProbe'],
  ['readinessProbe'],
  ['startupProbe'],
  ['lifecycle', 'postStart'],
  ['lifecycle', 'preStop'],
];
