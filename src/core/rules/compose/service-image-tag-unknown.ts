import { defineRule } from '../../engine/rule.ts';
import { otherImages, tagTitles } from '../parts/images/other-images.ts';
import { endsWithin, judged, unknownFinding, unknownMessages } from '../parts/images/states.ts';
import { imageOfService, spanOfTag, yamlImageFixes } from '../parts/images/yaml-images.ts';

export default defineRule('compose-service', {
  meta: {
    id: 'compose/service-image-tag-unknown',
    rows: ['D209'],
    summary: 'The tag of an official image should be one that there is.',
    why: 'A tag that does not exist fails when the image is pulled. What exists is known as of the day that the message names; a tag that is newer than that gives no finding, unless it looks like a slip of the keyboard.',
    severity: 'warning',
    topic: 'base image',
    messages: unknownMessages,
    titles: tagTitles,
    fix: 'sometimes',
    examples: [
      {
        file: 'compose.yaml',
        bad: 'services:\n  web:\n    image: python:3.12-slm\n',
        good: 'services:\n  web:\n    image: python:3.12-slim\n',
      },
    ],
    options: {},
    sources: [],
  },
  *check(service, { file }) {
    const written = imageOfService(service);
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
