import { defineRule } from '../../engine/rule.ts';
import { patchFix } from '../patch-fix.ts';
import { nodeLabelsOf } from './parts/node-labels.ts';

/** As the API server warns of them (kubernetes pkg/api/node/util.go deprecatedNodeLabels). */
const successors: ReadonlyMap<string, string> = new Map([
  ['beta.kubernetes.io/arch', 'kubernetes.io/arch'],
  ['beta.kubernetes.io/os', 'kubernetes.io/os'],
  ['beta.kubernetes.io/instance-type', 'node.kubernetes.io/instance-type'],
  ['failure-domain.beta.kubernetes.io/zone', 'topology.kubernetes.io/zone'],
  ['failure-domain.beta.kubernetes.io/region', 'topology.kubernetes.io/region'],
]);

export default defineRule('kubernetes-object', {
  meta: {
    id: 'kubernetes/node-label-deprecated',
    rows: ['H113', 'K815'],
    summary: 'Nodes should be chosen by labels that they will go on having.',
    why: 'The beta labels of nodes have been deprecated since Kubernetes 1.14 and 1.17, and the API server warns of them. Newer nodes, and those of some providers, only have the successors: a pod that asks for an old label stays Pending there.',
    severity: 'warning',
    look: 'deprecated',
    topic: 'configuration',
    messages: { deprecated: '{key} is deprecated: the label is now {successor}' },
    titles: { rename: 'Write {successor}' },
    fix: 'sometimes',
    examples: [
      {
        file: 'pod.yaml',
        bad: `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  nodeSelector:
    beta.kubernetes.io/arch: amd64
  containers:
    - name: web
      image: web:1.4
`,
        good: `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  nodeSelector:
    kubernetes.io/arch: amd64
  containers:
    - name: web
      image: web:1.4
`,
      },
    ],
    options: {},
    sources: [],
  },
  *check(object) {
    for (const { key, rename } of nodeLabelsOf(object)) {
      const successor = successors.get(key.value);
      if (successor === undefined) continue;
      yield {
        message: 'deprecated',
        data: { key: key.value, successor },
        span: key.span,
        fixes: patchFix(object.document, {
          title: 'rename',
          // A volume's affinity cannot be changed once it is made.
          safety: object.workload === undefined ? 'suggested' : 'safe',
          patches: [rename(successor)],
        }),
      };
    }
  },
});
