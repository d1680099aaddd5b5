import { insert, remove, replace, type TextEdit } from '../text/edit.ts';
import { type MappedText, toSourceSpan } from '../text/mapped-text.ts';
import type { Span } from '../text/span.ts';

/** What keeps a text from being a JSON array of strings. */
export type JsonFlaw =
  | 'singleQuotes'
  | 'curlyQuotes'
  | 'bareWord'
  | 'missingComma'
  | 'extraComma'
  | 'missingBracket'
  | 'badEscape'
  | 'unclosed'
  | 'noComma'
  | 'trailing';

export interface JsonRepair {
  /** The first flaw, and where it is, in the document's offsets. */
  readonly flaw: JsonFlaw;
  readonly span: Span;
  /** What makes it an array of the strings that are meant; undefined where that is a guess. */
  readonly edits: readonly TextEdit[] | undefined;
}

interface Reader {
  readonly mapped: MappedText;
  readonly text: string;
  at: number;
  readonly flaws: { readonly flaw: JsonFlaw; readonly span: Span }[];
  readonly edits: TextEdit[];
  guess: boolean;
}

const closing: Readonly<Record<string, string>> = { '"': '"', "'": "'", '“': '”', '”': '”', '‘': '’', '’': '’' };

/**
 * Reads a text that was meant to be a JSON array of strings: with other quotes, commas missing or one too many, without its
 * bracket. Undefined where it is none: a `[` that is a test of the shell, or a pattern of file names.
 */
export function repairJsonArray(mapped: MappedText): JsonRepair | undefined {
  const reader: Reader = { mapped, text: mapped.text.trimEnd(), at: 1, flaws: [], edits: [], guess: false };
  if (!reader.text.startsWith('[')) return undefined;
  let quoted = 0;
  let bare = 0;
  let commas = 0;
  let sinceComma = true;
  let lastComma: number | undefined;
  let wordEnd = 0;
  let closed = false;
  for (skip(reader); reader.at < reader.text.length; skip(reader)) {
    const start = reader.at;
    const character = reader.text[start] ?? '';
    if (character === ']') {
      reader.at++;
      closed = true;
      break;
    }
    if (character === ',') {
      reader.at++;
      commas++;
      if (sinceComma) fault(reader, 'extraComma', start, reader.at, (span) => remove(span));
      else lastComma = start;
      sinceComma = true;
      continue;
    }
    const before = reader.at;
    const isQuoted = character in closing;
    if (isQuoted ? !quotedWord(reader) : !bareWord(reader)) return garbled(reader, before, commas);
    if (!sinceComma) {
      // Two words side by side are a shell's, unless both are quoted.
      if (!isQuoted || bare > 0) return garbled(reader, before, commas);
      fault(reader, 'missingComma', before, reader.at);
      const { end } = toSourceSpan(mapped, { start: wordEnd - 1, end: wordEnd });
      reader.edits.push(insert(end, wordEnd === before ? ', ' : ','));
      // `'it''s'` is one word to a shell.
      if (wordEnd === before) reader.guess = true;
    }
    if (isQuoted) quoted++;
    else bare++;
    wordEnd = reader.at;
    sinceComma = false;
    lastComma = undefined;
  }
  if (quoted + bare === 0 || (quoted === 0 && commas === 0)) return undefined;
  if (lastComma !== undefined) fault(reader, 'extraComma', lastComma, lastComma + 1, (span) => remove(span));
  if (!closed) {
    const { span } = fault(reader, 'missingBracket', Math.max(reader.text.length - 1, 0), reader.text.length);
    reader.edits.push(insert(span.end, ']'));
    // `["a",` at the end of a line may go on in the next one, for which a backslash is missing.
    if (lastComma !== undefined) reader.guess = true;
  } else if (reader.text.slice(reader.at).trim() !== '') {
    skip(reader);
    const rest = reader.text.slice(reader.at);
    if (commas === 0 && /^(?:&&|\|\||;|\||>|<|&)/.test(rest)) return undefined;
    fault(reader, 'trailing', reader.at, reader.text.length);
    reader.guess = true;
  }
  const [first] = reader.flaws.toSorted((a, b) => a.span.start - b.span.start);
  return first && { ...first, edits: reader.guess ? undefined : reader.edits };
}

/** Where something stands that no repair is known for: no test of a shell has a quote right behind its bracket, or a comma. */
function garbled(reader: Reader, at: number, commas: number): JsonRepair | undefined {
  if (commas === 0 && !/^\[["'“]/.test(reader.text)) return undefined;
  return { flaw: 'noComma', span: toSourceSpan(reader.mapped, { start: at, end: at + 1 }), edits: undefined };
}

function skip(reader: Reader): void {
  while (/\s/.test(reader.text[reader.at] ?? '')) reader.at++;
}

function fault(
  reader: Reader,
  flaw: JsonFlaw,
  start: number,
  end: number,
  edit?: (span: Span) => TextEdit,
): { readonly span: Span } {
  const span = toSourceSpan(reader.mapped, { start, end });
  reader.flaws.push({ flaw, span });
  if (edit) reader.edits.push(edit(span));
  return { span };
}

/** A word in quotes of any kind. False where they are never closed. */
function quotedWord(reader: Reader): boolean {
  const { text } = reader;
  const start = reader.at;
  const quote = text[start] ?? '';
  const close = closing[quote] ?? quote;
  let at = start + 1;
  for (; at < text.length && text[at] !== close; at++) {
    if (text[at] !== '\\') continue;
    if (quote === '"' && !/["\\/bfnrtu]/.test(text[at + 1] ?? ''))
      fault(reader, 'badEscape', at, at + 1, (span) => insert(span.start, '\\'));
    else at++;
  }
  if (at >= text.length) {
    fault(reader, 'unclosed', start, text.length);
    reader.guess = true;
    reader.at = text.length;
    return /[",]/.test(text.slice(0, start)) || start === 1;
  }
  reader.at = at + 1;
  if (quote === '"') return true;
  const inside = text.slice(start + 1, at);
  // Backslashes in single quotes may have been meant either way.
  if (inside.includes('\\') || inside.includes('\n')) reader.guess = true;
  fault(reader, quote === "'" ? 'singleQuotes' : 'curlyQuotes', start, reader.at, (span) =>
    replace(span, JSON.stringify(inside)),
  );
  return true;
}

/** A word without quotes, of characters that need none in a shell. */
function bareWord(reader: Reader): boolean {
  const start = reader.at;
  const word = /^[\w./:@%+=-]+/.exec(reader.text.slice(start))?.[0];
  if (word === undefined || /^[=!]/.test(word)) return false;
  reader.at += word.length;
  fault(reader, 'bareWord', start, reader.at, (span) => replace(span, JSON.stringify(word)));
  return true;
}
