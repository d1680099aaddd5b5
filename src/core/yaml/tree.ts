import { isAlias, isMap, isPair, isScalar, isSeq, type Scalar } from 'yaml';
import { lineStart } from '../text/lines.ts';
import type { Span } from '../text/span.ts';
import type { YamlAlias, YamlMapping, YamlNode, YamlPair, YamlProblem, YamlScalar, YamlSequence } from './node.ts';
import { lastAtOrBefore } from './search.ts';
import type { ActionLines } from './template.ts';

/** Deeper nodes are left out: no manifest has them, and everything above may walk a tree by recursion. */
const deepest = 200;
/** Nodes that a document may stand for once its aliases are followed. */
const mostNodes = 1_000_000;

/** A tree that is being made; nobody else has seen it. */
export type Making<T> = { -readonly [Key in keyof T]: T[Key] };

export interface Tree {
  readonly root: YamlNode | null;
  readonly problems: readonly YamlProblem[];
  /** The text of every scalar with the blank lines that belong to it, in order: no comments are in there. */
  readonly texts: readonly ScalarText[];
}

export interface ScalarText {
  readonly span: Span;
  readonly block: boolean;
}

interface Reading {
  /** What the parser read: as long as the document. */
  readonly text: string;
  readonly problems: YamlProblem[];
  readonly texts: ScalarText[];
  readonly anchors: Map<string, Anchored>;
  /** Where something in a scalar was covered, in order. */
  readonly covered: readonly Span[];
  /** Lines of template actions, in order. */
  readonly lines: readonly ActionLines[];
}

interface Anchored {
  /** Undefined while it is still being read: an alias in there would hold itself. */
  node: Exclude<YamlNode, YamlAlias> | undefined;
  weight: number;
}

/** A node and how many it stands for, aliases followed. */
interface Converted {
  readonly node: YamlNode | null;
  readonly weight: number;
}

const nothing: Converted = { node: null, weight: 1 };

const styles: { readonly [Type in Scalar.Type]: YamlScalar['style'] } = {
  PLAIN: 'plain',
  QUOTE_SINGLE: 'single',
  QUOTE_DOUBLE: 'double',
  BLOCK_LITERAL: 'literal',
  BLOCK_FOLDED: 'folded',
};

/**
 * Turns the parser's nodes into ours. `covered` are the sorted spans of what is unknown; `lines` those that template actions
 * fill alone.
 */
export function readTree(
  contents: unknown,
  text: string,
  covered: readonly Span[],
  lines: readonly ActionLines[],
): Tree {
  const reading: Reading = { text, problems: [], texts: [], anchors: new Map(), covered, lines };
  const { node } = convert(contents, reading, 0);
  const texts = reading.texts.toSorted((a, b) => a.span.start - b.span.start);
  return { root: node, problems: reading.problems, texts };
}

function convert(node: unknown, reading: Reading, depth: number): Converted {
  if (isScalar(node)) return convertScalar(node, reading);
  if (isAlias(node)) return convertAlias(node.source, rangeOf(node), reading);
  if (!isMap(node) && !isSeq(node)) return nothing;
  const range = rangeOf(node);
  if (depth >= deepest) {
    const span = { start: range.start, end: Math.min(range.start + 1, range.end) };
    reading.problems.push({ code: 'too-deep', message: 'This is nested too deeply to be read', span });
    return nothing;
  }
  const anchored = node.anchor === undefined ? undefined : beginAnchor(node.anchor, reading);
  const properties = { ...(node.anchor === undefined ? {} : { anchor: node.anchor }), ...tagOf(node.tag) };
  const converted = isMap(node)
    ? convertMapping(node.items, range, node.flow === true, properties, reading, depth)
    : convertSequence(node.items, range, node.flow === true, properties, reading, depth);
  if (anchored !== undefined && converted.node?.kind !== 'alias') {
    anchored.node = converted.node ?? undefined;
    anchored.weight = converted.weight;
  }
  return converted;
}

