import type { Span } from './span.ts';

/** Where the line that holds `offset` begins. */
export function lineStart(text: string, offset: number): number {
  return offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
}

/** Where the line after the one that holds `offset` begins, or the end of the text. */
export function lineEnd(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return end < 0 ? text.length : end + 1;
}

/** The line end that a text uses first. */
export function lineBreak(text: string): '\r\n' | '\n' {
  return text[text.indexOf('\n') - 1] === '\r' ? '\r\n' : '\n';
}

/** The first line from `from` on that is neither blank nor a `#` comment; empty at the end of the text where there is none. */
export function nextContentLine(text: string, from: number): Span {
  let start = from;
  while (start < text.length) {
    const end = lineEnd(text, start);
    if (!/^\s*(#|$)/.test(text.slice(start, end))) return { start, end };
    start = end;
  }
  return { start, end: start };
}
