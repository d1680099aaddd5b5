import { defineRule } from '../../engine/rule.ts';
import { remove } from '../../text/edit.ts';
import { lineEnd, lineStart } from '../../text/lines.ts';

export default defineRule('dockerfile', {
  meta: {
    id: 'dockerfile/empty-continuation',
    rows: ['D110'],
    summary: 'A continued instruction should have no blank lines.',
    why: 'A blank line after a `\\` looks like the end of the instruction and is not: the builder skips it and goes on. BuildKit warns that this will become an error. A line with only `#` keeps the distance.',
    severity: 'warning',
    topic: 'correctness',
    messages: { blank: 'Blank line inside an instruction: the builder reads on behind it' },
    titles: { remove: 'Remove the blank line' },
    fix: 'always',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM alpine:3.22\nRUN echo one && \\\n\n    echo two\n',
        good: 'FROM alpine:3.22\nRUN echo one && \\\n    echo two\n',
      },
    ],
    options: {},
    sources: ['buildkit NoEmptyContinuation', 'dockerfile-utils EMPTY_CONTINUATION_LINE'],
  },
  *check({ text, instructions }) {
    for (const { emptyContinuations } of instructions) {
      for (const span of emptyContinuations) {
        const line = { start: lineStart(text, span.start), end: lineEnd(text, span.start) };
        yield { message: 'blank', span, fixes: [{ title: 'remove', safety: 'safe', edits: [remove(line)] }] };
      }
    }
  },
});
