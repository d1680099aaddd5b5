import { defineRule } from '../../engine/rule.ts';
import { knownText } from '../../yaml/field.ts';
import { patchFix } from '../patch-fix.ts';

const pod = (rest: string) => `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
${rest}  containers:
    - name: web
      image: web:1.4
`;

/** Where a pod names one node. */
const places: readonly (readonly string[])[] = [['nodeName'], ['nodeSelector', 'kubernetes.io/hostname']];

export default defineRule('workload', {
  meta: {
    id: 'kubernetes/node-pinned',
    rows: ['K621'],
    summary: 'No pod is bound to one node by its name.',
    why: 'When that node goes, is upgraded or gets another name, its pods go and come back nowhere. `nodeName` passes by the scheduler too: nobody looks whether there is room, and the pod fails on the node instead of waiting. Off by default: a disk in one machine may leave no choice.',
    severity: 'information',
    optional: true,
    topic: 'reliability',
    messages: { pinned: 'Bound to node `{node}`: when that goes, these pods go and come back nowhere' },
    titles: { free: 'Let the scheduler choose the node' },
    fix: 'sometimes',
    examples: [{ file: 'pod.yaml', bad: pod('  nodeName: node-7\n'), good: pod('') }],
    options: {},
    sources: [],
  },
  *check({ object, spec, specPath }) {
    for (const place of places) {
      const node = knownText(spec, ...place);
      if (node === undefined) continue;
      yield {
        message: 'pinned',
        data: { node: node.value },
        span: node.span,
        fixes: patchFix(object.document, {
          title: 'free',
          safety: 'suggested',
          patches: [{ kind: 'remove', path: [...specPath, ...place] }],
        }),
      };
    }
  },
});
