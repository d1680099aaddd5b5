import { insert, remove, replace, type TextEdit } from '../text/edit.ts';
import { lineEnd, lineStart } from '../text/lines.ts';
import type { Span } from '../text/span.ts';
import { columnOf } from './habits.ts';
import type { YamlMapping, YamlNode, YamlPair, YamlSequence, YamlValue } from './node.ts';
import {
  endsInLiteral,
  type Habits,
  indented,
  inlineText,
  isInline,
  isList,
  isObject,
  writeBlock,
  writeItem,
  writePair,
} from './write.ts';

/** A block scalar that keeps the blank lines behind it may be in the text. */
const keeps = /[|>][1-9]?\+/;

/** Where the line that holds `at` ends, its line break excluded. */
export function endOfLine(text: string, at: number): number {
  const end = lineEnd(text, at);
  if (text[end - 1] !== '\n' || end === at) return end;
  return text[end - 2] === '\r' && end - 2 >= at ? end - 2 : end - 1;
}

/** Whether nothing but a comment stands on the line behind `at`. */
function isLastOnLine(text: string, at: number): boolean {
  return /^[ \t]*(?:#.*)?$/.test(text.slice(at, endOfLine(text, at)));
}

function hasCommentBehind(text: string, at: number): boolean {
  return text.slice(at, endOfLine(text, at)).trim() !== '';
}

/** Whether only blanks and the dashes of lists stand before `at` on its line: no anchor, tag or `?` of its own. */
function isFirstOnLine(text: string, at: number): boolean {
  return /^\uFEFF?[ \t]*(?:-[ \t]+)*$/.test(text.slice(lineStart(text, at), at));
}

function isAloneOnLine(text: string, at: number): boolean {
  return /^\uFEFF?[ \t]*$/.test(text.slice(lineStart(text, at), at));
}

function below(lines: readonly string[], column: number, habits: Habits): string {
  return indented(lines, column)
    .map((line) => habits.lineBreak + line)
    .join('');
}

/** Where lines that follow a node go: behind its last line, and behind what a `|+` keeps. Undefined where none may follow. */
function endOfNode(node: YamlNode | null, end: number, text: string): number | undefined {
  const last = lastScalar(node);
  if (!isLastOnLine(text, end)) return last === undefined ? undefined : endOfLine(text, end);
  const at = endOfLine(text, end);
  if (last === undefined) return at;
  // Another line break at the end of the text would become part of it.
  if (at === text.length) return undefined;
  const header = /^[|>][-+0-9]*/.exec(text.slice(last.start))?.[0] ?? '';
  if (!header.includes('+')) return at;
  const blank = /(?:\r?\n[ \t]*(?=\r?\n|$))*/y;
  blank.lastIndex = at;
  blank.test(text);
  if (blank.lastIndex < text.length || !text.endsWith('\n')) return blank.lastIndex;
  return text.length - (text.endsWith('\r\n') ? 2 : 1);
}

/** The block scalar that a node ends with. */
export function lastScalar(node: YamlNode | null | undefined): Span | undefined {
  if (node?.kind === 'mapping' && !node.flow) return lastScalar(node.pairs.at(-1)?.value);
  if (node?.kind === 'sequence' && !node.flow) return lastScalar(node.items.at(-1));
  return node?.kind === 'scalar' && (node.style === 'literal' || node.style === 'folded') ? node.span : undefined;
}

/** Adds pairs at the end of a block mapping. */
export function addPairs(
  mapping: YamlMapping,
  value: { readonly [key: string]: YamlValue },
  text: string,
  habits: Habits,
): readonly TextEdit[] | undefined {
  const last = mapping.pairs.at(-1);
  const first = mapping.pairs[0];
  if (last === undefined || first === undefined || !isFirstOnLine(text, first.key.span.start)) return undefined;
  if (!isFirstOnLine(text, last.key.span.start)) return undefined;
  const at = endOfNode(last.value, last.span.end, text);
  if (at === undefined) return undefined;
  const lines = Object.entries(value).flatMap(([key, inner]) => writePair(key, inner, habits));
  return [insert(at, below(lines, columnOf(text, last.key.span.start), habits))];
}

/** Adds an item at the end of a block sequence. */
export function addItem(
  sequence: YamlSequence,
  value: YamlValue,
  text: string,
  habits: Habits,
): readonly TextEdit[] | undefined {
  const index = sequence.items.length - 1;
  const dash = dashOf(sequence, index, text);
  if (dash === undefined || !isFirstOnLine(text, dash)) return undefined;
  const last = sequence.items[index] ?? null;
  const at = endOfNode(last, last?.span.end ?? dash + 1, text);
  if (at === undefined) return undefined;
  const close = last !== null && lineStart(text, last.span.start) === lineStart(text, dash);
  const gap =
    close && (last.kind === 'mapping' || last.kind === 'scalar') && last.anchor === undefined && last.tag === undefined
      ? last.span.start - dash
      : 2;
  const lines = writeItem(value, habits, gap > 8 ? 2 : gap);
  return [insert(at, below(lines, columnOf(text, sequence.span.start), habits))];
}

/** Where the dash of an item is. */
export function dashOf(sequence: YamlSequence, index: number, text: string): number | undefined {
  const column = columnOf(text, sequence.span.start);
  let dash = sequence.span.start;
  for (let at = 1; at <= index; at++) {
    let line = lineEnd(text, sequence.items[at - 1]?.span.end ?? dash + 1);
    while (line < text.length && !isDash(text, line, column)) line = lineEnd(text, line);
    if (line >= text.length) return undefined;
    dash = line + column;
  }
  return text[dash] === '-' ? dash : undefined;
}

function isDash(text: string, line: number, column: number): boolean {
  return (
    text[line + column] === '-' && text.slice(line, line + column).trim() === '' && lineEnd(text, line) > line + column
  );
}

/** Writes a value behind a `key:` of a block mapping, in place of what is there. */
export function setPair(
  pair: YamlPair,
  value: YamlValue,
  text: string,
  habits: Habits,
): readonly TextEdit[] | undefined {
  const old = pair.value;
  if (!isFirstOnLine(text, pair.key.span.start)) return undefined;
  const deeper = columnOf(text, pair.key.span.start) + (isList(value) ? habits.dash : habits.step);
  const [inline, lines] = parts(value, old, habits);
  if (old === null) {
    const colon = pair.span.end;
    if (text[colon - 1] !== ':' || !isLastOnLine(text, colon)) return undefined;
    return [...onLine(colon, inline, text), ...underLine(colon, lines, deeper, text, habits)];
  }
  if ((old.kind === 'mapping' || old.kind === 'sequence') && !old.flow) {
    return overBlock(pair, old, value, text, habits);
  }
  if (old.span.start === old.span.end) {
    return [...onLine(old.span.start, inline, text), ...underLine(old.span.end, lines, deeper, text, habits)];
  }
  if (lines.length > 0 && !isLastOnLine(text, old.span.end)) return undefined;
  if (inline !== '') return [replace(old.span, inline), ...underLine(old.span.end, lines, deeper, text, habits)];
  const gap = /[ \t]*$/.exec(text.slice(0, old.span.start).slice(-80))?.[0].length ?? 0;
  const span = { start: old.span.start - gap, end: old.span.end };
  return [remove(span), ...underLine(old.span.end, lines, deeper, text, habits)];
}

/** What goes on the line of the key, and the lines below it from their own first column on. */
function parts(value: YamlValue, old: YamlNode | null, habits: Habits): readonly [string, readonly string[]] {
  const like = old?.kind === 'scalar' && old.style !== 'plain' ? old.style : undefined;
  if (isInline(value)) return [inlineText(value, habits, like), []];
  const lines = writeBlock(value, habits);
  if (isList(value) || isObject(value)) return ['', lines];
  return [lines[0] ?? '', lines.slice(1).map((line) => line.slice(Math.min(habits.step, line.length)))];
}

/** Puts a text behind a colon, in place of the blanks at the end of its line. */
function onLine(at: number, inline: string, text: string): readonly TextEdit[] {
  if (inline === '') return [];
  const end = endOfLine(text, at);
  const blank = text.slice(at, end).trim() === '';
  return [replace({ start: at, end: blank ? end : at }, ` ${inline}`)];
}

function underLine(
  at: number,
  lines: readonly string[],
  column: number,
  text: string,
  habits: Habits,
): readonly TextEdit[] {
  return lines.length === 0 ? [] : [insert(endOfLine(text, at), below(lines, column, habits))];
}

/** Replaces a block collection below its key. */
function overBlock(
  pair: YamlPair,
  old: YamlMapping | YamlSequence,
  value: YamlValue,
  text: string,
  habits: Habits,
): readonly TextEdit[] | undefined {
  if (!isAloneOnLine(text, old.span.start)) return undefined;
  const [inline, lines] = parts(value, null, habits);
  const start = lineStart(text, old.span.start);
  const same = (isList(value) && old.kind === 'sequence') || (isObject(value) && old.kind === 'mapping');
  const keyColumn = columnOf(text, pair.key.span.start);
  const column = same ? columnOf(text, old.span.start) : keyColumn + (isList(value) ? habits.dash : habits.step);
  const end = endOfNode(old, old.span.end, text) ?? endOfLine(text, old.span.end);
  if (lines.length > 0) {
    const written = below(lines, column, habits).slice(habits.lineBreak.length);
    const kept = isLastOnLine(text, old.span.end) ? old.span.end : end;
    const head = inline === '' ? [] : headEdit(pair, old, inline, text);
    // What stands between key and value would become part of a text.
    if (inline !== '' && /\n\s*#/.test(text.slice(pair.key.span.end, old.span.start))) return undefined;
    if (head === undefined || (endsInLiteral(value) && hasCommentBehind(text, old.span.end))) return undefined;
    const from = inline === '' ? start : lineEnd(text, pair.key.span.end);
    return [...head, replace({ start: from, end: inline === '' ? kept : end }, written)];
  }
  const head = headEdit(pair, old, inline, text);
  return head === undefined ? undefined : [...head, remove(wholeLines(start, end, text))];
}

/** The end of `key: &anchor !tag`, where a value goes that stands on that line. */
function headEdit(pair: YamlPair, old: YamlNode, inline: string, text: string): readonly TextEdit[] | undefined {
  const head = /[ \t]*:(?:[ \t]+[&!][^\s#]*)*/y;
  head.lastIndex = pair.key.span.end;
  if (!head.test(text) || !isLastOnLine(text, head.lastIndex)) return undefined;
  // Anchors and tags on lines of their own would come to stand before the value's line.
  const between = text.slice(head.lastIndex, old.span.start);
  if (!/^(?:\s|(?<=\s)#.*)*$/.test(between)) return undefined;
  return onLine(head.lastIndex, inline, text);
}

/** Lines from the beginning of one to the end of another; at the end of a text the line break before them goes instead. */
function wholeLines(start: number, end: number, text: string): Span {
  const after = lineEnd(text, end);
  if (after > end || start === 0 || keeps.test(text)) return { start, end: after };
  return { start: text[start - 2] === '\r' ? start - 2 : start - 1, end: after };
}

/** Writes a value behind a dash, in place of what is there. */
export function setItem(
  sequence: YamlSequence,
  index: number,
  value: YamlValue,
  text: string,
  habits: Habits,
): readonly TextEdit[] | undefined {
  const old = sequence.items[index] ?? null;
  if (old !== null) return setInPlace(old, value, text, habits);
  const dash = dashOf(sequence, index, text);
  if (dash === undefined || !isLastOnLine(text, dash + 1)) return undefined;
  const [inline, lines] = parts(value, old, habits);
  const column = columnOf(text, dash);
  if (inline !== '')
    return [...onLine(dash + 1, inline, text), ...underLine(dash + 1, lines, column + habits.step, text, habits)];
  if (hasCommentBehind(text, dash + 1)) return underLine(dash + 1, lines, column + 2, text, habits);
  const written = below(lines, column + 2, habits).trimStart();
  return [replace({ start: dash + 1, end: endOfLine(text, dash) }, ` ${written}`)];
}

/** Replaces a node where it begins: an item, or the root. */
export function setInPlace(
  old: YamlNode,
  value: YamlValue,
  text: string,
  habits: Habits,
): readonly TextEdit[] | undefined {
  const like = old.kind === 'scalar' && old.style !== 'plain' ? old.style : undefined;
  if (isInline(value)) {
    const gap = old.span.start === old.span.end && /\S/.test(text[old.span.start - 1] ?? ' ') ? ' ' : '';
    return [replace(old.span, gap + inlineText(value, habits, like))];
  }
  const literal = endsInLiteral(value);
  const bare = old.kind !== 'alias' && (old.anchor !== undefined || old.tag !== undefined);
  if (bare || (literal && hasCommentBehind(text, old.span.end)) || !isFirstOnLine(text, old.span.start))
    return undefined;
  if (literal && endOfLine(text, old.span.end) === text.length) return undefined;
  const column = columnOf(text, old.span.start);
  const written = below(writeBlock(value, habits), column, habits).slice(habits.lineBreak.length + column);
  return [replace(old.span, written)];
}

/** Takes a pair or an item out of a block collection that has others: its lines, or the place behind the dash before it. */
export function removeEntry(
  start: number,
  end: number,
  next: number | undefined,
  text: string,
): readonly TextEdit[] | undefined {
  if (!isFirstOnLine(text, start)) return undefined;
  if (isAloneOnLine(text, start)) {
    const from = keptMark(text, lineStart(text, start));
    return [remove(wholeLines(from, keptBlank(text, endOfLine(text, end)), text))];
  }
  if (next === undefined || !isAloneOnLine(text, next)) return undefined;
  const comments = text.slice(endOfLine(text, end), next).trim() !== '';
  if (!comments) return [remove({ start, end: next })];
  const blanks = /[ \t]*$/.exec(text.slice(lineStart(text, start), start))?.[0].length ?? 0;
  return [remove({ start: start - blanks, end: endOfLine(text, end) })];
}

/** Blank lines behind what goes would become part of a `|+` before it: they go too. */
function keptBlank(text: string, end: number): number {
  if (!keeps.test(text)) return end;
  const blank = /(?:\r?\n[ \t]*(?=\r?\n|$))*/y;
  blank.lastIndex = end;
  blank.test(text);
  return blank.lastIndex;
}

/** A byte order mark at the beginning stays. */
function keptMark(text: string, start: number): number {
  return start === 0 && text.startsWith('\uFEFF') ? 1 : start;
}
