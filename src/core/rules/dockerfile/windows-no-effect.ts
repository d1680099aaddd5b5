import { removeFlag, removeInstruction } from '../../dockerfile/edit.ts';
import type { Stage } from '../../dockerfile/model.ts';
import { ancestry } from '../../dockerfile/stage-facts.ts';
import { isWindowsBase } from '../../dockerfile/stages.ts';
import { instructionsOf } from '../../dockerfile/subjects.ts';
import { defineRule } from '../../engine/rule.ts';

/** PowerShell is no sign: it runs on Linux too. */
function onWindows(stage: Stage): boolean {
  const from = ancestry(stage)[0]?.from;
  return stage.windows && from !== undefined && isWindowsBase(from);
}

export default defineRule('dockerfile', {
  meta: {
    id: 'dockerfile/windows-no-effect',
    rows: ['D1105'],
    summary: 'Some of what Dockerfiles can say has no meaning for Windows containers.',
    why: 'Windows has no owner by user and group number for `--chown` and no signals for `STOPSIGNAL`: what they ask for does not happen. Not every builder for Windows knows `RUN --mount`, and those that do not end the build.',
    severity: 'information',
    topic: 'correctness',
    messages: {
      chown: '`--chown` has no effect in a Windows image',
      mount: '`RUN --mount` is not known to all builders of Windows images',
      signal: '`STOPSIGNAL` has no effect in a Windows image',
    },
    titles: { flag: 'Remove `--chown`', signal: 'Remove `STOPSIGNAL`' },
    fix: 'sometimes',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM mcr.microsoft.com/windows/nanoserver:ltsc2025\nCOPY --chown=app app.exe C:/app/\n',
        good: 'FROM mcr.microsoft.com/windows/nanoserver:ltsc2025\nCOPY app.exe C:/app/\n',
      },
    ],
    options: {},
    sources: ['tally windows/no-chown-flag', 'tally windows/no-run-mounts', 'tally windows/no-stopsignal'],
  },
  beside: ['windows'],
  *check(dockerfile) {
    for (const { instruction, stage } of instructionsOf(dockerfile)) {
      if (!stage.windows) continue;
      const { kind } = instruction;
      if (kind === 'stopsignal' && onWindows(stage)) {
        yield {
          message: 'signal',
          span: instruction.keyword.span,
          fixes: [{ title: 'signal', safety: 'safe', edits: [removeInstruction(dockerfile, instruction)] }],
        };
      }
      if ((kind !== 'copy' && kind !== 'add' && kind !== 'run') || instruction.flags.length === 0) continue;
      if (!onWindows(stage)) continue;
      for (const flag of instruction.flags) {
        if (kind === 'run' && flag.name.value === 'mount') yield { message: 'mount', span: flag.span };
        if (kind !== 'run' && flag.name.value === 'chown') {
          yield {
            message: 'chown',
            span: flag.span,
            fixes: [{ title: 'flag', safety: 'suggested', edits: [removeFlag(dockerfile, flag)] }],
          };
        }
      }
    }
  },
});
