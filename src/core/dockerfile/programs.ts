import { lacksProgram } from '../images/base-images.ts';
import { isArchive } from './context-copy.ts';
import type { Dockerfile, Stage } from './model.ts';
import { instructionsBefore } from './stage-facts.ts';
import { baseOf } from './users.ts';

/** Whether a stage holds a program or may hold it: anything that is run or copied there may have brought it. */
export function mayHoldProgram(dockerfile: Dockerfile, stage: Stage, program: 'curl' | 'wget'): boolean {
  const base = baseOf(stage);
  if (base === undefined || !lacksProgram(base, program)) return true;
  const name = program === 'curl' ? /curl/ : /wget|busybox/;
  return instructionsBefore(stage).some((instruction) => {
    const { kind, span } = instruction;
    if (kind !== 'run' && kind !== 'copy' && kind !== 'add' && kind !== 'arg' && kind !== 'env') return false;
    const text = dockerfile.text.slice(span.start, span.end);
    if (name.test(text)) return true;
    // Packages by a list or a script, root folders from elsewhere.
    if (kind === 'run') return /\bxargs\b|\$\(cat |\.sh\b|[@*]/.test(text);
    if (instruction.kind !== 'copy' && instruction.kind !== 'add') return false;
    const folder = /^\/(?:$|usr\b|s?bin\b)/.test(instruction.destination?.value ?? '/');
    return folder && (instruction.from !== undefined || instruction.sources.some(isArchive));
  });
}
