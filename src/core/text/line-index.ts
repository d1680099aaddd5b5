/** Zero-based line, and character in UTF-16 units, as editors count them. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

/** The offset at which each line of a text begins; line ends are LF, CRLF and lone CR. */
export interface LineIndex {
  readonly starts: readonly number[];
  readonly length: number;
}

const LF = 10;
const CR = 13;

export function lineIndex(text: string): LineIndex {
  const starts = [0];
  for (let offset = 0; offset < text.length; offset++) {
    const code = text.charCodeAt(offset);
    if (code === LF || (code === CR && text.charCodeAt(offset + 1) !== LF)) starts.push(offset + 1);
  }
  return { starts, length: text.length };
}

/** The zero-based line that holds `offset`. */
export function lineAt(index: LineIndex, offset: number): number {
  let low = 0;
  let high = index.starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((index.starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The position of an offset; one outside the text is clamped to its ends. */
export function positionAt(index: LineIndex, offset: number): Position {
  const clamped = Math.min(Math.max(offset, 0), index.length);
  const line = lineAt(index, clamped);
  return { line, character: clamped - (index.starts[line] ?? 0) };
}
