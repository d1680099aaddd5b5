import { defineRule } from '../../engine/rule.ts';
import { fieldAt, knownItems } from '../../yaml/field.ts';
import { asMapping } from '../../yaml/read.ts';
import { patchFix } from '../patch-fix.ts';

const pod = (name: string) => `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: web:1.4
      ports:
        - containerPort: 8080
${name}`;

export default defineRule('container', {
  meta: {
    id: 'kubernetes/port-unnamed',
    rows: ['K705'],
    summary: 'Ports of containers should have names.',
    why: 'Services and probes can send to a port by its name, so that its number is written once. Service meshes and monitoring look at the name too.',
    severity: 'information',
    optional: true,
    topic: 'style',
    messages: { unnamed: 'This port has no name' },
    titles: { name: 'Give it a name' },
    fix: 'sometimes',
    examples: [{ file: 'pod.yaml', bad: pod(''), good: pod('          name: <name>\n') }],
    options: {},
    sources: ['kyverno require-container-port-names', 'popeye 108'],
  },
  *check({ node, path, role, workload }) {
    const { object } = workload;
    if (role === 'init' || role === 'ephemeral' || object.context === 'patch') return;
    for (const { index, node: port } of knownItems(node, 'ports')) {
      if (fieldAt(port, 'name') !== undefined) continue;
      const patches = [{ kind: 'set', path: [...path, 'ports', index, 'name'], value: '<name>' }] as const;
      yield {
        message: 'unnamed',
        span: asMapping(port)?.pairs[0]?.key.span ?? port.span,
        fixes: patchFix(object.document, { title: 'name', safety: 'manual', patches }),
      };
    }
  },
});
