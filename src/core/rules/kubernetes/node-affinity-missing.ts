import { defineRule } from '../../engine/rule.ts';
import { fieldAt } from '../../yaml/field.ts';

const pod = (rest: string) => `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
${rest}  containers:
    - name: web
      image: web:1.4
`;

export default defineRule('workload', {
  meta: {
    id: 'kubernetes/node-affinity-missing',
    rows: ['K621'],
    summary: 'Pods say which nodes they are for.',
    why: 'In a cluster of unlike nodes, such as cheap ones that may go at any time, large ones and those with GPUs, a pod without node affinity may land on each. Off by default: where all nodes are alike there is nothing to choose.',
    severity: 'information',
    optional: true,
    topic: 'reliability',
    messages: { missing: 'No node affinity: these pods may land on any node' },
    titles: {},
    fix: 'never',
    examples: [
      {
        file: 'pod.yaml',
        bad: pod(''),
        good: pod(`  affinity:
    nodeAffinity:
      requiredDuringSchedulingIgnoredDuringExecution:
        nodeSelectorTerms:
          - matchExpressions:
              - key: kubernetes.io/arch
                operator: In
                values: [amd64]
`),
      },
    ],
    options: {},
    sources: ['kube-linter no-node-affinity'],
  },
  *check({ object, spec }) {
    if (object.context === 'patch') return;
    const choices = [['affinity', 'nodeAffinity'], ['nodeSelector'], ['nodeName']];
    if (choices.some((path) => fieldAt(spec, ...path) !== undefined)) return;
    yield { message: 'missing', span: object.name?.span ?? object.kind.span };
  },
});
