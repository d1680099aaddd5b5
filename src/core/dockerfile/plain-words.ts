import type { ShellScript } from '../shell/model.ts';
import { containsSpan } from '../text/span.ts';

/** Programs of the shell itself, which `exec` cannot start. */
export const shellBuiltins: ReadonlySet<string> = new Set([
  ...['cd', 'export', 'set', 'unset', 'source', '.', ':', 'eval', 'exit', 'return', 'wait', 'trap', 'ulimit', 'umask'],
  ...['read', 'shift', 'local', 'alias', 'exec', 'type', 'command', 'test', '[', 'true', 'false', 'echo', 'printf'],
]);

/** The words of a line that is one program with constant words and nothing of the shell's own; undefined for any other. */
export function plainWords(script: ShellScript, text: string): readonly string[] | undefined {
  const [command] = script.commands;
  if (command === undefined || script.problems.length > 0) return undefined;
  // What is handed to `sh -c` stands inside the words.
  if (!script.commands.every(({ span }) => containsSpan(command.span, span))) return undefined;
  if (command.redirects.length + command.assignments.length + command.wrappers.length > 0 || command.conditional)
    return undefined;
  if (shellBuiltins.has(command.name) || /[;&|<>(){}`$#!*?~]|\[/.test(text)) return undefined;
  const words = [command.nameWord, ...command.words];
  return words.every(({ constant }) => constant) ? words.map(({ value }) => value) : undefined;
}
