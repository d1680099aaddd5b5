import { imagesUsed } from '../../dockerfile/images-used.ts';
import { defineRule, knowsImages } from '../../engine/rule.ts';
import { imageFixes } from '../parts/images/dockerfile-fixes.ts';
import { otherImages, tagTitles } from '../parts/images/other-images.ts';
import { ageFinding, ageMessages, endsWithin, judged } from '../parts/images/states.ts';

export default defineRule('dockerfile', {
  meta: {
    id: 'dockerfile/image-ended',
    rows: ['D209'],
    summary: 'An image should stand on lines that still get security fixes.',
    why: 'When a line of a language, a database or a distribution ends, its security holes stay open: no rebuild of the image can mend them. The dates are those of the projects, as of the day that the message names; nothing here says that an image without a finding is safe.',
    severity: 'warning',
    topic: 'base image',
    messages: ageMessages,
    titles: tagTitles,
    fix: 'sometimes',
    examples: [{ file: 'Dockerfile', bad: 'FROM python:3.7\n', good: 'FROM python:3.11\n' }],
    options: { withinDays: endsWithin },
    sources: [],
  },
  given: knowsImages,
  *check(dockerfile, { file, options }) {
    for (const used of imagesUsed(dockerfile)) {
      const image = judged(file.images, used, options.withinDays);
      const found = image && ageFinding(image);
      if (image === undefined || found === undefined) continue;
      yield {
        ...found,
        span: used.tagSpan ?? used.span,
        // Files of another image are taken once; the base is what runs.
        ...(used.use === 'source' && { severity: 'information' as const }),
        fixes: imageFixes(dockerfile, used, file.images, otherImages(image, options.withinDays)),
      };
    }
  },
});
