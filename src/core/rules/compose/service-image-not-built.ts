import { defineRule } from '../../engine/rule.ts';
import { otherImages, tagTitles } from '../parts/images/other-images.ts';
import { builtFinding, builtMessages, endsWithin, judged } from '../parts/images/states.ts';
import { imageOfService, spanOfTag, yamlImageFixes } from '../parts/images/yaml-images.ts';

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
    const written = imageOfService(service);
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
