import { isPlain } from '../../dockerfile/dialect.ts';
import { insertInstructionAfter, insertInstructionBefore, removeInstruction } from '../../dockerfile/edit.ts';
import type { Dockerfile, Instruction } from '../../dockerfile/model.ts';
import { defineRule } from '../../engine/rule.ts';
import { type TextEdit, withPlaceholders } from '../../text/edit.ts';

/** The kind of an instruction, or that of the trigger of an ONBUILD. */
function kindOf(instruction: Instruction): Instruction['kind'] {
  return (instruction.kind === 'onbuild' && instruction.trigger?.kind) || instruction.kind;
}

/** What stands before the first FROM, or all of a file that has none. */
function beforeFrom(dockerfile: Dockerfile): readonly Instruction[] {
  const { instructions } = dockerfile;
  const first = instructions.findIndex((instruction) => kindOf(instruction) === 'from');
  return first < 0 ? instructions : instructions.slice(0, first);
}

/** Moves the instructions behind the first FROM, all at once, so that they keep their order. */
function moving(dockerfile: Dockerfile, early: readonly Instruction[]): readonly TextEdit[] {
  const from = dockerfile.stages[0]?.from;
  if (from === undefined) return [];
  const lines = early.map(({ span }) => dockerfile.text.slice(span.start, span.end)).join('\n');
  const removals = early.map((instruction) => removeInstruction(dockerfile, instruction));
  return [...removals, insertInstructionAfter(dockerfile, from, lines)];
}

export default defineRule('dockerfile', {
  meta: {
    id: 'dockerfile/from-first',
    rows: ['D101', 'D102'],
    summary: 'A Dockerfile begins with `FROM`; only `ARG` may stand before it.',
    why: 'Each instruction works on the image that the FROM above it has begun: without one the builder stops.',
    severity: 'error',
    topic: 'correctness',
    messages: {
      early: '{keyword} stands before the first FROM: there is no image yet that it could change',
      missing: 'No FROM in this file: the builder does not know what to build on',
    },
    titles: { move: 'Move behind FROM', insert: 'Insert FROM' },
    fix: 'sometimes',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'ENV LANG=C.UTF-8\nFROM debian:13-slim\n',
        good: 'FROM debian:13-slim\nENV LANG=C.UTF-8\n',
      },
      { file: 'Dockerfile', bad: 'RUN make\n', good: 'FROM <image>:<tag>\nRUN make\n' },
    ],
    options: {},
    sources: ['hadolint DL3061', 'dockerfile-utils NO_SOURCE_IMAGE'],
  },
  beside: ['instruction before FROM'],
  *check(dockerfile) {
    if (!isPlain(dockerfile)) return;
    const before = beforeFrom(dockerfile);
    // A word that is no instruction may have been meant as FROM, and is told already.
    if (before.some((instruction) => kindOf(instruction) === 'unknown')) return;
    const early = before.filter((instruction) => kindOf(instruction) !== 'arg');
    if (before.length < dockerfile.instructions.length) {
      const fix = moving(dockerfile, early);
      for (const { keyword } of early) {
        yield {
          message: 'early',
          data: { keyword: keyword.value.toUpperCase() },
          span: keyword.span,
          fixes: fix.length === 0 ? [] : [{ title: 'move', safety: 'suggested', edits: fix }],
        };
      }
      return;
    }
    const [first] = early.length > 0 ? early : before;
    if (first === undefined) return;
    yield {
      message: 'missing',
      span: first.keyword.span,
      fixes:
        early.length === 0
          ? []
          : [
              {
                title: 'insert',
                safety: 'manual',
                edits: [withPlaceholders(insertInstructionBefore(dockerfile, first, 'FROM <image>:<tag>'))],
              },
            ],
    };
  },
});
