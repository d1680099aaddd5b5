import { endOfVariable, expand } from './expansion.ts';
import { stringArray } from './json.ts';
import { splitCommand } from './words.ts';

/** A `<<EOF` word of a joined line, in the line's own offsets. */
export interface HeredocWord {
  readonly start: number;
  readonly end: number;
  readonly name: string;
  readonly expand: boolean;
  readonly chomp: boolean;
  readonly fileDescriptor: number;
}

const HEREDOC = /^(\d*)<<(-?)\s*([^<]*)$/;

/** The here-documents that a joined line opens: only ADD, COPY and RUN may, on their own or behind ONBUILD, and not in JSON form. */
export function heredocWords(line: string): readonly HeredocWord[] {
  if (!line.includes('<<') || !mayOpenHeredoc(line)) return [];
  const found: HeredocWord[] = [];
  for (const { start, end } of rawWords(line)) {
    const word = heredocWord(line.slice(start, end));
    if (word !== undefined) found.push({ start, end, ...word });
  }
  return found;
}

/** Reads one word as a here-document's opening. */
function heredocWord(text: string): Omit<HeredocWord, 'start' | 'end'> | undefined {
  const match = HEREDOC.exec(text);
  const rest = match?.[3] ?? '';
  if (match === null || rest.trim() === '') return undefined;
  const name = expand(rest.trim(), () => undefined, { escape: '\\', keepUnset: true });
  if (!name.ok || name.value === '') return undefined;
  return {
    name: name.value,
    expand: !name.quoted,
    chomp: match[2] === '-',
    fileDescriptor: Number(match[1] || '0'),
  };
}

function mayOpenHeredoc(line: string, nested = false): boolean {
  const { keyword, rest } = splitCommand(line);
  const name = line.slice(keyword.start, keyword.end).toLowerCase();
  if (name === 'onbuild' && !nested) return mayOpenHeredoc(line.slice(rest), true);
  if (name !== 'run' && name !== 'copy' && name !== 'add') return false;
  const argumentsText = line.slice(rest).trim();
  return !argumentsText.startsWith('[') || stringArray(argumentsText) === undefined;
}

/** The blank-separated words of a line, quotes and all; none at all where a quote or a brace stays open. */
function rawWords(line: string): readonly { start: number; end: number }[] {
  const words: { start: number; end: number }[] = [];
  let start = -1;
  let at = 0;
  while (at < line.length) {
    const character = line.charAt(at);
    if (/\s/.test(character)) {
      if (start >= 0) words.push({ start, end: at });
      start = -1;
      at++;
      continue;
    }
    if (start < 0) start = at;
    const end = endOfPiece(line, at, character);
    if (end === undefined) return [];
    at = end;
  }
  if (start >= 0) words.push({ start, end: at });
  return words;
}

function endOfPiece(line: string, at: number, character: string): number | undefined {
  if (character === '\\') return Math.min(at + 2, line.length);
  if (character === '$') return endOfVariable(line, at);
  if (character === "'") {
    const close = line.indexOf("'", at + 1);
    return close < 0 ? undefined : close + 1;
  }
  if (character === '"') return endOfDoubleQuotes(line, at);
  if (character === '<' && line.charAt(at + 1) === '<') {
    let end = at + 2;
    if (line.charAt(end) === '-') end++;
    // The name may stand behind blanks.
    while (line.charAt(end) === ' ' || line.charAt(end) === '\t') end++;
    return end;
  }
  return at + 1;
}

function endOfDoubleQuotes(line: string, from: number): number | undefined {
  let at = from + 1;
  while (at < line.length) {
    const character = line.charAt(at);
    if (character === '"') return at + 1;
    if (character === '$') {
      const end = endOfVariable(line, at);
      if (end === undefined) return undefined;
      at = end;
    } else at += character === '\\' && '"$\\'.includes(line.charAt(at + 1) || ' ') ? 2 : 1;
  }
  return undefined;
}
