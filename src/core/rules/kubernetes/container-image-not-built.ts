import { defineRule } from '../../engine/rule.ts';
import { otherImages, tagTitles } from '../parts/images/other-images.ts';
import { builtFinding, builtMessages, endsWithin, judged } from '../parts/images/states.ts';
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
    const written = imageOfContainer(container, file.retagged);
    const image = written && judged(file.images, written, 0);
    const found = image && builtFinding(image);
    if (written === undefined || image === undefined || found === undefined) return;
    yield {
      ...found,
      span: spanOfTag(written),
      fixes: yamlImageFixes(written, otherImages(image, endsWithin.default)),
    };
  },
});
