import { defineRule } from '../../engine/rule.ts';
import { fieldAt, knownItems, knownText } from '../../yaml/field.ts';
import { patchFix } from '../patch-fix.ts';
import { chosenByValues } from './parts/chosen-by-values.ts';

export default defineRule('container', {
  meta: {
    id: 'kubernetes/host-port',
    rows: ['K308'],
    summary: 'A container should take no port of its node.',
    why: 'Only one pod of a node can have a host port, so that no second one is scheduled there, and it is open on the address of the node, past Services and mostly past network policies. A Service of type NodePort or LoadBalancer publishes a port without that.',
    severity: 'warning',
    podSecurity: 'baseline',
    topic: 'security',
    messages: {
      taken: 'Port {port} of the node is taken: only one such pod fits on a node',
    },
    titles: { leave: 'Remove hostPort' },
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
      ports:
        - containerPort: 8080
          hostPort: 80
`,
        good: `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: web:1.4
      ports:
        - containerPort: 8080
`,
      },
    ],
    options: { allowed: { type: 'string[]', default: [], description: 'Host ports that are allowed.' } },
    sources: [
      'pod-security hostPorts',
      'polaris hostPortSet',
      'checkov CKV_K8S_26',
      'trivy KSV-0024',
      'kubescape C-0044',
      'kics workload_host_port_not_specified',
      'datree CONTAINERS_INCORRECT_KEY_HOSTPORT',
      'monokle PSS106',
    ],
  },
  *check(container, { options }) {
    for (const { index, node } of knownItems(container.node, 'ports')) {
      const port = knownText(node, 'hostPort');
      if (port === undefined || /^[+-]?0+$/.test(port.value) || options.allowed.includes(port.value)) continue;
      if (chosenByValues(container.workload, port.span)) continue;
      const path = [...container.path, 'ports', index, 'hostPort'];
      yield {
        message: 'taken',
        data: { port: port.value },
        span: port.span,
        fixes:
          fieldAt(node, 'containerPort') === undefined
            ? []
            : patchFix(container.workload.object.document, {
                title: 'leave',
                safety: 'suggested',
                patches: [{ kind: 'remove', path }],
              }),
      };
    }
  },
});
