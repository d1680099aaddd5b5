import { imagesUsed } from '../../dockerfile/images-used.ts';
import { defineRule } from '../../engine/rule.ts';
import { retiredPlace } from '../../images/retired-registries.ts';
import { replace } from '../../text/edit.ts';
import { retiredFinding, retiredWords } from '../parts/images/retired.ts';

export default defineRule('dockerfile', {
  meta: {
    id: 'dockerfile/registry-retired',
    rows: ['D209'],
    ...retiredWords,
    severity: 'warning',
    topic: 'base image',
    fix: 'sometimes',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM k8s.gcr.io/build-image/debian-base:v2.1.3\n',
        good: 'FROM registry.k8s.io/build-image/debian-base:v2.1.3\n',
      },
    ],
    options: {},
    sources: ['kubescape C-0253'],
  },
  when: (dockerfile) => imagesUsed(dockerfile).some(({ text }) => retiredPlace(text) !== undefined),
  *check(dockerfile) {
    for (const { text, span, nameSpan } of imagesUsed(dockerfile)) {
      const old = retiredPlace(text);
      if (old === undefined) continue;
      const { place, start, successor } = old;
      const { found, safety } = retiredFinding(old);
      const from = (nameSpan?.start ?? span.start) + start;
      const at = nameSpan === undefined ? span : { start: from, end: from + place.length };
      yield {
        ...found,
        span: at,
        fixes:
          successor === undefined || nameSpan === undefined
            ? []
            : [{ title: 'move', data: { successor }, safety, edits: [replace(at, successor)] }],
      };
    }
  },
});
