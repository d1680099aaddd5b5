import { expand } from './expansion.ts';
import type { Dockerfile, Instruction, Stage } from './model.ts';
import { instructionsBefore } from './stage-facts.ts';
import { variablesAt } from './variables.ts';

/** Absolute, and nothing in it to take away. */
const plain = /^(?:\/[^/.][^/]*)+$/;

/** An absolute path without `.` and `..` and without a slash at its end. */
function normalised(path: string): string {
  if (plain.test(path)) return path;
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

/** A path seen from a folder; undefined where it is relative to a folder that is not known. */
export function pathIn(folder: string | undefined, path: string): string | undefined {
  if (path.startsWith('/')) return normalised(path);
  return folder === undefined ? undefined : normalised(`${folder}/${path}`);
}

/** A text with the variables put in that `instruction` sees; undefined where one of them is not known. */
export function valueAt(dockerfile: Dockerfile, instruction: Instruction, text: string): string | undefined {
  if (!/[$'"\\`]/.test(text)) return text;
  const variables = variablesAt(dockerfile, instruction);
  const expanded = expand(text, (name) => variables.get(name)?.value, { escape: dockerfile.escape });
  return expanded.ok && expanded.unset.length === 0 ? expanded.value : undefined;
}

/** The folder that an instruction works in. Without a WORKDIR it is `start`, the base image's where that is known. */
export function workdirAt(
  dockerfile: Dockerfile,
  stage: Stage,
  before: Instruction,
  start?: string,
): string | undefined {
  let folder = start;
  for (const instruction of instructionsBefore(stage, before)) {
    if (instruction.kind !== 'workdir') continue;
    const path = valueAt(dockerfile, instruction, instruction.arguments.text.trim());
    folder = path === undefined ? undefined : pathIn(folder, path);
  }
  return folder;
}
