import { lineStart } from '../text/lines.ts';
import type { YamlMapping, YamlNode, YamlPair, YamlSequence } from './node.ts';
import { lastAtOrBefore } from './search.ts';
import type { ActionLines } from './template.ts';
import type { Making } from './tree.ts';

type Container = YamlMapping | YamlSequence;

/** A block collection that lines at `column` could go on with. */
interface Level {
  readonly node: Container;
  readonly column: number;
}

/**
 * Marks what the lines of template actions (or lines that could not be read) may add to: the collection at their
 * indentation is open, a key without a value right before them has an unknown one. `lines` are in order.
 */
export function openAround(root: YamlNode | null, text: string, lines: readonly ActionLines[]): YamlNode | null {
  let top = root;
  let next = -1;
  for (const line of lines) {
    if (!line.writes) continue;
    if (top === null) {
      top = unknownScalar(line);
      continue;
    }
    const before = levelsAt(top, text, line.span.start);
    if (next < line.span.end) next = nextContent(text, line.span.end);
    const after = levelsAt(top, text, next);
    let found = false;
    for (const { node, column } of [...before, ...after]) {
      if (column !== line.indent) continue;
      open(node);
      found = true;
      // A list may stand at the column of its key.
      fill(lastBefore(node, line.span.start), line);
    }
    if (found) continue;
    const holder = before.findLast(({ column }) => column < line.indent) ?? before[0];
    if (holder === undefined) continue;
    if (!fill(lastBefore(holder.node, line.span.start), line)) open(holder.node);
  }
  return top;
}

/** Gives a pair without a value an unknown one. */
function fill(pair: YamlPair | undefined, line: ActionLines): boolean {
  if (pair === undefined || pair.value !== null) return false;
  const filled: Making<YamlPair> = pair;
  filled.value = unknownScalar({ ...line, span: { start: pair.span.end, end: pair.span.end } });
  return true;
}

function unknownScalar(line: ActionLines): YamlNode {
  return { kind: 'scalar', span: line.span, style: 'plain', text: '', unknown: true };
}

function open(node: Container): void {
  const opened: Making<Container> = node;
  opened.open = true;
}

/** The first character behind `from` that is neither blank nor comment. */
function nextContent(text: string, from: number): number {
  const skip = /(?:\s|(?<=\s)#.*)*/y;
  skip.lastIndex = from;
  skip.test(text);
  return skip.lastIndex;
}

/** The pair at or before `at`, with the lines that would continue it. */
function lastBefore(node: Container, at: number): YamlPair | undefined {
  if (node.kind !== 'mapping') return undefined;
  return node.pairs[lastAtOrBefore(node.pairs.length, (index) => node.pairs[index]?.span.start ?? 0, at)];
}

/** The block collections that are being written at `at`, from the root down. */
function levelsAt(root: YamlNode, text: string, at: number): readonly Level[] {
  const levels: Level[] = [];
  let node: YamlNode | null | undefined = root;
  while (node && (node.kind === 'mapping' || node.kind === 'sequence') && node.span.start <= at) {
    if (node.flow) {
      if (at < node.span.end) open(node);
      break;
    }
    levels.push({ node, column: node.span.start - lineStart(text, node.span.start) });
    if (node.kind === 'mapping') node = lastBefore(node, at)?.value;
    else node = itemBefore(node.items, at);
  }
  return levels;
}

/** The item at or before `at`; one without a value counts as where the one before it is. */
function itemBefore(items: YamlSequence['items'], at: number): YamlNode | null | undefined {
  const placeOf = (index: number): number => {
    for (let item = index; item >= 0; item--) {
      const start = items[item]?.span.start;
      if (start !== undefined) return start;
    }
    return 0;
  };
  return items[lastAtOrBefore(items.length, placeOf, at)];
}
