import { removePair } from '../../dockerfile/edit.ts';
import type { KeyValue, PairsInstruction } from '../../dockerfile/model.ts';
import { defineRule } from '../../engine/rule.ts';

export default defineRule('stage', {
  meta: {
    id: 'dockerfile/label-duplicate',
    rows: ['D909'],
    summary: 'A stage should set each label once.',
    why: 'The later value wins and the earlier one is nowhere to be seen in the image: one of the two is an oversight.',
    severity: 'warning',
    look: 'unnecessary',
    topic: 'style',
    messages: { duplicate: '`{key}` is set again further down: this value is lost', later: 'Set again here' },
    titles: { remove: 'Remove this value' },
    fix: 'sometimes',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM alpine:3.22\nLABEL version=1\nLABEL version=2\n',
        good: 'FROM alpine:3.22\nLABEL version=2\n',
      },
    ],
    options: {},
    sources: ['tally labels/no-duplicate-keys'],
  },
  only: ['label'],
  *check({ stage, dockerfile }) {
    const later = new Map<string, KeyValue>();
    const labels = stage.instructions.filter((one): one is PairsInstruction => one.kind === 'label').toReversed();
    for (const label of labels) {
      for (const pair of label.pairs.toReversed()) {
        const key = pair.key.value;
        const winner = later.get(key);
        if (!pair.key.constant || key === '') continue;
        later.set(key, winner ?? pair);
        if (winner === undefined) continue;
        const edit = removePair(dockerfile, label, pair);
        yield {
          message: 'duplicate',
          data: { key },
          span: pair.key.span,
          related: [{ message: 'later', span: winner.key.span }],
          fixes: edit ? [{ title: 'remove', safety: 'safe', edits: [edit] }] : [],
        };
      }
    }
  },
});