interface Properties {
  readonly anchor?: string;
  readonly tag?: string;
}

function tagOf(tag: string | undefined): Properties {
  return tag === undefined ? {} : { tag: tag.replace(/^tag:yaml\.org,2002:/, '!!') };
}

function beginAnchor(name: string, reading: Reading): Anchored {
  const anchored: Anchored = { node: undefined, weight: 1 };
  reading.anchors.set(name, anchored);
  return anchored;
}

function rangeOf(node: { readonly range?: readonly number[] | null | undefined }): Span {
  const start = node.range?.[0] ?? 0;
  return { start, end: node.range?.[1] ?? start };
}

function convertScalar(node: Scalar, reading: Reading): Converted {
  const found = rangeOf(node);
  // Nothing but an anchor or a tag: its place is right behind them.
  const range = found.start === found.end ? emptyAt(trimmed(reading.text, { start: 0, end: found.end }).end) : found;
  const style = styles[node.type ?? 'PLAIN'];
  const text = node.source ?? '';
  const empty = range.start === range.end && style === 'plain';
  if (empty && node.anchor === undefined && node.tag === undefined) return nothing;
  const block = style === 'literal' || style === 'folded';
  const span = block ? trimmed(reading.text, range) : range;
  const written = block ? writtenBehind(reading, span) : { end: span.end, unknown: false };
  if (!empty) reading.texts.push({ span: { start: span.start, end: Math.max(range.end, written.end) }, block });
  const scalar: YamlScalar = {
    kind: 'scalar',
    span,
    style,
    text,
    unknown: written.unknown || touches(reading.covered, span),
    ...(node.anchor === undefined ? {} : { anchor: node.anchor }),
    ...tagOf(node.tag),
  };
  if (node.anchor !== undefined) beginAnchor(node.anchor, reading).node = scalar;
  return { node: scalar, weight: 1 };
}

/** Where a block scalar ends once the actions on the lines below it are counted, and whether they write any of it. */
function writtenBehind({ text, lines }: Reading, span: Span): { readonly end: number; readonly unknown: boolean } {
  let { end } = span;
  let unknown = false;
  if (lines.length === 0) return { end, unknown };
  const column = /^ */.exec(text.slice(lineStart(text, span.start), span.start))?.[0].length ?? 0;
  let next = lastAtOrBefore(lines.length, (index) => lines[index]?.span.start ?? 0, end - 1) + 1;
  for (let line = lines[next]; line !== undefined; line = lines[++next]) {
    const blank = /[ \t\r\n]*/y;
    blank.lastIndex = end;
    blank.test(text);
    if ((line.writes && line.indent <= column) || blank.lastIndex < line.span.start) break;
    end = line.span.end;
    unknown ||= line.writes;
  }
  return { end, unknown };
}

function trimmed(text: string, { start, end }: Span): Span {
  let last = end;
  while (last > start && /[ \t\r\n]/.test(text[last - 1] ?? '')) last--;
  return { start, end: last };
}

/** Whether one of the sorted spans shares a character with `range`. */
function touches(spans: readonly Span[], range: Span): boolean {
  const before = lastAtOrBefore(spans.length, (index) => spans[index]?.start ?? 0, range.end - 1);
  return (spans[before]?.end ?? 0) > range.start;
}

function convertAlias(name: string, span: Span, reading: Reading): Converted {
  const anchored = reading.anchors.get(name);
  const tooMany = anchored !== undefined && anchored.weight > mostNodes;
  const target = tooMany ? undefined : anchored?.node;
  if (target === undefined && name !== '') {
    const [code, message] = tooMany
      ? ['alias-bomb', `\`*${name}\` stands for more than a million values`]
      : anchored === undefined
        ? ['unknown-alias', `There is no anchor \`&${name}\` before this alias`]
        : ['alias-in-itself', `\`*${name}\` stands inside the value that it repeats`];
    reading.problems.push({ code, message, span });
  }
  const alias: YamlAlias = { kind: 'alias', span, name, target };
  return { node: alias, weight: target === undefined ? 1 : (anchored?.weight ?? 1) };
}

