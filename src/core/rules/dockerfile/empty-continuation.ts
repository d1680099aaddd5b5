import type { Instruction } from '../../dockerfile/model.ts';
import { defineRule } from '../../engine/rule.ts';
import { remove } from '../../text/edit.ts';
import { lineEnd, lineStart, nextContentLine } from '../../text/lines.ts';
import type { Span } from '../../text/span.ts';

/** What the instruction goes on with behind a blank line, which has nothing to underline itself. */
function goingOn(text: string, { span }: Instruction, blank: Span): Span {
  const line = nextContentLine(text, lineEnd(text, blank.start));
  const start = line.start + text.slice(line.start, line.end).search(/\S/);
  return { start, end: Math.min(span.end, start + text.slice(start, line.end).trimEnd().length) };
}

export default defineRule('dockerfile', {
  meta: {
    id: 'dockerfile/empty-continuation',
    rows: ['D110'],
    summary: 'A continued instruction should have no blank lines.',
    why: 'A blank line after a `\\` looks like the end of the instruction and is not: the builder skips it and goes on. BuildKit warns that this will become an error. A line with only `#` keeps the distance.',
    severity: 'warning',
    topic: 'correctness',
    messages: { blank: 'This line still belongs to the instruction above: a blank line does not end it' },
    titles: { remove: 'Remove the blank line', removeAll: 'Remove the blank lines of this instruction' },
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
  beside: ['empty continuation'],
  *check({ text, instructions }) {
    for (const instruction of instructions) {
      const [first] = instruction.emptyContinuations;
      if (first === undefined) continue;
      const edits = instruction.emptyContinuations.map(({ start }) =>
        remove({ start: lineStart(text, start), end: lineEnd(text, start) }),
      );
      const title = edits.length > 1 ? 'removeAll' : 'remove';
      yield { message: 'blank', span: goingOn(text, instruction, first), fixes: [{ title, safety: 'safe', edits }] };
    }
  },
});
