import { imageParts } from '../../dockerfile/image-reference.ts';
import { defineRule } from '../../engine/rule.ts';
import { fieldAt } from '../../yaml/field.ts';
import { patchFix } from '../patch-fix.ts';

const pod = (policy: string) => `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: web:latest
${policy}`;

export default defineRule('container', {
  meta: {
    id: 'kubernetes/pull-policy-unset',
    rows: ['K203'],
    summary: 'That a node always asks the registry is written down.',
    why: 'Without a pull policy, an image without a tag or with `latest` is always pulled. As soon as somebody writes another tag, it is not any more. Off by default: as long as the tag stays, nothing is different.',
    severity: 'information',
    optional: true,
    topic: 'base image',
    messages: { unset: 'Always pulled only because no other tag is written: say `imagePullPolicy: Always`' },
    titles: { always: 'Set imagePullPolicy: Always' },
    fix: 'sometimes',
    examples: [{ file: 'pod.yaml', bad: pod(''), good: pod('      imagePullPolicy: Always\n') }],
    options: {},
    sources: ['polaris pullPolicyNotAlways'],
  },
  *check({ image, workload, node, path, label }) {
    if (image === undefined || fieldAt(node, 'imagePullPolicy') !== undefined) return;
    if (workload.object.context === 'patch') return;
    const { tag, digest } = imageParts(image.value);
    if (digest !== undefined || (tag !== undefined && tag !== 'latest') || /[${}<>]/.test(image.value)) return;
    yield {
      message: 'unset',
      span: label,
      fixes: patchFix(workload.object.document, {
        title: 'always',
        safety: 'safe',
        patches: [{ kind: 'set', path: [...path, 'imagePullPolicy'], value: 'Always' }],
      }),
    };
  },
});
