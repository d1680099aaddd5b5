import { imageParts } from '../../dockerfile/image-reference.ts';
import { defineRule } from '../../engine/rule.ts';
import { retagged, writtenTag } from '../parts/images/retag.ts';
import { builtFinding, builtMessages, judged, otherTags, tagTitles } from '../parts/images/states.ts';

const pod = (image: string) => `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: ${image}
`;

export default defineRule('container', {
  meta: {
    id: 'kubernetes/container-image-not-built',
    rows: ['D209'],
    summary: 'An official image should be named by a tag that is still built.',
    why: 'The official images are rebuilt when their base or their packages get fixes, but only the tags that are listed now. Another tag can still be pulled; it stays as it was on its last day.',
    severity: 'warning',
    topic: 'base image',
    messages: builtMessages,
    titles: tagTitles,
    fix: 'sometimes',
    examples: [{ file: 'pod.yaml', bad: pod('python:3.12.1'), good: pod('python:3.12.14') }],
    options: {},
    sources: [],
  },
  *check(container, { file }) {
    const { image: written, workload } = container;
    if (written === undefined || /[${}<>]/.test(written.value)) return;
    const { document } = workload.object;
    const path = [...container.path, 'image'];
    const parts = imageParts(written.value);
    const image = judged(file.images, parts, 0);
    const found = image && builtFinding(image);
    if (image === undefined || found === undefined) return;
    yield {
      ...found,
      span: writtenTag(document, written),
      fixes: retagged(document, path, written.value, otherTags(image, parts)),
    };
  },
});
