import { imageParts } from '../../dockerfile/image-reference.ts';
import { defineRule } from '../../engine/rule.ts';
import { retagged, writtenTag } from '../parts/images/retag.ts';
import { judged } from '../parts/images/states.ts';

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
    messages: { unknown: 'There is no tag {tag} of {name}: is {meant} meant? (as of {asOf})' },
    titles: { meant: 'Use {tag}' },
    fix: 'sometimes',
    examples: [{ file: 'pod.yaml', bad: pod('python:3.12-slm'), good: pod('python:3.12-slim') }],
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
    if (image?.state.kind !== 'unknown') return;
    const { name, tag, state, knowledge } = image;
    const { meant } = state;
    yield {
      message: 'unknown',
      data: { name, tag, meant, asOf: knowledge.catalogue.asOf },
      span: writtenTag(document, written),
      fixes:
        parts.digest === undefined ? retagged(document, path, written.value, [{ title: 'meant', tag: meant }]) : [],
    };
  },
});
