import { defineRule } from '../../engine/rule.ts';
import { remove } from '../../text/edit.ts';

export default defineRule('suppressions', {
  meta: {
    id: 'file/unused-suppression',
    rows: ['D907'],
    summary: 'A `plimsoll-ignore` should still silence something.',
    why: 'A comment that silences nothing misleads the next reader, and would hide a new finding of the same rule some day.',
    severity: 'information',
    look: 'unnecessary',
    topic: 'style',
    messages: {
      nameless: 'this comment names no rule to ignore',
      unknown: 'there is no rule `{id}` to ignore',
      unused: 'nothing here for `{id}` to ignore',
    },
    titles: { remove: 'Remove the comment' },
    fix: 'sometimes',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM alpine:3.22\n# plimsoll-ignore dockerfile/maintainer: kept for the registry\nUSER 1000\n',
        good: 'FROM alpine:3.22\nUSER 1000\n',
      },
    ],
    options: {},
    sources: [],
  },
  *check(idle) {
    for (const { span, id, reason, removal } of idle) {
      const message = reason === 'no rule named' ? 'nameless' : reason === 'unknown rule' ? 'unknown' : 'unused';
      const fixes = removal ? [{ title: 'remove' as const, safety: 'safe' as const, edits: [remove(removal)] }] : [];
      yield { message, data: { id }, span, fixes };
    }
  },
});
