import { defineRule } from '../../engine/rule.ts';
import { maySilence, readSuppressionComment } from '../../engine/suppression-comments.ts';
import { remove } from '../../text/edit.ts';
import { lineEnd, lineStart } from '../../text/lines.ts';

export default defineRule('dockerfile', {
  meta: {
    id: 'dockerfile/ignore-comment',
    rows: ['D906'],
    summary: 'Findings may be kept from being silenced by comments.',
    why: 'A comment that silences a finding is seldom read again, and silences the next one of its rule as well. Where a team has agreed to mend what is found, or to keep all exceptions in one configuration file, this shows the comments that go another way: ours and those of other tools. It is off by default.',
    severity: 'information',
    optional: true,
    topic: 'style',
    messages: { silences: 'This comment silences findings of {tool}' },
    titles: { remove: 'Remove the comment' },
    fix: 'always',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM alpine:3.22\n# hadolint ignore=DL3018\nRUN apk add --no-cache curl\n',
        good: 'FROM alpine:3.22\nRUN apk add --no-cache curl\n',
      },
    ],
    options: {},
    sources: ['hadolint DL1001'],
  },
  beside: ['comment'],
  when: ({ comments }) => comments.some(({ text }) => maySilence(text)),
  *check({ text, comments }) {
    for (const { span } of comments) {
      const read = readSuppressionComment(text.slice(span.start, span.end), span.start);
      if (read === undefined) continue;
      const line = { start: lineStart(text, span.start), end: lineEnd(text, span.end) };
      // hadolint itself minds only those above an instruction.
      const peers = read.peer === 'hadolint' && read.reach === 'block' ? ['hadolint DL1001'] : [];
      yield {
        message: 'silences',
        data: { tool: read.peer === 'plimsoll' ? 'Plimsoll' : read.peer },
        span,
        peers,
        fixes: [{ title: 'remove', safety: 'safe', edits: [remove(line)] }],
      };
    }
  },
});
