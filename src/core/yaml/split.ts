import type { Span } from '../text/span.ts';

/**
 * The parts of a file, each one document: a part begins at a column-0 `---` line, after a `...` line, or at the comments
 * and directives that lead up to a `---`. They cover the file without gaps. Lines inside `hidden` (sorted spans, such as
 * template actions) are no markers. Always at least one part.
 */
export function splitYaml(text: string, hidden: readonly Span[]): readonly Span[] {
  const starts = [0];
  let hiddenAt = 0;
  let markersOnly = true;
  for (let at = nextMarker(text, 0); at < text.length; at = nextMarker(text, at + 3)) {
    while ((hidden[hiddenAt]?.end ?? Number.POSITIVE_INFINITY) <= at) hiddenAt++;
    if ((hidden[hiddenAt]?.start ?? at) < at) continue;
    const partStart = starts.at(-1) ?? 0;
    if (text[at] === '.') {
      const end = text.indexOf('\n', at);
      if (end >= 0 && end + 1 < text.length) starts.push(end + 1);
      markersOnly = true;
    } else if (markersOnly && isPrelude(text, partStart, at)) {
      // Its comments and directives stand before the marker.
      markersOnly = false;
    } else {
      starts.push(at);
      markersOnly = false;
    }
  }
  const last = starts.at(-1) ?? 0;
  // What follows the last `...` belongs to the document before it where it says nothing itself.
  if (starts.length > 1 && markersOnly && isPrelude(text, last, text.length)) starts.pop();
  return starts.map((start, at) => ({ start, end: starts[at + 1] ?? text.length }));
}

/** The next line from `from` on that is a marker, or the end of the text. */
function nextMarker(text: string, from: number): number {
  const byteOrderMark = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  if (from === 0 && isMarker(text, byteOrderMark)) return byteOrderMark;
  const dashes = nextLineWith(text, '\n---', from);
  const dots = nextLineWith(text.slice(0, dashes), '\n...', from);
  return Math.min(dashes, dots < Math.min(dashes, text.length) ? dots : text.length);
}

function nextLineWith(text: string, needle: string, from: number): number {
  let at = text.indexOf(needle, Math.max(from - 1, 0));
  while (at >= 0 && !isMarker(text, at + 1)) at = text.indexOf(needle, at + 1);
  return at < 0 ? text.length : at + 1;
}

function isMarker(text: string, at: number): boolean {
  const mark = text.slice(at, at + 3);
  if (mark !== '---' && mark !== '...') return false;
  const after = text[at + 3];
  return after === undefined || after === ' ' || after === '\t' || after === '\n' || after === '\r';
}

/** Whether there is nothing but blank lines, comments and directives. */
function isPrelude(text: string, start: number, end: number): boolean {
  return /^\uFEFF?(?:[ \t]*(?:#[^\n]*)?\r?\n|%[^\n]*\n)*[ \t]*(?:#[^\n]*)?$/.test(text.slice(start, end));
}
