import { replace, type TextEdit } from '../text/edit.ts';
import { type MappedText, toSource, toSourceSpan } from '../text/mapped-text.ts';
import type { Span } from '../text/span.ts';
import type { Dockerfile, RunInstruction } from './model.ts';
import { programName } from './stages.ts';
import { instructionsOf } from './subjects.ts';

/** A script that ShellCheck can be asked about. */
export interface ShellCheckQuestion {
  /** What the answer is filed under. */
  readonly key: string;
  /** The program's arguments. */
  readonly words: readonly string[];
  /** For its standard input. */
  readonly text: string;
}

/** A place as ShellCheck gives it: lines and columns count from 1, columns in code points. */
interface Place {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

export interface ShellCheckComment extends Place {
  readonly level: string;
  readonly code: number;
  readonly message: string;
  readonly replacements: readonly (Place & { readonly replacement: string })[];
}

/** Answers by the keys of their questions. */
export type ShellCheckResults = ReadonlyMap<string, readonly ShellCheckComment[]>;

const shells: Readonly<Record<string, string>> = {
  sh: 'sh',
  bash: 'bash',
  dash: 'dash',
  ash: 'dash',
  busybox: 'dash',
  ksh: 'ksh',
  mksh: 'ksh',
};

/** SC1090 and SC1091 are about files that are read in, SC2187 about Ash, SC2154 about variables that the base image may set. */
const excluded = '--exclude=SC1090,SC1091,SC2154,SC2187';

/** What to ask about a RUN where it hands a script to a shell that ShellCheck knows. */
export function shellCheckQuestion(run: RunInstruction): ShellCheckQuestion | undefined {
  const text = run.script?.text?.text ?? '';
  if (text.trim() === '') return undefined;
  const shebang = /^[ \t]*#![ \t]*(?:\S*\/)?(?:env[ \t]+)?(\S+)/.exec(text)?.[1];
  const words = run.command.kind === 'exec' ? run.command.words.map(({ value }) => value) : run.shell;
  const program = programName(shebang ?? words.find((word) => programName(word) !== 'env') ?? '');
  const shell = Object.hasOwn(shells, program) ? shells[program] : undefined;
  if (shell === undefined) return undefined;
  return { key: `${shell}\n${text}`, words: ['--norc', '--format=json1', excluded, `--shell=${shell}`, '-'], text };
}

/** Everything to ask about a file, each script once. */
export function shellCheckQuestions(dockerfile: Dockerfile): readonly ShellCheckQuestion[] {
  const questions = new Map<string, ShellCheckQuestion>();
  for (const { instruction } of instructionsOf(dockerfile)) {
    const question = instruction.kind === 'run' ? shellCheckQuestion(instruction) : undefined;
    if (question !== undefined) questions.set(question.key, question);
  }
  return [...questions.values()];
}

/**
 * Reads what `--format=json1` printed.
 * @throws SyntaxError where it is no such text.
 */
export function readShellCheck(output: string): readonly ShellCheckComment[] {
  const { comments } = record(JSON.parse(output));
  if (!Array.isArray(comments)) throw new SyntaxError('ShellCheck printed no list of comments');
  return comments.map((comment: unknown) => {
    const fields = record(comment);
    const { level, code, message, fix } = fields;
    const replacements = fix === null || fix === undefined ? [] : record(fix)['replacements'];
    return {
      ...place(fields),
      level: String(level),
      code: Number(code),
      message: String(message),
      replacements: (Array.isArray(replacements) ? replacements : []).map((one: unknown) => {
        const replacement = record(one);
        return { ...place(replacement), replacement: String(replacement['replacement']) };
      }),
    };
  });
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) throw new SyntaxError('ShellCheck printed something else');
  return { ...value };
}

function place({ line, column, endLine, endColumn }: Readonly<Record<string, unknown>>): Place {
  return { line: Number(line), column: Number(column), endLine: Number(endLine), endColumn: Number(endColumn) };
}

/** Where a comment stands in the Dockerfile. */
export function commentSpan(script: MappedText, comment: Place): Span {
  return toSourceSpan(script, derivedSpan(script, comment));
}

/** The comment's own fix as edits of the Dockerfile; none where it has none. */
export function commentEdits(script: MappedText, { replacements }: ShellCheckComment): readonly TextEdit[] {
  return replacements.map((one) => {
    const { start, end } = derivedSpan(script, one);
    // Text goes directly behind the character before it, not behind a continuation that follows.
    const at = start > 0 && start === end ? toSource(script, start - 1) + 1 : undefined;
    return replace(at === undefined ? toSourceSpan(script, { start, end }) : { start: at, end: at }, one.replacement);
  });
}

function derivedSpan({ text }: MappedText, { line, column, endLine, endColumn }: Place): Span {
  const lines = text.split('\n');
  const start = offsetOf(lines, line, column);
  return { start, end: Math.max(offsetOf(lines, endLine, endColumn), start) };
}

function offsetOf(lines: readonly string[], line: number, column: number): number {
  const before = lines.slice(0, line - 1).reduce((length, one) => length + one.length + 1, 0);
  const characters = [...(lines[line - 1] ?? '')].slice(0, column - 1);
  return before + characters.join('').length;
}
