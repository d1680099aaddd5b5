import { imagesUsed } from '../../dockerfile/images-used.ts';
import { defineRule, knowsImages } from '../../engine/rule.ts';
import { imageFixes } from '../parts/images/dockerfile-fixes.ts';
import { otherImages, tagTitles } from '../parts/images/other-images.ts';
import { builtFinding, builtMessages, endsWithin, judged } from '../parts/images/states.ts';

export default defineRule('dockerfile', {
  meta: {
    id: 'dockerfile/image-not-built',
    rows: ['D209'],
    summary: 'An official image should be named by a tag that is still built.',
    why: 'The official images are rebuilt when their base or their packages get fixes, but only the tags that are listed now. Another tag can still be pulled; it stays as it was on its last day.',
    severity: 'warning',
    topic: 'base image',
    messages: builtMessages,
    titles: tagTitles,
    fix: 'sometimes',
    examples: [{ file: 'Dockerfile', bad: 'FROM python:3.12.1\n', good: 'FROM python:3.12.14\n' }],
    options: {},
    sources: [],
  },
  given: knowsImages,
  *check(dockerfile, { file }) {
    for (const used of imagesUsed(dockerfile)) {
      const image = judged(file.images, used, 0);
      const found = image && builtFinding(image);
      if (image === undefined || found === undefined) continue;
      yield {
        ...found,
        span: used.tagSpan ?? used.span,
        // Files of another image are taken once; the base is what runs.
        ...(used.use === 'source' && { severity: 'information' as const }),
        fixes: imageFixes(dockerfile, used, file.images, otherImages(image, endsWithin.default)),
      };
    }
  },
});
