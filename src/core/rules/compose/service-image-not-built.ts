import { imageParts } from '../../dockerfile/image-reference.ts';
import { defineRule } from '../../engine/rule.ts';
import { fieldAt } from '../../yaml/field.ts';
import { retagged, writtenTag } from '../parts/images/retag.ts';
import { builtFinding, builtMessages, judged, otherTags, tagTitles } from '../parts/images/states.ts';

export default defineRule('compose-service', {
  meta: {
    id: 'compose/service-image-not-built',
    rows: ['D209'],
    summary: 'An official image should be named by a tag that is still built.',
    why: 'The official images are rebuilt when their base or their packages get fixes, but only the tags that are listed now. Another tag can still be pulled; it stays as it was on its last day.',
    severity: 'warning',
    topic: 'base image',
    messages: builtMessages,
    titles: tagTitles,
    fix: 'sometimes',
    examples: [
      {
        file: 'compose.yaml',
        bad: 'services:\n  web:\n    image: python:3.12.1\n',
        good: 'services:\n  web:\n    image: python:3.12.14\n',
      },
    ],
    options: {},
    sources: [],
  },
  *check(service, { file }) {
    const { image: written } = service;
    // What the service builds only gets its name this way.
    if (written === undefined || written.value.includes('$') || fieldAt(service.node, 'build') !== undefined) return;
    const { document } = service.file;
    const path = [...service.path, 'image'];
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
