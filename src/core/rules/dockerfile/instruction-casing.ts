import type { Dockerfile } from '../../dockerfile/model.ts';
import { instructionsOf } from '../../dockerfile/subjects.ts';
import { defineRule } from '../../engine/rule.ts';
import { replace } from '../../text/edit.ts';

/** Whether most keywords are in small letters; capitals win where there are as many of them. */
function mostlySmall(dockerfile: Dockerfile): boolean {
  let balance = 0;
  for (const { kind, keyword } of dockerfile.instructions) {
    const { value } = keyword;
    if (kind === 'unknown') continue;
    if (value === value.toLowerCase()) balance++;
    else if (value === value.toUpperCase()) balance--;
  }
  return balance > 0;
}

const ofTriggers = ['dockerfile-utils CASING_INSTRUCTION', 'sonar S6476', 'dockerfilelint uppercase_commands'];

export default defineRule('dockerfile', {
  meta: {
    id: 'dockerfile/instruction-casing',
    rows: ['D901'],
    summary: 'All instructions are written in the same letters.',
    why: 'Builders take any mixture, readers look for capitals. What most instructions of the file have is what the others should have; where there are as many of both, capitals.',
    severity: 'information',
    topic: 'style',
    messages: {
      casing: '`{keyword}` should be `{expected}`, like the other instructions',
      capitals: '`{keyword}` should be `{expected}`',
    },
    titles: { recase: 'Change to `{expected}`' },
    fix: 'always',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM alpine:3.22\nrun true\nUSER 1000\n',
        good: 'FROM alpine:3.22\nRUN true\nUSER 1000\n',
      },
    ],
    options: {
      capitals: {
        type: 'boolean',
        default: false,
        description: 'Ask for capitals even where most instructions are written in small letters.',
      },
    },
    sources: ['buildkit ConsistentInstructionCasing', ...ofTriggers],
  },
  beside: ['small letters'],
  *check(dockerfile, { options }) {
    const small = !options.capitals && mostlySmall(dockerfile);
    for (const {
      instruction: { kind, keyword, onbuild },
    } of instructionsOf(dockerfile)) {
      if (kind === 'unknown') continue;
      const expected = small ? keyword.value.toLowerCase() : keyword.value.toUpperCase();
      if (expected === keyword.value || keyword.span.end - keyword.span.start !== expected.length) continue;
      yield {
        message: options.capitals ? 'capitals' : 'casing',
        data: { keyword: keyword.value, expected },
        span: keyword.span,
        ...(onbuild && { peers: ofTriggers }),
        fixes: [{ title: 'recase', safety: 'safe', edits: [replace(keyword.span, expected)] }],
      };
    }
  },
});
