import { defineRule } from '../../engine/rule.ts';
import { securityPath } from '../../kubernetes/security-context.ts';
import { fieldAt, knownItems, mayHide, scalarText } from '../../yaml/field.ts';
import type { YamlPatch } from '../../yaml/node.ts';
import { asMapping, entry } from '../../yaml/read.ts';
import { patchFix } from '../patch-fix.ts';
import { baselineCapabilities } from './parts/pod-security-lists.ts';

const pod = (dropped: string) => `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: web:1.4
      securityContext:
        capabilities:
          drop:
            - ${dropped}
`;

/** What Docker and containerd leave to a container: baseline's list, and raw packets. */
const defaults: readonly string[] = [...baselineCapabilities, 'NET_RAW'];

export default defineRule('container', {
  meta: {
    id: 'kubernetes/default-capabilities-kept',
    rows: ['K406'],
    summary: 'A container keeps none of the capabilities that every container gets.',
    why: 'Container runtimes leave fourteen of the capabilities of root to each container. Dropping `ALL` takes them, and so does naming each one, as long as the runtime adds no other. Off by default: `capabilities-not-dropped` asks for `ALL`, as the restricted Pod Security Standard does.',
    severity: 'information',
    optional: true,
    topic: 'security',
    messages: {
      all: 'It keeps every capability that containers get: drop ALL',
      some: 'It keeps {kept}: drop ALL',
    },
    titles: { drop: 'Drop all capabilities' },
    fix: 'sometimes',
    examples: [{ file: 'pod.yaml', bad: pod('NET_RAW'), good: pod('ALL') }],
    options: {},
    sources: ['polaris insecureCapabilities'],
  },
  *check(container) {
    const { workload, node, label } = container;
    const at = ['securityContext', 'capabilities'];
    const items = knownItems(node, ...at, 'drop');
    if (workload.object.context === 'patch' && items.length === 0) return;
    // A template may drop more.
    if (mayHide(node, ...at) || mayHide(node, ...at, 'drop')) return;
    const dropped = new Set(items.map((item) => scalarText(item.node)?.value.toUpperCase()));
    const kept = dropped.has('ALL') ? [] : defaults.filter((capability) => !dropped.has(capability));
    if (kept.length === 0) return;
    const adds = knownItems(node, ...at, 'add').map((item) => scalarText(item.node)?.value.toUpperCase());
    const patches: YamlPatch[] = [
      { kind: 'set', path: securityPath(container, 'capabilities', 'drop'), value: ['ALL'] },
    ];
    // All of them again would undo it.
    if (adds.includes('ALL')) patches.push({ kind: 'remove', path: securityPath(container, 'capabilities', 'add') });
    const capabilities = fieldAt(node, ...at);
    const key =
      capabilities === undefined || capabilities === 'unknown' ? undefined : entry(asMapping(capabilities), 'drop');
    yield {
      message: kept.length === defaults.length ? 'all' : 'some',
      data: { kept: kept.length > 3 ? `${kept.length} capabilities` : kept.join(', ') },
      span: items.length > 0 && key ? key.key.span : label,
      fixes: patchFix(workload.object.document, { title: 'drop', safety: 'suggested', patches }),
    };
  },
});