function convertMapping(
  items: readonly unknown[],
  range: Span,
  flow: boolean,
  properties: Properties,
  reading: Reading,
  depth: number,
): Converted {
  const pairs: YamlPair[] = [];
  let weight = 1;
  let open = false;
  for (const item of items) {
    if (!isPair(item)) continue;
    const key = convertKey(item.key, reading, depth);
    const value = convert(item.value, reading, depth + 1);
    weight += key.weight + value.weight;
    if (key.key.unknown) open = true;
    const end = value.node === null ? colonEnd(reading.text, key.key.span.end, range.end) : value.node.span.end;
    const span = around(
      { start: key.key.span.start, end: Math.max(end, key.key.span.end) },
      value.node ? [value.node.span] : [],
    );
    pairs.push({ key: key.key, value: value.node, span });
  }
  const mapping: YamlMapping = {
    kind: 'mapping',
    span: around(
      flow ? range : (pairs[0]?.span ?? range),
      pairs.map((pair) => pair.span),
    ),
    flow,
    pairs,
    open,
    ...properties,
  };
  return { node: mapping, weight };
}

function convertSequence(
  items: readonly unknown[],
  range: Span,
  flow: boolean,
  properties: Properties,
  reading: Reading,
  depth: number,
): Converted {
  let weight = 1;
  let lastDash = range.start + 1;
  const nodes: (YamlNode | null)[] = [];
  for (const item of items) {
    const converted = convert(item, reading, depth + 1);
    weight += converted.weight;
    nodes.push(converted.node);
    lastDash = converted.node?.span.end ?? Math.max(lastDash, isScalar(item) ? rangeOf(item).start : lastDash);
  }
  const end = flow ? range.end : Math.max(Math.min(lastDash, range.end), range.start);
  const sequence: YamlSequence = {
    kind: 'sequence',
    span: around(
      trimmed(reading.text, { start: range.start, end }),
      nodes.flatMap((node) => (node === null ? [] : [node.span])),
    ),
    flow,
    items: nodes,
    open: false,
    ...properties,
  };
  return { node: sequence, weight };
}

/** A span and all that is in it: what is broken may reach further than what holds it. */
function around(range: Span, parts: readonly Span[]): Span {
  let { start, end } = range;
  for (const part of parts) {
    start = Math.min(start, part.start);
    end = Math.max(end, part.end);
  }
  return { start, end };
}

/** A value may be missing where its `:` is there: the pair then ends behind it. */
function colonEnd(text: string, keyEnd: number, limit: number): number {
  const colon = /[ \t]*:/y;
  colon.lastIndex = keyEnd;
  return colon.test(text) && colon.lastIndex <= Math.max(limit, keyEnd) ? colon.lastIndex : keyEnd;
}

/** A key of ours is always a scalar: an alias gives its target's text, a collection its source. */
function convertKey(
  node: unknown,
  reading: Reading,
  depth: number,
): { readonly key: YamlScalar; readonly weight: number } {
  const { node: key, weight } = convert(node, reading, depth + 1);
  if (key?.kind === 'scalar') return { key, weight };
  const target = key?.kind === 'alias' ? key.target : undefined;
  const span = key?.span ?? emptyAt(isScalar(node) ? rangeOf(node).start : 0);
  if (target?.kind === 'scalar') return { key: { ...bare(target), span }, weight };
  if (key !== null) reading.problems.push({ code: 'complex-key', message: 'A key has to be a plain text here', span });
  const text = reading.text.slice(span.start, span.end);
  return { key: { kind: 'scalar', span, style: 'plain', text, unknown: touches(reading.covered, span) }, weight };
}

function bare({ kind, span, style, text, unknown }: YamlScalar): YamlScalar {
  return { kind, span, style, text, unknown };
}

function emptyAt(at: number): Span {
  return { start: at, end: at };
}
