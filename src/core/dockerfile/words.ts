import type { MappedText } from '../text/mapped-text.ts';
import { toSourceSpan } from '../text/mapped-text.ts';
import type { Span } from '../text/span.ts';
import { expand } from './expansion.ts';
import type { Flag, Word } from './model.ts';

/** A flag in the offsets of its joined line; `equals` is the offset of the `=`, -1 where there is none. */
interface FlagText {
  readonly start: number;
  readonly end: number;
  readonly equals: number;
  /** Quotes and escapes taken off. */
  readonly text: string;
}

export interface CommandSplit {
  readonly keyword: Span;
  readonly flags: readonly FlagText[];
  /** Where the arguments begin. */
  readonly rest: number;
}

/** Blanks as Go's `unicode.IsSpace` has them: the next line control counts, the byte order mark does not. */
export function isBlank(character: string): boolean {
  const code = character.charCodeAt(0);
  if (code < 0x80) return code === 0x20 || (code >= 9 && code <= 13);
  return character !== '\ufeff' && /[\s\u0085]/.test(character);
}

/** Where a text begins behind the blanks before it. */
export function startOfText(text: string): number {
  let start = 0;
  while (start < text.length && isBlank(text.charAt(start))) start++;
  return start;
}

/** Where a text ends without the blanks behind it. */
export function endOfText(text: string): number {
  let end = text.length;
  while (end > 0 && isBlank(text.charAt(end - 1))) end--;
  return end;
}

/** Splits a joined line into keyword, flags and arguments. */
export function splitCommand(line: string): CommandSplit {
  const start = startOfText(line);
  const limit = Math.max(endOfText(line), start);
  let end = start;
  while (end < limit && !/[\t\v\f\r\n ]/.test(line.charAt(end))) end++;
  return { keyword: { start, end }, ...readFlags(line, end) };
}

function readFlags(line: string, from: number): Omit<CommandSplit, 'keyword'> {
  const flags: FlagText[] = [];
  let at = from;
  for (;;) {
    while (isBlank(line.charAt(at))) at++;
    if (!line.startsWith('--', at)) return { flags, rest: at };
    const flag = readFlag(line, at);
    at = flag.end;
    if (flag.text === '--') {
      while (isBlank(line.charAt(at))) at++;
      return { flags, rest: at };
    }
    flags.push(flag);
  }
}

function readFlag(line: string, start: number): FlagText {
  let text = '';
  let quote = '';
  let equals = -1;
  let at = start;
  for (; at < line.length; at++) {
    const character = line.charAt(at);
    if (quote === '' && isBlank(character)) break;
    if (character === quote) quote = '';
    else if (quote === '' && (character === '"' || character === "'")) quote = character;
    else if (character === '\\') {
      // Flags know the backslash alone, whatever the escape directive says.
      at++;
      text += line.charAt(at);
    } else {
      if (character === '=' && equals < 0) equals = at;
      text += character;
    }
  }
  return { start, end: Math.min(at, line.length), equals, text };
}

/** The flags with their spans in the document. */
export function locatedFlags(line: MappedText, flags: readonly FlagText[]): readonly Flag[] {
  return flags.map(({ start, end, equals, text }) => {
    const cut = text.indexOf('=');
    const nameEnd = equals < 0 ? end : equals;
    return {
      span: toSourceSpan(line, { start, end }),
      name: {
        value: text.slice(2, cut < 0 ? undefined : cut),
        span: toSourceSpan(line, { start: Math.min(start + 2, nameEnd), end: nameEnd }),
      },
      value: cut < 0 || equals < 0 ? undefined : { value: text.slice(cut + 1), span: valueSpan(line, equals + 1, end) },
    };
  });
}

function valueSpan(line: MappedText, start: number, end: number): Span {
  if (start < end) return toSourceSpan(line, { start, end });
  const at = toSourceSpan(line, { start: start - 1, end: start }).end;
  return { start: at, end: at };
}

/** Words between blanks, quotes or not: how FROM, EXPOSE, COPY, ADD and VOLUME are read. */
export function blankWords(text: string): readonly Span[] {
  return Array.from(text.matchAll(/[^\t\v\f\r\n ]+/g), (match) => ({
    start: match.index,
    end: match.index + match[0].length,
  }));
}

/** Words between blanks outside quotes: how ENV, LABEL and ARG are read. */
export function quotedWords(text: string, token: string): readonly Span[] {
  const words: Span[] = [];
  let start = -1;
  let quote = '';
  let at = 0;
  for (; at < text.length; at++) {
    const character = text.charAt(at);
    if (quote === '' && isBlank(character)) {
      if (start >= 0) words.push({ start, end: at });
      start = -1;
      continue;
    }
    if (start < 0) start = at;
    if (character === token && quote !== "'") at++;
    else if (quote === '' && (character === '"' || character === "'")) quote = character;
    else if (character === quote) quote = '';
  }
  if (start < 0) return words;
  // An escape as the last character stands for nothing.
  const end = at > text.length ? text.length - 1 : text.length;
  if (end > start) words.push({ start, end });
  return words;
}

/** A word of a mapped text, as written and as BuildKit would read it. */
export function makeWord(mapped: MappedText, at: Span, token: '\\' | '`'): Word {
  const text = mapped.text.slice(at.start, at.end);
  const span = toSourceSpan(mapped, at);
  if (!/['"\\`$]/.test(text)) return { span, text, value: text, constant: true };
  const expanded = expand(text, () => undefined, { escape: token, keepUnset: true });
  if (!expanded.ok) return { span, text, value: text, constant: !text.includes('$') };
  return { span, text, value: expanded.value, constant: expanded.variables.length === 0 };
}
