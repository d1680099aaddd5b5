import type { MappedText } from '../text/mapped-text.ts';
import { toSource, toSourceSpan } from '../text/mapped-text.ts';
import type { Located } from '../text/span.ts';

/** The strings of a JSON array of strings; undefined where the text is anything else. */
export function stringArray(text: string): readonly string[] | undefined {
  const value = parseJson(text);
  return Array.isArray(value) && value.every((item) => typeof item === 'string') ? value : undefined;
}

/** Whether the text is valid JSON and an array, of whatever. */
export function isArray(text: string): boolean {
  return Array.isArray(parseJson(text));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined;
    throw error;
  }
}

/** The elements of a mapped JSON array of strings, each with the span of its token, quotes included. */
export function locatedStrings(mapped: MappedText): readonly Located<string>[] | undefined {
  if (!mapped.text.startsWith('[')) return undefined;
  const values = stringArray(mapped.text);
  if (values === undefined) return undefined;
  const tokens = stringTokens(mapped.text);
  return values.map((value, index) => ({
    value,
    span: toSourceSpan(mapped, tokens[index] ?? { start: 0, end: mapped.text.length }),
  }));
}

/** Where the string tokens of valid JSON stand. */
export function stringTokens(text: string): readonly { readonly start: number; readonly end: number }[] {
  const tokens: { start: number; end: number }[] = [];
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at)) {
    const start = at++;
    while (at < text.length && text.charAt(at) !== '"') at += text.charAt(at) === '\\' ? 2 : 1;
    tokens.push({ start, end: Math.min(++at, text.length) });
  }
  return tokens;
}

/** The decoded text of one string token of a mapped JSON text; its offsets map to the characters it was written with. */
export function decodedString(mapped: MappedText, token: { readonly start: number; readonly end: number }): MappedText {
  const runs: { derived: number; source: number; length: number }[] = [];
  const raw = mapped.text;
  let text = '';
  let at = token.start + 1;
  while (at < token.end - 1) {
    const from = at;
    at += raw.charAt(at) !== '\\' ? 1 : raw.charAt(at + 1) === 'u' ? 6 : 2;
    const piece = at - from === 1 ? raw.charAt(from) : String(parseJson(`"${raw.slice(from, at)}"`) ?? '');
    const source = toSource(mapped, at - 1);
    const last = runs.at(-1);
    if (last !== undefined && last.source + last.length === source && piece.length === 1) last.length++;
    else runs.push({ derived: text.length, source, length: piece.length });
    text += piece;
  }
  return { text, runs, sourceEnd: toSource(mapped, Math.max(token.end - 1, 0)) };
}
