import { defineRule } from '../../engine/rule.ts';
import { otherImages, tagTitles } from '../parts/images/other-images.ts';
import { ageFinding, ageMessages, endsWithin, judged } from '../parts/images/states.ts';
import { imageOfService, spanOfTag, yamlImageFixes } from '../parts/images/yaml-images.ts';

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
    const written = imageOfService(service);
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
