import { replace, type TextEdit } from '../text/edit.ts';
import { lineEnd, lineStart } from '../text/lines.ts';
import { containsSpan, type Span } from '../text/span.ts';
import { columnOf } from './habits.ts';
import type { YamlDocument, YamlMapping, YamlSequence } from './node.ts';
import { dashOf, endOfLine, lastScalar } from './patch-block.ts';
import { membersOf } from './patch-flow.ts';
import { walk } from './read.ts';

type Collection = YamlMapping | YamlSequence;

/**
 * Brings the entries of a collection into another order; `order` names them by their places now. Whole blocks move with the
 * comments that belong to them, and blank lines stay. Undefined where that is not certain: a comment that stands by itself,
 * the head of a file, an alias that would come before its anchor, a key that is there twice.
 */
export function orderEntries(
  document: YamlDocument,
  collection: Collection,
  order: readonly number[],
): readonly TextEdit[] | undefined {
  const { text } = document;
  if (collection.open || hasTwins(collection)) return undefined;
  const spans = collection.flow
    ? flowEntries(document, collection)
    : blockEntries(text, collection, order[0] !== 0, order.at(-1) !== order.length - 1);
  if (spans === undefined || spans.length !== order.length || dependOnOrder(document, spans)) return undefined;
  return order.flatMap((from, at) => {
    const [old, moved] = [spans[at], spans[from]];
    return from === at || old === undefined || moved === undefined
      ? []
      : [replace(old, text.slice(moved.start, moved.end))];
  });
}

function hasTwins(collection: Collection): boolean {
  if (collection.kind === 'sequence') return false;
  return new Set(collection.pairs.map(({ key }) => key.text)).size < collection.pairs.length;
}

function flowEntries({ comments }: YamlDocument, collection: Collection): readonly Span[] | undefined {
  return comments.some(({ span }) => containsSpan(collection.span, span)) ? undefined : membersOf(collection);
}

/** Where each entry begins and where its value ends. */
function contents(text: string, collection: Collection): readonly Span[] | undefined {
  const found: Span[] = [];
  const entries = collection.kind === 'mapping' ? collection.pairs : collection.items;
  for (const at of entries.keys()) {
    const pair = collection.kind === 'mapping' ? collection.pairs[at] : undefined;
    const item = collection.kind === 'sequence' ? collection.items[at] : undefined;
    const start = collection.kind === 'sequence' ? dashOf(collection, at, text) : pair?.key.span.start;
    if (start === undefined || text.slice(lineStart(text, start), start).trim() !== '') return undefined;
    const block = lastScalar(pair?.value ?? item);
    // What a `|+` keeps would go to another text.
    if (block !== undefined && /^[|>][1-9]?\+/.test(text.slice(block.start))) return undefined;
    const end = pair?.span.end ?? item?.span.end ?? start + 1;
    const trimmed = end - (/[\s\uFEFF]*$/.exec(text.slice(start, end))?.[0].length ?? 0);
    found.push({ start, end: endOfLine(text, trimmed) });
  }
  return found;
}

/** Each entry with the comments above it, and with those below it that are further in. */
function blockEntries(
  text: string,
  collection: Collection,
  firstMoves: boolean,
  lastMoves: boolean,
): readonly Span[] | undefined {
  const spans = contents(text, collection);
  const [first, last] = [spans?.[0], spans?.at(-1)];
  if (spans === undefined || first === undefined || last === undefined) return undefined;
  const column = columnOf(text, first.start);
  const begin = firstLead(text, first.start, column);
  const headOfFile = begin < lineStart(text, first.start) && /^\uFEFF?(?:---.*\r?\n)?$/.test(text.slice(0, begin));
  const strange = begin > 0 && columnOfComment(text, lineStart(text, begin - 1)) !== undefined;
  if (firstMoves && (headOfFile || strange)) return undefined;
  const blocks: Span[] = [];
  let start = begin;
  for (const [at, { end }] of spans.entries()) {
    const next = spans[at + 1];
    const until = next === undefined ? text.length : lineStart(text, next.start);
    const tail = endOfTail(text, end, until, column);
    blocks.push({ start, end: tail });
    const lead = next === undefined ? undefined : firstLead(text, next.start, column);
    if (lead === undefined) {
      if (lastMoves && columnOfComment(text, lineEnd(text, tail)) === column) return undefined;
    } else if (lead < tail || text.slice(tail, lead).trim() !== '') return undefined;
    else start = lead;
  }
  return blocks;
}

/** The column of the comment that is alone on the line from `start` on; undefined for another line. */
function columnOfComment(text: string, start: number): number | undefined {
  return /^[ \t]*(?=#)/.exec(text.slice(start, lineEnd(text, start)))?.[0].length;
}

/** Where the lines of comments begin that stand right above an entry, as far in as it is. */
function firstLead(text: string, at: number, column: number): number {
  let start = lineStart(text, at);
  while (start > 0) {
    const above = lineStart(text, start - 1);
    if (columnOfComment(text, above) !== column) break;
    start = above;
  }
  return start === 0 && text.startsWith('\uFEFF') ? 1 : start;
}

/** The end of an entry with the comments below it that are further in, such as keys that were commented out. */
function endOfTail(text: string, end: number, until: number, column: number): number {
  let tail = end;
  for (let line = lineEnd(text, end); line < until; line = lineEnd(text, line)) {
    const own = columnOfComment(text, line);
    if (own !== undefined && own > column) tail = endOfLine(text, line);
    else if (text.slice(line, lineEnd(text, line)).trim() !== '') break;
  }
  return tail;
}

/** Whether an alias has its anchor in another entry, or two entries give one anchor. */
function dependOnOrder(document: YamlDocument, spans: readonly Span[]): boolean {
  const entryOf = (span: Span) => spans.findIndex((entry) => containsSpan(entry, span));
  const anchors = new Map<string, number>();
  const aliases: { readonly name: string; readonly entry: number }[] = [];
  for (const { node, pair } of walk(document)) {
    for (const part of [pair?.key, node]) {
      if (part === undefined || part === null) continue;
      const entry = entryOf(part.span);
      if (entry < 0) continue;
      if (part.kind === 'alias') aliases.push({ name: part.name, entry });
      else if (part.anchor !== undefined) {
        if ((anchors.get(part.anchor) ?? entry) !== entry) return true;
        anchors.set(part.anchor, entry);
      }
    }
  }
  return aliases.some(({ name, entry }) => (anchors.get(name) ?? entry) !== entry);
}
