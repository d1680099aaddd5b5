import { onceFor } from '../text/once-for.ts';
import type { Dockerfile, Instruction, RunCommand, RunInstruction, Stage } from './model.ts';

interface PlacedInstruction {
  readonly instruction: Instruction;
  readonly stage: Stage;
  readonly dockerfile: Dockerfile;
}

/** Every instruction of every stage in order; behind an ONBUILD its trigger. Those before the first FROM count to the first stage. */
export const instructionsOf = onceFor((dockerfile: Dockerfile): readonly PlacedInstruction[] => {
  const placed: PlacedInstruction[] = [];
  const [first] = dockerfile.stages;
  if (first === undefined) return placed;
  const add = (instruction: Instruction, stage: Stage) => {
    placed.push({ instruction, stage, dockerfile });
    if (instruction.kind === 'onbuild' && instruction.trigger !== undefined)
      placed.push({ instruction: instruction.trigger, stage, dockerfile });
  };
  if (first.from !== undefined) {
    for (const instruction of dockerfile.instructions) {
      if (instruction === first.from) break;
      add(instruction, first);
    }
  }
  for (const stage of dockerfile.stages) {
    if (stage.from !== undefined) placed.push({ instruction: stage.from, stage, dockerfile });
    for (const instruction of stage.instructions) add(instruction, stage);
  }
  return placed;
});

/** Every command that a POSIX shell runs in a RUN, ONBUILD RUN too. */
export const runCommandsOf = onceFor((dockerfile: Dockerfile): readonly RunCommand[] => {
  const found: RunCommand[] = [];
  for (const stage of dockerfile.stages) {
    for (const instruction of stage.instructions) {
      const run = runOf(instruction);
      if (run?.script === undefined) continue;
      for (const command of run.script.commands) found.push({ command, run, stage, dockerfile });
    }
  }
  return found;
});

function runOf(instruction: Instruction): RunInstruction | undefined {
  const inner = instruction.kind === 'onbuild' ? instruction.trigger : instruction;
  return inner?.kind === 'run' ? inner : undefined;
}

/** The names of the programs that a RUN calls, each once; `''` among them where a variable stands for one. */
export const programsCalled = onceFor(
  (run: RunInstruction): ReadonlySet<string> => new Set(run.script?.commands.map(({ name }) => name)),
);
