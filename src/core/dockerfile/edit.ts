import { insert, remove, replace, type TextEdit } from '../text/edit.ts';
import { lineBreak, lineEnd, lineStart } from '../text/lines.ts';
import { onceFor } from '../text/once-for.ts';
import type { Span } from '../text/span.ts';
import type { Dockerfile, Flag, Instruction, KeyValue, PairsInstruction, Word } from './model.ts';

/**
 * Takes out an instruction with its whole lines; comments above it stay. The trigger of an ONBUILD goes with its ONBUILD.
 * A file without a last line end stays one.
 */
export function removeInstruction(dockerfile: Dockerfile, instruction: Instruction): TextEdit {
  const { text } = dockerfile;
  const { span } = outermost(dockerfile, instruction);
  const start = lineStart(text, span.start);
  const end = lineEnd(text, span.end);
  if (text.charAt(end - 1) === '\n' || start === 0) return remove({ start: afterBom(text, start), end });
  const before = text.charAt(start - 2) === '\r' ? start - 2 : start - 1;
  return remove({ start: before, end });
}

/** Puts an instruction on a line of its own behind another one, here-documents and all, with the file's line ends. */
export function insertInstructionAfter(dockerfile: Dockerfile, instruction: Instruction, newText: string): TextEdit {
  const { text } = dockerfile;
  const { span } = outermost(dockerfile, instruction);
  const end = lineEnd(text, span.end);
  const lines = withLineBreaks(newText, text);
  // A continuation that leads nowhere would take the new line in.
  if (text.slice(span.end, end).includes(dockerfile.escape)) {
    return replace({ start: span.end, end }, lineBreak(text) + lines + lineBreak(text));
  }
  return insert(end, text.charAt(end - 1) === '\n' ? lines + lineBreak(text) : lineBreak(text) + lines);
}

/**
 * Puts an instruction on a line of its own before another one, above the comments that stand directly over it
 * unless these begin the file.
 */
export function insertInstructionBefore(dockerfile: Dockerfile, instruction: Instruction, newText: string): TextEdit {
  const { text } = dockerfile;
  const { span } = outermost(dockerfile, instruction);
  const own = lineStart(text, span.start);
  const indentation = text.slice(afterBom(text, own), span.start);
  const lines = withLineBreaks(newText, text)
    .split(lineBreak(text))
    .map((line) => indentation + line)
    .join(lineBreak(text));
  return insert(afterBom(text, aboveComments(dockerfile, own)), lines + lineBreak(text));
}

/** Adds a flag behind the keyword and the flags that are there. */
export function insertFlag(instruction: Instruction, flag: string): TextEdit {
  const last = instruction.flags.at(-1);
  return insert((last ?? instruction.keyword).span.end, ` ${flag}`);
}

/** Takes out what stands at the end of a line, with the blanks before it. */
export function removeLastWord({ text }: Dockerfile, at: Span): TextEdit {
  const [blanks = ''] = /[ \t]*$/.exec(text.slice(lineStart(text, at.start), at.start)) ?? [];
  return remove({ start: at.start - blanks.length, end: at.end });
}

/** Takes out a flag with the blanks behind it. */
export function removeFlag(dockerfile: Dockerfile, { span }: Flag): TextEdit {
  const [blanks = ''] = /^[ \t]*/.exec(dockerfile.text.slice(span.end)) ?? [];
  return remove({ start: span.start, end: span.end + blanks.length });
}

/** Takes one `key=value` out of an ENV, ARG or LABEL, as `removeListed` does. */
export function removePair(
  dockerfile: Dockerfile,
  instruction: PairsInstruction,
  pair: KeyValue,
): TextEdit | undefined {
  return removeListed(dockerfile, instruction, instruction.pairs, pair);
}

/**
 * Takes one of the words or pairs of an instruction out of their list, and the instruction with the last of them. Undefined
 * where a comment stands beside it that would be torn out of its place.
 */
export function removeListed<Item extends Word | KeyValue>(
  dockerfile: Dockerfile,
  instruction: Instruction,
  list: readonly Item[],
  item: Item,
): TextEdit | undefined {
  if (list.length === 1) return removeInstruction(dockerfile, instruction);
  const at = list.indexOf(item);
  const before = list[at - 1];
  const after = list[at + 1];
  const start = before?.span.end ?? item.span.start;
  const end = before === undefined ? (after?.span.start ?? item.span.end) : item.span.end;
  const gap = dockerfile.text.slice(start, item.span.start) + dockerfile.text.slice(item.span.end, end);
  return gap.includes('#') ? undefined : remove({ start, end });
}

/** Adds a word behind another one. */
export function insertWordAfter(at: Span, word: string): TextEdit {
  return insert(at.end, ` ${word}`);
}

/**
 * Takes a word of a shell line or of an instruction out, with the blanks or the line that it leaves. Undefined where that
 * would tear a continuation, and before comment lines.
 */
export function cutWord(text: string, at: Span): TextEdit | undefined {
  const start = lineStart(text, at.start);
  const before = text.slice(start, at.start);
  if (before.trim() !== '') return remove({ start: at.start - (/[ \t]*$/.exec(before)?.[0].length ?? 0), end: at.end });
  const behind = text.slice(at.end, lineEnd(text, at.end));
  if (/^[ \t]*[\\`][ \t]*\r?\n$/.test(behind)) return remove({ start, end: at.end + behind.length });
  if (behind.trim() !== '') return remove({ start: at.start, end: at.end + (/^[ \t]*/.exec(behind)?.[0].length ?? 0) });
  const continued = /[ \t]*[\\`][ \t]*\r?\n$/.exec(text.slice(Math.max(start - 200, 0), start));
  return continued === null ? undefined : remove({ start: start - continued[0].length, end: at.end });
}

/** A JSON array of strings as Dockerfiles write it: `["a", "b"]`. */
export function jsonArray(words: readonly string[]): string {
  return `[${words.map((word) => JSON.stringify(word)).join(', ')}]`;
}

function outermost(dockerfile: Dockerfile, instruction: Instruction): Instruction {
  if (!instruction.onbuild) return instruction;
  return dockerfile.instructions.find((one) => one.kind === 'onbuild' && one.trigger === instruction) ?? instruction;
}

function afterBom(text: string, at: number): number {
  return at === 0 && text.startsWith('\ufeff') ? 1 : at;
}

function withLineBreaks(newText: string, text: string): string {
  return lineBreak(text) === '\n' ? newText : newText.replace(/\r?\n/g, '\r\n');
}

/** Where the lines with comments begin. */
const commentLinesOf = onceFor(
  ({ text, comments }: Dockerfile): ReadonlySet<number> =>
    new Set(comments.map((comment) => lineStart(text, comment.span.start))),
);

/** Where the comment lines begin that stand without a gap above the line at `own`. */
function aboveComments(dockerfile: Dockerfile, own: number): number {
  const { text, directives } = dockerfile;
  const commentLines = commentLinesOf(dockerfile);
  let start = own;
  while (start > 0 && commentLines.has(lineStart(text, start - 1))) start = lineStart(text, start - 1);
  const header = start === 0 || directives.some((directive) => lineEnd(text, directive.span.end) === start);
  return header ? own : start;
}
