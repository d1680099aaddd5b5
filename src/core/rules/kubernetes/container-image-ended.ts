import { imageParts } from '../../dockerfile/image-reference.ts';
import { defineRule } from '../../engine/rule.ts';
import { retagged, writtenTag } from '../parts/images/retag.ts';
import { ageFinding, ageMessages, endsWithin, judged, otherTags, tagTitles } from '../parts/images/states.ts';

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
    id: 'kubernetes/container-image-ended',
    rows: ['D209'],
    summary: 'An image should stand on lines that still get security fixes.',
    why: 'When a line of a language, a database or a distribution ends, its security holes stay open: no rebuild of the image can mend them. The dates are those of the projects, as of the day that the message names; nothing here says that an image without a finding is safe.',
    severity: 'warning',
    topic: 'base image',
    messages: ageMessages,
    titles: tagTitles,
    fix: 'sometimes',
    examples: [{ file: 'pod.yaml', bad: pod('python:3.7'), good: pod('python:3.11') }],
    options: { withinDays: endsWithin },
    sources: [],
  },
  *check(container, { file, options }) {
    const { image: written, workload } = container;
    if (written === undefined || /[${}<>]/.test(written.value)) return;
    const { document } = workload.object;
    const path = [...container.path, 'image'];
    const parts = imageParts(written.value);
    const image = judged(file.images, parts, options.withinDays);
    const found = image && ageFinding(image);
    if (image === undefined || found === undefined) return;
    yield {
      ...found,
      span: writtenTag(document, written),
      fixes: retagged(document, path, written.value, otherTags(image, parts)),
    };
  },
});
