import { lineStart } from '../text/lines.ts';
import type { YamlComment } from './node.ts';
import type { ScalarText } from './tree.ts';

/**
 * The comments of a document: every `#` at the beginning of a line or after a blank, unless a scalar holds it. The
 * header of a block scalar (`| # so`) may have one. `text` is searched, `source` gives the words, `texts` are in order.
 */
export function findComments(text: string, source: string, texts: readonly ScalarText[]): readonly YamlComment[] {
  const comments: YamlComment[] = [];
  let next = 0;
  for (let at = text.indexOf('#'); at >= 0; ) {
    while ((texts[next]?.span.end ?? Number.POSITIVE_INFINITY) <= at) next++;
    const holder = texts[next];
    const inside = holder !== undefined && holder.span.start <= at;
    const header = inside && holder.block && text.indexOf('\n', holder.span.start) > at;
    if (inside && !header) {
      at = text.indexOf('#', holder.span.end);
      continue;
    }
    if (!/[\s\uFEFF]/.test(text[at - 1] ?? '\n')) {
      at = text.indexOf('#', at + 1);
      continue;
    }
    const end = endOfComment(text, at);
    const before = text.slice(lineStart(text, at), at);
    comments.push({ span: { start: at, end }, text: source.slice(at, end), ownLine: /^\uFEFF?\s*$/.test(before) });
    at = text.indexOf('#', end);
  }
  return comments;
}

function endOfComment(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  if (end < 0) return text.length;
  return text[end - 1] === '\r' ? end - 1 : end;
}
