import type { ShellCommand } from '../shell/model.ts';
import { remove, type TextEdit } from '../text/edit.ts';
import { removeInstruction } from './edit.ts';
import type { Dockerfile, RunInstruction } from './model.ts';

/** `&&`, `;` or the end of a line with the blanks and continuations around it, and nothing else. */
const between = /^(?:[ \t]|[\\`][ \t]*\r?\n)*(?:&&|;)(?:[ \t]|[\\`][ \t]*\r?\n)*$/;
const betweenLines = /^[ \t]*(?:\r?\n[ \t]*)+$/;

function plainGap(text: string, start: number, end: number): boolean {
  const gap = text.slice(start, end);
  return between.test(gap) || betweenLines.test(gap);
}

function simple({ wrappers, assignments, conditional }: ShellCommand): boolean {
  return wrappers.length + assignments.length === 0 && !conditional;
}

/**
 * The edit that takes a command out of its list, with what joins it to the next one, or the whole RUN with its only command.
 * Undefined where it stands in a pipeline, a condition or a group, and where a comment would be torn out of its place.
 */
export function removeCommand(
  dockerfile: Dockerfile,
  run: RunInstruction,
  command: ShellCommand,
): TextEdit | undefined {
  const commands = run.script?.commands ?? [];
  if (commands.length === 1 && commands[0] === command && run.heredocs.length === 0)
    return removeInstruction(dockerfile, run);
  const { text } = dockerfile;
  const at = commands.indexOf(command);
  const next = commands[at + 1];
  const before = commands[at - 1];
  if (!simple(command) || command.redirects.length > 0 || /^(?:\||\|\||&)$/.test(command.joined)) return undefined;
  if (next !== undefined && next.list === command.list && simple(next)) {
    const plain = next.joined === '&&' || next.joined === ';';
    return plain && plainGap(text, command.span.end, next.span.start)
      ? remove({ start: command.span.start, end: next.span.start })
      : undefined;
  }
  if (next !== undefined || before === undefined || before.list !== command.list || !simple(before)) return undefined;
  if (before.redirects.length > 0 || !plainGap(text, before.span.end, command.span.start)) return undefined;
  return remove({ start: before.span.end, end: command.span.end });
}
