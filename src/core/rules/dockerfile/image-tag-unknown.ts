import { imagesUsed } from '../../dockerfile/images-used.ts';
import { defineRule } from '../../engine/rule.ts';
import { replace } from '../../text/edit.ts';
import { judged } from '../parts/images/states.ts';

export default defineRule('dockerfile', {
  meta: {
    id: 'dockerfile/image-tag-unknown',
    rows: ['D209'],
    summary: 'The tag of an official image should be one that there is.',
    why: 'A tag that does not exist fails when the image is pulled. What exists is known as of the day that the message names; a tag that is newer than that gives no finding, unless it looks like a slip of the keyboard.',
    severity: 'warning',
    topic: 'base image',
    messages: { unknown: 'There is no tag {tag} of {name}: is {meant} meant? (as of {asOf})' },
    titles: { meant: 'Use {tag}' },
    fix: 'sometimes',
    examples: [{ file: 'Dockerfile', bad: 'FROM python:3.12-slm\n', good: 'FROM python:3.12-slim\n' }],
    options: {},
    sources: [],
  },
  *check(dockerfile, { file }) {
    for (const { parts, span, tagSpan } of imagesUsed(dockerfile)) {
      const image = judged(file.images, parts, 0);
      if (image?.state.kind !== 'unknown') continue;
      const { name, tag, state, knowledge } = image;
      const { meant } = state;
      yield {
        message: 'unknown',
        data: { name, tag, meant, asOf: knowledge.catalogue.asOf },
        span: tagSpan ?? span,
        fixes:
          tagSpan === undefined || parts.digest !== undefined
            ? []
            : [{ title: 'meant', data: { tag: meant }, safety: 'suggested', edits: [replace(tagSpan, meant)] }],
      };
    }
  },
});
