import { defineRule } from '../../engine/rule.ts';
import { otherImages, tagTitles } from '../parts/images/other-images.ts';
import { endsWithin, judged, unknownFinding, unknownMessages } from '../parts/images/states.ts';
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
    id: 'kubernetes/container-image-tag-unknown',
    rows: ['D209'],
    summary: 'The tag of an official image should be one that there is.',
    why: 'A tag that does not exist fails when the image is pulled. What exists is known as of the day that the message names; a tag that is newer than that gives no finding, unless it looks like a slip of the keyboard.',
    severity: 'warning',
    topic: 'base image',
    messages: unknownMessages,
    titles: tagTitles,
    fix: 'sometimes',
    examples: [{ file: 'pod.yaml', bad: pod('python:3.12-slm'), good: pod('python:3.12-slim') }],
    options: {},
    sources: [],
  },
  *check(container, { file }) {
    const written = imageOfContainer(container, file.retagged);
    const image = written && judged(file.images, written, 0);
    const found = image && unknownFinding(image);
    if (written === undefined || image === undefined || found === undefined) return;
    yield {
      ...found,
      span: spanOfTag(written),
      fixes: yamlImageFixes(written, otherImages(image, endsWithin.default)),
    };
  },
});
