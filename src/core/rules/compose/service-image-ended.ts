import { imageParts } from '../../dockerfile/image-reference.ts';
import { defineRule } from '../../engine/rule.ts';
import { fieldAt } from '../../yaml/field.ts';
import { retagged, writtenTag } from '../parts/images/retag.ts';
import { ageFinding, ageMessages, endsWithin, judged, otherTags, tagTitles } from '../parts/images/states.ts';

export default defineRule('compose-service', {
  meta: {
    id: 'compose/service-image-ended',
    rows: ['D209'],
    summary: 'An image should stand on lines that still get security fixes.',
    why: 'When a line of a language, a database or a distribution ends, its security holes stay open: no rebuild of the image can mend them. The dates are those of the projects, as of the day that the message names; nothing here says that an image without a finding is safe.',
    severity: 'warning',
    topic: 'base image',
    messages: ageMessages,
    titles: tagTitles,
    fix: 'sometimes',
    examples: [
      {
        file: 'compose.yaml',
        bad: 'services:\n  web:\n    image: python:3.7\n',
        good: 'services:\n  web:\n    image: python:3.11\n',
      },
    ],
    options: { withinDays: endsWithin },
    sources: [],
  },
  *check(service, { file, options }) {
    const { image: written } = service;
    // What the service builds only gets its name this way.
    if (written === undefined || written.value.includes('$') || fieldAt(service.node, 'build') !== undefined) return;
    const { document } = service.file;
    const path = [...service.path, 'image'];
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
