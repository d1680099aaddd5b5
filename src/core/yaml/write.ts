import type { YamlScalar, YamlValue } from './node.ts';
import { hasControl, needsQuotes } from './scalars.ts';

/** How a document is written, so that what is added looks like the rest. */
export interface Habits {
  readonly lineBreak: '\n' | '\r\n';
  /** Spaces by which a nested mapping is indented. */
  readonly step: number;
  /** Spaces by which the dashes of a list are indented below their key; often none. */
  readonly dash: number;
  readonly quote: 'single' | 'double';
  /** The document is JSON: keys and texts have double quotes. */
  readonly json: boolean;
  /** Braces have a space inside. */
  readonly padded: boolean;
}

/** A value that has no parts. */
export type Plain = string | number | boolean | null;

/** Whether the value is written on the line of its key. */
export function isInline(value: YamlValue): boolean {
  if (isList(value)) return value.length === 0;
  if (isObject(value)) return Object.keys(value).length === 0;
  return !isLiteral(value);
}

export function isList(value: YamlValue): value is readonly YamlValue[] {
  return Array.isArray(value);
}

export function isObject(value: YamlValue): value is { readonly [key: string]: YamlValue } {
  return typeof value === 'object' && value !== null && !isList(value);
}

/** A text of several lines that a block scalar can hold without an indentation of its own. */
function isLiteral(value: Plain): value is string {
  if (typeof value !== 'string' || !/^[^\s][^\n]*\n/.test(value)) return false;
  const lines = value.replace(/\n$/, '').split('\n');
  return lines.at(-1) !== '' && lines.every((line) => line === line.trimEnd() && !hasControl(line));
}

/** Whether a text behind the value, on its last line, would become part of it. */
export function endsInLiteral(value: YamlValue): boolean {
  const last = isList(value) ? value.at(-1) : isObject(value) ? Object.values(value).at(-1) : undefined;
  if (last !== undefined) return endsInLiteral(last);
  return !isInline(value);
}

/** A scalar in the given style if that can hold it; without one as plainly as it may be read back. */
export function writeScalar(value: Plain, habits: Habits, flow: boolean, like?: YamlScalar['style']): string {
  if (typeof value === 'number') return writeNumber(value);
  if (typeof value !== 'string') return String(value);
  if (habits.json || like === 'double') return doubleQuoted(value);
  if (like === 'single' && !hasControl(value)) return singleQuoted(value);
  if (!needsQuotes(value, flow)) return value;
  const single = habits.quote === 'single' && !hasControl(value);
  return single ? singleQuoted(value) : doubleQuoted(value);
}

function writeNumber(value: number): string {
  if (Number.isNaN(value)) return '.nan';
  if (!Number.isFinite(value)) return value < 0 ? '-.inf' : '.inf';
  return Object.is(value, -0) ? '0' : String(value);
}

function singleQuoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function doubleQuoted(text: string): string {
  // JSON leaves these as they are; YAML takes them for line ends, or not at all.
  const rare = /[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g;
  return JSON.stringify(text).replace(rare, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** A value in flow style, on one line. */
export function writeFlow(value: YamlValue, habits: Habits): string {
  if (isList(value)) return `[${value.map((item) => writeFlow(item, habits)).join(', ')}]`;
  if (!isObject(value)) return writeScalar(value, habits, true);
  const members = Object.entries(value).map(([key, inner]) => writeFlowPair(key, inner, habits));
  const space = habits.padded && members.length > 0 ? ' ' : '';
  return `{${space}${members.join(', ')}${space}}`;
}

export function writeFlowPair(key: string, value: YamlValue, habits: Habits): string {
  return `${writeScalar(key, habits, true)}: ${writeFlow(value, habits)}`;
}

/** A value in block style: its lines, indented from its own first column on. */
export function writeBlock(value: YamlValue, habits: Habits): readonly string[] {
  if (isInline(value)) return [writeFlow(value, { ...habits, padded: false })];
  if (isList(value)) return value.flatMap((item) => writeItem(item, habits));
  if (isObject(value)) return Object.entries(value).flatMap(([key, inner]) => writePair(key, inner, habits));
  const [header, ...lines] = literal(String(value));
  return [header ?? '', ...indented(lines, habits.step)];
}

/** A key and its value in block style. */
export function writePair(key: string, value: YamlValue, habits: Habits): readonly string[] {
  return withHead(`${writeScalar(key, habits, false)}:`, value, habits);
}

/** A value behind its `key:`: on the same line, or below. */
export function withHead(head: string, value: YamlValue, habits: Habits): readonly string[] {
  if (isInline(value)) return [`${head} ${inlineText(value, habits)}`];
  if (isList(value)) return [head, ...indented(writeBlock(value, habits), habits.dash)];
  if (isObject(value)) return [head, ...indented(writeBlock(value, habits), habits.step)];
  const [header, ...lines] = literal(String(value));
  return [`${head} ${header}`, ...indented(lines, habits.step)];
}

/** An inline value in a block collection. */
export function inlineText(value: YamlValue, habits: Habits, like?: YamlScalar['style']): string {
  return isList(value) || isObject(value) ? writeFlow(value, habits) : writeScalar(value, habits, false, like);
}

/** An item of a list in block style, its dash included; `gap` is the room that dash and blanks take. */
export function writeItem(value: YamlValue, habits: Habits, gap = 2): readonly string[] {
  const dash = `-${' '.repeat(Math.max(gap - 1, 1))}`;
  if (!isInline(value) && !isList(value) && !isObject(value)) {
    const [header, ...lines] = literal(String(value));
    return [dash + header, ...indented(lines, habits.step)];
  }
  const [first, ...rest] = isInline(value) ? [inlineText(value, habits)] : writeBlock(value, habits);
  return [dash + first, ...indented(rest, dash.length)];
}

export function indented(lines: readonly string[], by: number): readonly string[] {
  return lines.map((line) => (line === '' ? line : ' '.repeat(by) + line));
}

function literal(text: string): readonly string[] {
  return text.endsWith('\n') ? ['|', ...text.slice(0, -1).split('\n')] : ['|-', ...text.split('\n')];
}
