import { defineRule } from '../../engine/rule.ts';

/** What rules of their own tell, with its fix. */
const toldElsewhere = new Set(['duplicate-directive', 'invalid-escape', 'pair-without-equals', 'pair-without-value']);

export default defineRule('dockerfile', {
  meta: {
    id: 'file/dockerfile-syntax',
    rows: [],
    summary: 'A Dockerfile should be one that the builder can parse.',
    why: 'The builder stops at the first line that it cannot read, before any instruction has run.',
    severity: 'error',
    topic: 'correctness',
    messages: { problem: '{problem}' },
    titles: {},
    fix: 'never',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM alpine:3.22\nCOPY <<EOF /motd\nhello\n',
        good: 'FROM alpine:3.22\nCOPY <<EOF /motd\nhello\nEOF\n',
      },
    ],
    options: {},
    sources: [],
  },
  beside: ['problem'],
  *check(dockerfile) {
    for (const { code, message, span } of dockerfile.problems) {
      if (!toldElsewhere.has(code)) yield { message: 'problem', data: { problem: message }, span };
    }
  },
});
