import { lineStart } from '../text/lines.ts';
import type { YamlMapping, YamlNode, YamlPair, YamlSequence } from './node.ts';
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
 * indentation is open, a key without a value right before them has an unknown one.
 */
export function openAround(root: YamlNode | null, text: string, lines: readonly ActionLines[]): YamlNode | null {
  let top = root;
  for (const line of lines) {
    if (!line.writes) continue;
    if (top === null) {
      top = unknownScalar(line);
      continue;
    }
    const before = levelsAt(top, text, line.span.start);
    const after = levelsAt(top, text, nextContent(text, line.span.end));
    let found = false;
    for (const { node, column } of [...before, ...after]) {
      if (column !== line.indent) continue;
      open(node);
      found = true;
    }
    if (found) continue;
    const holder = before.findLast(({ column }) => column < line.indent) ?? before[0];
    if (holder === undefined) continue;
    const last = lastBefore(holder.node, line.span.start);
    if (last?.value === null) {
      const filled: Making<YamlPair> = last;
      filled.value = unknownScalar({ ...line, span: { start: last.span.end, end: last.span.end } });
    } else open(holder.node);
  }
  return top;
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
  return node.kind === 'mapping' ? node.pairs[indexBefore(node.pairs, (pair) => pair.span.start, at)] : undefined;
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
    else node = node.items[indexBefore(node.items, (item) => item?.span.start ?? 0, at)];
  }
  return levels;
}

/** The last of the items, which are in order, that begins at or before `at`; -1 where there is none. */
function indexBefore<T>(items: readonly T[], startOf: (item: T) => number, at: number): number {
  let index = items.length - 1;
  while (index >= 0) {
    const item = items[index];
    if (item !== undefined && startOf(item) <= at) break;
    index--;
  }
  return index;
}
