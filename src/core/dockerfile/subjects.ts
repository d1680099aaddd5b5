import { onceFor } from '../text/once-for.ts';
import type { Dockerfile, Instruction, RunCommand, RunInstruction, Stage } from './model.ts';

interface PlacedInstruction {
  readonly instruction: Instruction;
  readonly stage: Stage;
}

/** Every instruction of every stage in order; behind an ONBUILD its trigger. Those before the first FROM count to the first stage. */
export function* instructionsOf(dockerfile: Dockerfile): Generator<PlacedInstruction> {
  const [first] = dockerfile.stages;
  if (first === undefined) return;
  if (first.from !== undefined) {
    for (const instruction of dockerfile.instructions) {
      if (instruction === first.from) break;
      yield* withTrigger(instruction, first);
    }
  }
  for (const stage of dockerfile.stages) {
    if (stage.from !== undefined) yield { instruction: stage.from, stage };
    for (const instruction of stage.instructions) yield* withTrigger(instruction, stage);
  }
}

function* withTrigger(instruction: Instruction, stage: Stage): Generator<PlacedInstruction> {
  yield { instruction, stage };
  if (instruction.kind === 'onbuild' && instruction.trigger !== undefined) {
    yield { instruction: instruction.trigger, stage };
  }
}

/** Every command that a POSIX shell runs in a RUN, ONBUILD RUN too. */
export function* runCommandsOf(dockerfile: Dockerfile): Generator<RunCommand> {
  for (const stage of dockerfile.stages) {
    for (const instruction of stage.instructions) {
      const run = runOf(instruction);
      for (const command of run?.script?.commands ?? []) {
        if (run !== undefined) yield { command, run, stage, dockerfile };
      }
    }
  }
}

function runOf(instruction: Instruction): RunInstruction | undefined {
  const inner = instruction.kind === 'onbuild' ? instruction.trigger : instruction;
  return inner?.kind === 'run' ? inner : undefined;
}

/** The names of the programs that a RUN calls, each once; `''` among them where a variable stands for one. */
export const programsCalled = onceFor(
  (run: RunInstruction): ReadonlySet<string> => new Set(run.script?.commands.map(({ name }) => name)),
);
