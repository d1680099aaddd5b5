import { type Span, shiftSpan } from './span.ts';

/**
 * Replaces the text of `span` by `newText`. `placeholders` are spans inside `newText` that a person must still fill in:
 * the editor turns them into snippet stops, other readers leave them as they stand.
 */
export interface TextEdit {
  readonly span: Span;
  readonly newText: string;
  readonly placeholders?: readonly Span[];
}

export function replace(at: Span, newText: string): TextEdit {
  return { span: at, newText };
}

export function insert(at: number, newText: string): TextEdit {
  return { span: { start: at, end: at }, newText };
}

export function remove(at: Span): TextEdit {
  return { span: at, newText: '' };
}

export function shiftEdit(edit: TextEdit, by: number): TextEdit {
  return by === 0 ? edit : { ...edit, span: shiftSpan(edit.span, by) };
}

/** Edits ordered by their place in the text; those at one place keep their order. */
export function sortEdits(edits: readonly TextEdit[]): readonly TextEdit[] {
  if (edits.length < 2) return edits;
  return edits.toSorted((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
}

/** Whether two sorted edits would touch the same characters, so that one of them has to wait. */
export function conflict(edits: readonly TextEdit[]): boolean {
  return edits.some((edit, at) => {
    const next = edits[at + 1];
    return next !== undefined && next.span.start < edit.span.end;
  });
}

/**
 * Applies edits to a text. They are given in offsets of `text`, in any order.
 * @throws RangeError where two overlap or one lies outside the text: a defect of whoever made them.
 */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const sorted = sortEdits(edits);
  if (conflict(sorted)) throw new RangeError('edits overlap');
  let result = '';
  let done = 0;
  for (const { span, newText } of sorted) {
    if (span.start < 0 || span.end < span.start || span.end > text.length)
      throw new RangeError('edit outside the text');
    result += text.slice(done, span.start) + newText;
    done = span.end;
  }
  return result + text.slice(done);
}

/**
 * The edit cut down to what it changes: the common beginning and end of old and new text are left alone.
 * Keeps cursors and decorations of unchanged characters in place.
 */
export function minimalEdit(text: string, edit: TextEdit): TextEdit {
  const old = text.slice(edit.span.start, edit.span.end);
  const shorter = Math.min(old.length, edit.newText.length);
  let head = 0;
  while (head < shorter && old[head] === edit.newText[head]) head++;
  let tail = 0;
  while (tail < shorter - head && old[old.length - 1 - tail] === edit.newText[edit.newText.length - 1 - tail]) tail++;
  return {
    span: { start: edit.span.start + head, end: edit.span.end - tail },
    newText: edit.newText.slice(head, edit.newText.length - tail),
  };
}

/** A newText with `<angle bracket>` words turned into placeholders, for fixes that a person completes. */
export function withPlaceholders(edit: TextEdit): TextEdit {
  if (!edit.newText.includes('<')) return edit;
  const placeholders: Span[] = [];
  for (const match of edit.newText.matchAll(/<[a-z][a-z0-9 -]*>/g)) {
    placeholders.push({
      start: match.index,
      end: match.index + match[0].length,
    });
  }
  return placeholders.length === 0 ? edit : { ...edit, placeholders };
}
