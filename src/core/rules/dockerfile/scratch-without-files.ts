import type { Dockerfile, Instruction, Stage } from '../../dockerfile/model.ts';
import { ancestry, instructionsBefore } from '../../dockerfile/stage-facts.ts';
import { sourceReferences } from '../../dockerfile/stage-references.ts';
import { defineRule } from '../../engine/rule.ts';

/** Whether a stage is empty when an instruction of it begins, or at its end: nothing was put onto `scratch`. */
function isEmpty(stage: Stage, before?: Instruction): boolean {
  // A variable may be given another image.
  if (ancestry(stage)[0]?.from?.image?.text !== 'scratch') return false;
  return !instructionsBefore(stage, before).some(({ kind }) =>
    ['copy', 'add', 'run', 'workdir', 'onbuild', 'unknown'].includes(kind),
  );
}

/** The one stage that a `--from` can mean. */
function named({ stages }: Dockerfile, from: string): Stage | undefined {
  if (/^\d+$/.test(from)) return stages[Number(from)];
  const [only, ...others] = stages.filter(({ name }) => name === from.toLowerCase());
  return others.length === 0 ? only : undefined;
}

export default defineRule('dockerfile', {
  meta: {
    id: 'dockerfile/scratch-without-files',
    rows: ['D131'],
    summary: 'In `scratch` there is nothing: no shell to run, no file to copy.',
    why: '`FROM scratch` begins with an empty image. A RUN needs at least the program that it calls, and `/bin/sh` where it is no JSON array; a stage that nothing was copied into has nothing to give to others. The build fails there.',
    severity: 'error',
    topic: 'correctness',
    messages: {
      run: 'Nothing is in this image yet: there is no program to run',
      copy: 'The stage {from} has no files: nothing was put onto `scratch`',
    },
    titles: {},
    fix: 'never',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM scratch\nRUN mkdir /data\nCOPY app /app\n',
        good: 'FROM scratch\nCOPY app /app\n',
      },
    ],
    options: {},
    sources: ['tally copy-from-empty-scratch-stage', 'tally shell-run-in-scratch'],
  },
  mentions: ['scratch'],
  *check(dockerfile) {
    for (const stage of dockerfile.stages) {
      const run = stage.instructions.find(({ kind }) => kind === 'run');
      // What a mount brings may be called.
      if (run?.kind !== 'run' || run.mounts.length > 0 || stage.windows || !isEmpty(stage, run)) continue;
      yield { message: 'run', span: run.keyword.span, peers: ['tally shell-run-in-scratch'] };
    }
    for (const { from, instruction } of sourceReferences(dockerfile)) {
      const source = instruction.kind === 'run' || instruction.onbuild ? undefined : named(dockerfile, from.value);
      if (source === undefined || !isEmpty(source)) continue;
      const peers = ['tally copy-from-empty-scratch-stage'];
      yield { message: 'copy', data: { from: from.value }, span: from.span, peers };
    }
  },
});
