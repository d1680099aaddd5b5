import { defineRule } from '../../engine/rule.ts';
import { otherImages, tagTitles } from '../parts/images/other-images.ts';
import { ageFinding, ageMessages, endsWithin, judged } from '../parts/images/states.ts';
import { imageOfContainer, spanOfTag, yamlImageFixes } from '../parts/images/yaml-images.ts';

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
    const written = imageOfContainer(container, file.retagged);
    const image = written && judged(file.images, written, options.withinDays);
    const found = image && ageFinding(image);
    if (written === undefined || image === undefined || found === undefined) return;
    yield {
      ...found,
      span: spanOfTag(written),
      fixes: yamlImageFixes(written, otherImages(image, options.withinDays)),
    };
  },
});
