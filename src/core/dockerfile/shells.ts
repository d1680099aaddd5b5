import { onceFor } from '../text/once-for.ts';
import type { CommandInstruction, Instruction, Stage } from './model.ts';
import { instructionsBefore } from './stage-facts.ts';
import { programName } from './stages.ts';

const shellsOf = onceFor((stage: Stage): readonly CommandInstruction[] =>
  instructionsBefore(stage).flatMap((instruction) => (instruction.kind === 'shell' ? instruction : [])),
);

/** The SHELL that is in force at an instruction, those of the stages below its own too; undefined where none was set. */
export function shellAt(stage: Stage, before: Instruction): CommandInstruction | undefined {
  return shellsOf(stage).findLast(({ span }) => span.end <= before.span.start);
}

/** Shells that know the option `pipefail` in every version that images carry: dash, Debian's `sh`, does not. */
const knowPipefail: ReadonlySet<string> = new Set(['bash', 'zsh', 'ash', 'ksh', 'mksh']);

/** Whether a program with these arguments is a shell that fails where any part of a pipe does. */
export function hasPipefail(argv: readonly string[]): boolean {
  const [program = '', ...options] = argv;
  return knowPipefail.has(programName(program)) && setsPipefail(options);
}

/** Whether the options of a shell, or of `set`, turn `pipefail` on: `-o pipefail`, `-euo pipefail`. */
export function setsPipefail(options: readonly string[]): boolean {
  return options.some((option, at) => option === 'pipefail' && /^-\w*o$/.test(options[at - 1] ?? ''));
}
