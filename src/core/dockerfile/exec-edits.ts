import { insert, remove, replace, type TextEdit } from '../text/edit.ts';
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
    // What takes the whole array away needs no JSON.
    if (run === undefined || (edit.span.start < run.span.start && edit.span.end > run.span.end)) return edit;
    return run.shell ? inScript(run, edit) : inArray(run, edit, dockerfile.text);
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

function inArray(run: ExecRun, { span, newText }: TextEdit, text: string): TextEdit | undefined {
  const { tokens } = run;
  const starts = (at: number) => tokens.some(({ start }) => start === at);
  const ends = (at: number) => tokens.some(({ end }) => end === at);
  if (newText === '') return withoutTokens(run, span, text);
  if (span.start === span.end && ends(span.end) && plainWords.test(newText)) {
    const words = newText.trim().split(' ');
    return insert(span.end, words.map((word) => `, "${word}"`).join(''));
  }
  return starts(span.start) && ends(span.end) && plainWords.test(` ${newText}`)
    ? replace(span, `"${newText}"`)
    : undefined;
}

/** Takes strings out of the array, each with a comma, or letters out of one. The program's name stays. */
function withoutTokens({ tokens }: ExecRun, span: Span, text: string): TextEdit | undefined {
  const starts = (at: number) => tokens.some(({ start }) => start === at);
  if (starts(span.start) && starts(span.end)) return remove(span);
  const inside = tokens.some(({ start, end }) => span.start > start && span.end < end);
  if (inside) return /^[\w=-]+$/.test(text.slice(span.start, span.end)) ? remove(span) : undefined;
  const from = tokens.findIndex(({ start }) => start >= span.start);
  const to = tokens.findLastIndex(({ end }) => end <= span.end);
  const [before, first, last] = [tokens[from - 1], tokens[from], tokens[to]];
  if (before === undefined || first === undefined || last === undefined || to < from) return undefined;
  const blank = (start: number, end: number) => text.slice(start, end).trim() === '';
  return blank(span.start, first.start) && blank(last.end, span.end)
    ? remove({ start: before.end, end: last.end })
    : undefined;
}
