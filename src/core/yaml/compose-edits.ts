import type { TextEdit } from '../text/edit.ts';

/** A run of the original text, or a text that an edit brought. */
type Piece =
  | { readonly kind: 'kept'; readonly start: number; readonly end: number }
  | { readonly kind: 'new'; readonly text: string };

function lengthOf(piece: Piece): number {
  return piece.kind === 'kept' ? piece.end - piece.start : piece.text.length;
}

/** A piece without what lies outside `from` and `to`, which count from its own beginning. */
function cut(piece: Piece, from: number, to: number): readonly Piece[] {
  if (to <= from) return [];
  if (piece.kind === 'new') return [{ kind: 'new', text: piece.text.slice(from, to) }];
  return [{ kind: 'kept', start: piece.start + from, end: piece.start + to }];
}

/** The pieces between two offsets of the text that they make. */
function between(pieces: readonly Piece[], from: number, to: number): readonly Piece[] {
  const found: Piece[] = [];
  let at = 0;
  for (const piece of pieces) {
    const length = lengthOf(piece);
    found.push(...cut(piece, Math.max(from - at, 0), Math.min(to - at, length)));
    at += length;
  }
  return found;
}

/**
 * One list of edits that does what several do one after the other, each in offsets of the text that the one before it
 * made. The edits within a list are sorted and apart.
 */
export function composeEdits(
  text: string,
  steps: readonly (readonly TextEdit[])[],
): { readonly text: string; readonly edits: readonly TextEdit[] } {
  let pieces: readonly Piece[] = [{ kind: 'kept', start: 0, end: text.length }];
  for (const edits of steps) {
    for (const { span, newText } of edits.toReversed()) {
      const whole = pieces.reduce((sum, piece) => sum + lengthOf(piece), 0);
      pieces = [
        ...between(pieces, 0, span.start),
        ...(newText === '' ? [] : [{ kind: 'new', text: newText } as const]),
        ...between(pieces, span.end, whole),
      ];
    }
  }
  return {
    text: pieces.map((piece) => (piece.kind === 'kept' ? text.slice(piece.start, piece.end) : piece.text)).join(''),
    edits: editsOf(pieces, text.length),
  };
}

function editsOf(pieces: readonly Piece[], length: number): readonly TextEdit[] {
  const edits: TextEdit[] = [];
  let done = 0;
  let newText = '';
  const end: Piece = { kind: 'kept', start: length, end: length };
  for (const piece of [...pieces, end]) {
    if (piece.kind === 'new') {
      newText += piece.text;
      continue;
    }
    if (newText !== '' || piece.start > done) edits.push({ span: { start: done, end: piece.start }, newText });
    newText = '';
    done = piece.end;
  }
  return edits;
}
