import { defineRule } from '../../engine/rule.ts';

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
  *check(dockerfile) {
    for (const { message, span } of dockerfile.problems) yield { message: 'problem', data: { problem: message }, span };
  },
});
