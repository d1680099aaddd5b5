import { insert, type TextEdit } from '../text/edit.ts';
import { lineBreak, lineStart } from '../text/lines.ts';
import { toSourceSpan } from '../text/mapped-text.ts';
import type { Dockerfile, Heredoc, RunInstruction } from './model.ts';

/** Programs after which nothing of a script is run any more. */
const leaves = ['exit', 'exec', 'return'];

/** A here-document alone, or one for a shell. */
const scriptOnly = /^<<-?\S+(?:\s+(?:\/\S*\/)?(?:ba|da|a|k|z)?sh(?:\s+-\S+)*)?$/;

/**
 * The edit that runs one more command at the end of a RUN, in the way that its lines are joined already. Undefined where
 * there is no such place: an exec form without a shell, a script that does not parse, one that leaves early or ends in a comment.
 */
export function appendCommand(dockerfile: Dockerfile, run: RunInstruction, command: string): TextEdit | undefined {
  const { script, heredocs } = run;
  const last = script?.commands.at(-1);
  if (script?.text === undefined || last === undefined || script.problems.length > 0) return undefined;
  if (script.commands.some(({ name, wrappers }) => leaves.includes(name) || wrappers.includes('exec')))
    return undefined;
  const [heredoc] = heredocs;
  if (heredoc !== undefined) return heredocs.length === 1 ? appendLine(dockerfile, run, heredoc, command) : undefined;

  if (run.command.kind === 'exec') {
    const text = script.text.text.trimEnd();
    if (/[&|(\\]$|#/.test(text)) return undefined;
    return insert(script.span.end, text.endsWith(';') ? ` ${command}` : ` && ${command}`);
  }
  const whole = toSourceSpan(run.arguments, { start: 0, end: run.arguments.text.length });
  if (dockerfile.text.slice(last.span.end, whole.end).includes('#') || /[&|(\\]$/.test(run.arguments.text))
    return undefined;
  return insert(whole.end, joined(dockerfile, run, command));
}

/** What to put behind the last command: as a line of its own where the others have theirs. */
function joined(dockerfile: Dockerfile, run: RunInstruction, command: string): string {
  const text = dockerfile.text.slice(run.span.start, run.span.end);
  const ended = run.arguments.text.endsWith(';');
  const next = ` ${dockerfile.escape}${lineBreak(dockerfile.text)}`;
  const leading = [...text.matchAll(/\n([ \t]*)&&[ \t]/g)].at(-1);
  if (leading !== null && leading !== undefined && !ended) return `${next}${leading[1] ?? ''}&& ${command}`;
  const trailing = [...text.matchAll(/(&&|;)[ \t]*[\\`][ \t]*\r?\n(?:[ \t]*#[^\n]*\n)*([ \t]*)/g)].at(-1);
  if (trailing !== undefined)
    return `${ended ? '' : trailing[1] === '&&' ? ' &&' : ';'}${next}${trailing[2] ?? ''}${command}`;
  return ended ? ` ${command}` : ` && ${command}`;
}

function appendLine(
  dockerfile: Dockerfile,
  run: RunInstruction,
  heredoc: Heredoc,
  command: string,
): TextEdit | undefined {
  // `RUN cat <<EOF` and `RUN <<EOF cat` feed a program: the body is no script.
  if (!scriptOnly.test(run.arguments.text.trim())) return undefined;
  const { text } = dockerfile;
  const { start, end } = heredoc.body;
  if (text[end - 1] !== '\n') return undefined;
  const indentation = /^[ \t]*/.exec(text.slice(Math.max(lineStart(text, end - 1), start), end))?.[0] ?? '';
  return insert(end, `${indentation}${command}${lineBreak(text)}`);
}
