import { lineBreak, lineStart } from '../text/lines.ts';
import type { YamlDocument, YamlMapping, YamlNode } from './node.ts';
import { walk } from './read.ts';
import type { Habits } from './write.ts';

const known = new WeakMap<YamlDocument, Habits>();

/** How the document is written: from the first place that shows it. Read once for a document. */
export function habitsOf(document: YamlDocument): Habits {
  const habits = known.get(document) ?? readHabits(document);
  known.set(document, habits);
  return habits;
}

function readHabits(document: YamlDocument): Habits {
  const { text, root } = document;
  let step: number | undefined;
  let dash: number | undefined;
  let quote: Habits['quote'] | undefined;
  for (const { node, pair } of walk(document)) {
    if (node?.kind === 'scalar' && (node.style === 'single' || node.style === 'double')) quote ??= node.style;
    if (pair === undefined || node === null || !isBlock(node)) continue;
    const deeper = columnOf(text, node.span.start) - columnOf(text, pair.key.span.start);
    if (node.kind === 'mapping' && deeper > 0) step ??= deeper;
    if (node.kind === 'sequence' && deeper >= 0) dash ??= deeper;
  }
  return {
    lineBreak: lineBreak(text),
    step: step ?? 2,
    dash: dash ?? step ?? 2,
    quote: quote ?? 'double',
    json: isJson(root),
    padded: /\{ \S/.test(text),
  };
}

/** The habits inside one mapping: its own children show best how the next one is indented. */
export function habitsIn(mapping: YamlMapping, document: YamlDocument): Habits {
  const habits = habitsOf(document);
  const shown = mapping.flow
    ? undefined
    : mapping.pairs.find(({ value }) => value?.kind === 'sequence' && isBlock(value));
  if (shown?.value === undefined || shown.value === null) return habits;
  const dash = columnOf(document.text, shown.value.span.start) - columnOf(document.text, shown.key.span.start);
  return dash < 0 ? habits : { ...habits, dash };
}

function isBlock(node: YamlNode): boolean {
  return (node.kind === 'mapping' || node.kind === 'sequence') && !node.flow;
}

function isJson(root: YamlNode | null): boolean {
  if (root?.kind === 'sequence') return root.flow && isJson(root.items[0] ?? null);
  return root?.kind === 'mapping' && root.flow && root.pairs[0]?.key.style === 'double';
}

/** The column of an offset, from 0; a byte order mark takes none. */
export function columnOf(text: string, at: number): number {
  const start = lineStart(text, at);
  return at - start - (start === 0 && text.startsWith('\uFEFF') ? 1 : 0);
}
