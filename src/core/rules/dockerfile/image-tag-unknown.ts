import { imagesUsed } from '../../dockerfile/images-used.ts';
import { defineRule, knowsImages } from '../../engine/rule.ts';
import { imageFixes } from '../parts/images/dockerfile-fixes.ts';
import { otherImages, tagTitles } from '../parts/images/other-images.ts';
import { endsWithin, judged, unknownFinding, unknownMessages } from '../parts/images/states.ts';

export default defineRule('dockerfile', {
  meta: {
    id: 'dockerfile/image-tag-unknown',
    rows: ['D209'],
    summary: 'The tag of an official image should be one that there is.',
    why: 'A tag that does not exist fails when the image is pulled. What exists is known as of the day that the message names; a tag that is newer than that gives no finding, unless it looks like a slip of the keyboard.',
    severity: 'warning',
    topic: 'base image',
    messages: unknownMessages,
    titles: tagTitles,
    fix: 'sometimes',
    examples: [{ file: 'Dockerfile', bad: 'FROM python:3.12-slm\n', good: 'FROM python:3.12-slim\n' }],
    options: {},
    sources: [],
  },
  given: knowsImages,
  *check(dockerfile, { file }) {
    for (const used of imagesUsed(dockerfile)) {
      const image = judged(file.images, used, 0);
      const found = image && unknownFinding(image);
      if (image === undefined || found === undefined) continue;
      yield {
        ...found,
        span: used.tagSpan ?? used.span,
        fixes: imageFixes(dockerfile, used, file.images, otherImages(image, endsWithin.default)),
      };
    }
  },
});
