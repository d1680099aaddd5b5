import { isPlain } from '../../dockerfile/dialect.ts';
import type { Dockerfile, Instruction, UnknownInstruction } from '../../dockerfile/model.ts';
import { nearest } from '../../dockerfile/stage-references.ts';
import { defineRule } from '../../engine/rule.ts';
import { insert, replace } from '../../text/edit.ts';

const keywords = [
  ...['FROM', 'RUN', 'CMD', 'LABEL', 'MAINTAINER', 'EXPOSE', 'ENV', 'ADD', 'COPY', 'ENTRYPOINT', 'VOLUME', 'USER'],
  ...['WORKDIR', 'ARG', 'ONBUILD', 'STOPSIGNAL', 'HEALTHCHECK', 'SHELL'],
];

/** The known instruction that a misspelt one is nearest to, in the case it was typed in. */
function meant(keyword: string): string | undefined {
  const found = nearest(keyword.toUpperCase(), keywords, keyword.length <= 3 ? 1 : 2);
  return found !== undefined && keyword === keyword.toLowerCase() ? found.toLowerCase() : found;
}

/** Where a blank is missing, if the word is an instruction with its first argument right behind it: `CMD["a"]`. */
function glued(keyword: string): { readonly suggestion: string; readonly length: number } | undefined {
  const [suggestion = ''] = /^[A-Za-z]+(?=\[|<<|--)/.exec(keyword) ?? [];
  return keywords.includes(suggestion.toUpperCase()) ? { suggestion, length: suggestion.length } : undefined;
}

/** The unknown instructions, with the instruction right before each. */
function* unknown(
  dockerfile: Dockerfile,
): Generator<{ readonly at: UnknownInstruction; readonly before: Instruction | undefined }> {
  let before: Instruction | undefined;
  for (const instruction of dockerfile.instructions) {
    const at = instruction.kind === 'onbuild' ? instruction.trigger : instruction;
    if (at?.kind === 'unknown') yield { at, before };
    before = instruction;
  }
}

export default defineRule('dockerfile', {
  meta: {
    id: 'dockerfile/unknown-instruction',
    rows: ['D103'],
    summary: 'Each line should begin with an instruction that the builder knows.',
    why: 'The builder refuses the whole file when it meets a word that is no instruction. Mostly it is a slip of the fingers, or the line before lacks the backslash that would have joined the two.',
    severity: 'error',
    topic: 'correctness',
    messages: {
      unknown: '`{keyword}` is no instruction',
      glued: 'A blank is missing behind `{suggestion}`',
      misspelt: '`{keyword}` is no instruction, `{suggestion}` is',
      continued: '`{keyword}` is no instruction: the line above does not end in `{escape}`',
    },
    titles: {
      separate: 'Add a blank',
      rename: 'Change to `{suggestion}`',
      join: 'End the line above with `{escape}`',
    },
    fix: 'sometimes',
    examples: [
      { file: 'Dockerfile', bad: 'FORM debian:13-slim\n', good: 'FROM debian:13-slim\n' },
      {
        file: 'Dockerfile',
        bad: 'FROM debian:13-slim\nRUN make\n  && make install\n',
        good: 'FROM debian:13-slim\nRUN make \\\n  && make install\n',
      },
    ],
    options: {},
    sources: ['dockerfile-utils UNKNOWN_INSTRUCTION', 'tally unknown-instruction', 'dockerfilelint invalid_command'],
  },
  only: ['unknown'],
  *check(dockerfile) {
    if (!isPlain(dockerfile)) return;
    let silent: Instruction | undefined;
    for (const { at, before } of unknown(dockerfile)) {
      const { keyword } = at;
      const joined = glued(keyword.value);
      if (joined !== undefined) {
        const end = keyword.span.start + joined.length;
        if (keyword.value.includes('<<')) silent = at;
        yield {
          message: 'glued',
          data: { suggestion: joined.suggestion },
          span: { start: keyword.span.start, end },
          fixes: [{ title: 'separate', safety: 'safe', edits: [insert(end, ' ')] }],
        };
        continue;
      }
      const suggestion = meant(keyword.value);
      if (suggestion !== undefined) {
        yield {
          message: 'misspelt',
          data: { keyword: keyword.value, suggestion },
          span: keyword.span,
          fixes: [{ title: 'rename', safety: 'safe', edits: [replace(keyword.span, suggestion)] }],
        };
        continue;
      }
      // What follows a line that was torn off belongs to it: one finding is enough for all of it.
      const follows = before !== undefined && before === silent;
      silent = at;
      if (follows) continue;
      const { escape } = dockerfile;
      const torn = before !== undefined && /^(?:&&|\|\|?|;)/.test(keyword.value);
      const adjacent = torn && /^[ \t]*\r?\n[ \t]*$/.test(dockerfile.text.slice(before.span.end, at.span.start));
      yield {
        message: torn ? 'continued' : 'unknown',
        data: { keyword: keyword.value, escape },
        span: keyword.span,
        fixes: adjacent ? [{ title: 'join', safety: 'suggested', edits: [insert(before.span.end, ` ${escape}`)] }] : [],
      };
    }
  },
});
