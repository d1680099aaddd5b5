import { imagesUsed } from '../../dockerfile/images-used.ts';
import { defineRule, knowsImages } from '../../engine/rule.ts';
import { unofficialFinding, unofficialMessages } from '../parts/images/unofficial.ts';

export default defineRule('dockerfile', {
  meta: {
    id: 'dockerfile/image-not-official',
    rows: ['D209'],
    summary: 'Where there is an official image of a name, it may be the better choice.',
    why: 'Anybody may publish an image under a name of their own on Docker Hub. Official images are rebuilt when what they stand on changes, and what goes into them is reviewed in the open. Files and variables of another image differ, so that going over is some work.',
    severity: 'information',
    optional: true,
    topic: 'base image',
    messages: unofficialMessages,
    titles: {},
    fix: 'never',
    examples: [{ file: 'Dockerfile', bad: 'FROM somebody/redis:7\n', good: 'FROM redis:7\n' }],
    options: {},
    sources: [],
  },
  given: knowsImages,
  *check(dockerfile, { file }) {
    for (const { parts, span, nameSpan } of imagesUsed(dockerfile)) {
      const found = unofficialFinding(file.images, parts);
      if (found !== undefined) yield { ...found, span: nameSpan ?? span, fixes: [] };
    }
  },
});
