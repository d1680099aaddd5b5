import { insert, replace, type TextEdit } from '../text/edit.ts';
import { onceFor } from '../text/once-for.ts';
import type { Span } from '../text/span.ts';
import type { Dockerfile, RunInstruction } from './model.ts';
import { isPosixShell } from './stages.ts';
import { instructionsOf } from './subjects.ts';

/** Words that mean the same to a shell and to a program that is called without one. */
const plainWords = /^(?: [\w@%+=:,./-]+)+$/;

interface ExecRun {
  readonly span: Span;
  /** The strings of the array, quotes included. */
  readonly tokens: readonly Span[];
  /** A shell reads one of the strings. */
  readonly shell: boolean;
}

/**
 * Rules about commands write shell. The edits that stand inside a JSON form of RUN are written as JSON here: new words
 * become strings of the array, text in the script of `sh -c` is escaped.
 * @returns undefined where an edit has no such form.
 */
export function execEdits(dockerfile: Dockerfile, edits: readonly TextEdit[]): readonly TextEdit[] | undefined {
  const runs = execRuns(dockerfile);
  if (runs.length === 0) return edits;
  const written = edits.map((edit) => {
    const run = runs.find(({ span }) => edit.span.start < span.end && edit.span.end > span.start);
    return run === undefined ? edit : run.shell ? inScript(run, edit) : inArray(run, edit);
  });
  return written.every((edit) => edit !== undefined) ? written : undefined;
}

/** Whether any RUN has the JSON form. */
export function hasExecRuns(dockerfile: Dockerfile): boolean {
  return execRuns(dockerfile).length > 0;
}

const execRuns = onceFor((dockerfile: Dockerfile): readonly ExecRun[] => {
  const runs: ExecRun[] = [];
  for (const { instruction } of instructionsOf(dockerfile)) {
    if (instruction.kind === 'run' && instruction.command.kind === 'exec') runs.push(execRun(instruction.command));
  }
  return runs;
});

function execRun({ span, words }: Extract<RunInstruction['command'], { readonly kind: 'exec' }>): ExecRun {
  return {
    span,
    tokens: words.map((word) => word.span),
    shell: isPosixShell(words.slice(0, 1).map(({ value }) => value)),
  };
}

function inScript({ tokens }: ExecRun, edit: TextEdit): TextEdit | undefined {
  const inside = tokens.some(({ start, end }) => edit.span.start > start && edit.span.end < end);
  return inside ? replace(edit.span, JSON.stringify(edit.newText).slice(1, -1)) : undefined;
}

function inArray({ tokens }: ExecRun, { span, newText }: TextEdit): TextEdit | undefined {
  const starts = (at: number) => tokens.some(({ start }) => start === at);
  const ends = (at: number) => tokens.some(({ end }) => end === at);
  if (newText === '') return starts(span.start) && starts(span.end) ? replace(span, '') : undefined;
  if (span.start === span.end && ends(span.end) && plainWords.test(newText)) {
    const words = newText.trim().split(' ');
    return insert(span.end, words.map((word) => `, "${word}"`).join(''));
  }
  return starts(span.start) && ends(span.end) && plainWords.test(` ${newText}`)
    ? replace(span, `"${newText}"`)
    : undefined;
}
