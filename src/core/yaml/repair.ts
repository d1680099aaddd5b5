import { isMap, isPair, isScalar, isSeq, parseDocument, Schema, type YAMLError } from 'yaml';
import { lineEnd, lineStart } from '../text/lines.ts';
import type { Span } from '../text/span.ts';
import type { YamlProblem } from './node.ts';
import { placeOf, problemOf } from './problem.ts';
import { type ActionLines, cover } from './template.ts';

/**
 * A text as it could be read at last. What a broken line would have swallowed is there; the line itself was blanked
 * (`lines`) or its value covered (`covered`).
 */
export interface Repaired {
  readonly contents: unknown;
  readonly text: string;
  readonly problems: readonly YamlProblem[];
  readonly lines: readonly ActionLines[];
  readonly covered: readonly Span[];
}

/** Every plain scalar stays the text it is; uniqueness of keys would cost quadratic time and is a rule of its own. */
const options = {
  schema: new Schema({ schema: 'failsafe', resolveKnownTags: false }),
  uniqueKeys: false,
  logLevel: 'silent',
  prettyErrors: false,
} as const;

interface Reading {
  readonly text: string;
  readonly contents: unknown;
  readonly errors: readonly YAMLError[];
}

/** One way to mend a text so that its rest can be read. */
interface Mending {
  readonly text: string;
  readonly line?: ActionLines;
  readonly covered?: Span;
  /** What is wrong, where that is known better than by the parser. */
  readonly problem?: YamlProblem;
}

function readOnce(text: string): Reading {
  const document = parseDocument(text, options);
  return { text, contents: document.contents, errors: document.errors };
}

/**
 * Reads a text, mending one broken line after the other as long as that leaves fewer errors. Errors that were mended
 * are told as they were found. `template` allows for more of them, as branches that exclude each other stand side by side.
 */
export function readRepaired(text: string, template: boolean): Repaired {
  let current = readOnce(text);
  const problems: YamlProblem[] = [];
  const lines: ActionLines[] = [];
  const covered: Span[] = [];
  const budget = { left: attempts(text.length, template) };
  while (current.errors.length > 0) {
    const mended = mendOne(current, budget);
    if (mended === undefined) break;
    const { reading, mending, error } = mended;
    current = reading;
    problems.push(mending.problem ?? problemOf(error, text));
    if (mending.line) lines.push(mending.line);
    if (mending.covered) covered.push(mending.covered);
  }
  // What is left is read as it stands; what may be missing around it is not known.
  for (const error of current.errors.slice(0, 20)) {
    problems.push(problemOf(error, text));
    lines.push(lineAt(text, placeOf(error, text).start));
  }
  return { contents: current.contents, text: current.text, problems, lines, covered };
}

interface Mended {
  readonly reading: Reading;
  readonly mending: Mending;
  readonly error: YAMLError;
}

function mendOne(current: Reading, budget: { left: number }): Mended | undefined {
  // Not a broken line, but no YAML at all.
  const hopeless = current.errors.length > 500 || current.errors.some(({ code }) => code === 'RESOURCE_EXHAUSTION');
  if (hopeless) return undefined;
  for (const error of current.errors.slice(0, 2)) {
    for (const mending of mendings(error, current)) {
      if (budget.left-- <= 0) return undefined;
      const reading = readOnce(mending.text);
      if (reading.errors.length < current.errors.length) return { reading, mending, error };
    }
  }
  return undefined;
}

/** Readings that may be spent on mending: a large document is read a few times only, a huge one once. */
function attempts(length: number, template: boolean): number {
  const few = length > 500_000 ? 0 : length > 200_000 ? 2 : length > 20_000 ? 8 : 20;
  return template ? few * 2 : few;
}

function* mendings(error: YAMLError, { text, contents }: Reading): Generator<Mending> {
  // A key at the end of its mapping is there already.
  if (error.message.startsWith('Implicit map keys')) return;
  const at = Math.min(placeOf(error, text).start, Math.max(text.trimEnd().length - 1, 0));
  if (error.code === 'TAB_AS_INDENT') {
    yield { text: text.replace(/^[ \t]*\t[ \t]*/gm, (indent) => ' '.repeat(indent.length)) };
  }
  const swallowing = error.message.startsWith('Missing closing') || error.code === 'UNEXPECTED_TOKEN';
  const opened = swallowing ? quoteOver(contents, text, at, error) : openBracket(contents, text, error);
  if (opened !== undefined) {
    const mending = coverFrom(text, opened);
    const [code, what] = swallowing ? ['unclosed-quote', 'A quote'] : ['unclosed-bracket', 'A bracket'];
    yield { ...mending, problem: { code, message: `${what} is not closed`, span: mending.covered } };
  }
  const valueStart = valueOnLine(text, at);
  const ownLine = at === contentStart(text, at);
  if (!ownLine && valueStart !== undefined) yield coverFrom(text, valueStart);
  // The key that lacks its colon; or the line above, whose value cannot go on here.
  yield blankLine(text, at);
  const end = Math.min(error.pos[1], text.length);
  if (lineStart(text, Math.max(end - 1, at)) > lineStart(text, at)) yield blankLine(text, Math.max(end - 1, at));
  if (lineStart(text, at) > 0) yield blankLine(text, contentBefore(text, lineStart(text, at)));
}

/** Every node that the parser made, without recursion: a broken text may be nested without end. */
function* nodesOf(contents: unknown): Generator<unknown> {
  const rest: unknown[] = [contents];
  for (let node = rest.pop(); node !== undefined; node = rest.pop()) {
    if (isPair(node)) rest.push(node.value ?? null, node.key ?? null);
    else if (isMap(node) || isSeq(node)) for (const item of node.items.toReversed()) rest.push(item ?? null);
    yield node;
  }
}

/** Where the quoted scalar begins that has no end, or one of several lines that ends on the line of `at`. */
function quoteOver(contents: unknown, text: string, at: number, error: YAMLError): number | undefined {
  const line = lineStart(text, at);
  for (const node of nodesOf(contents)) {
    if (!isScalar(node) || !node.type?.startsWith('QUOTE')) continue;
    const [start = 0, end = 0] = node.range ?? [];
    if (start < line ? end >= line : error.code === 'MISSING_CHAR' && end === error.pos[0]) return start;
  }
  return undefined;
}

/** Where the flow collection begins that the error finds open. */
function openBracket(contents: unknown, text: string, error: YAMLError): number | undefined {
  if (!error.message.startsWith('Flow')) return undefined;
  for (const node of nodesOf(contents)) {
    if (!(isMap(node) || isSeq(node)) || node.flow !== true) continue;
    const [start = 0, end = 0] = node.range ?? [];
    if (end <= error.pos[0] + 1 && text[end - 1] !== (isMap(node) ? '}' : ']')) return start;
  }
  return undefined;
}

function contentStart(text: string, at: number): number {
  const start = lineStart(text, at);
  return start + (/^(?:[ \t]*(?:-[ \t]+)?)*/.exec(text.slice(start, lineEnd(text, at)))?.[0].length ?? 0);
}

function contentBefore(text: string, line: number): number {
  return Math.max(text.slice(0, line).trimEnd().length - 1, 0);
}

/** Where the value after a `key: ` on the line begins. */
function valueOnLine(text: string, at: number): number | undefined {
  const start = lineStart(text, at);
  const line = text.slice(start, lineEnd(text, at));
  const key = /^(?:\uFEFF?[ \t]*(?:-[ \t]+)*)(?:"[^"\n]*"|'[^'\n]*'|[^\s#"'][^\n#]*?)[ \t]*:[ \t]+(?=[^\s#])/.exec(
    line,
  );
  return key === null ? undefined : start + key[0].length;
}

function coverFrom(text: string, start: number): Mending & { readonly covered: Span } {
  const rest = /^[^\r\n]*/.exec(text.slice(start, lineEnd(text, start)))?.[0].trimEnd() ?? '';
  const end = start + rest.length;
  return { text: text.slice(0, start) + cover(rest, 'x') + text.slice(end), covered: { start, end } };
}

function blankLine(text: string, at: number): Mending {
  const start = lineStart(text, at);
  const end = lineEnd(text, at);
  return { text: text.slice(0, start) + cover(text.slice(start, end), ' ') + text.slice(end), line: lineAt(text, at) };
}

function lineAt(text: string, at: number): ActionLines {
  const start = lineStart(text, at);
  const line = text.slice(start, lineEnd(text, at));
  return { span: { start, end: start + line.trimEnd().length }, indent: contentStart(text, at) - start, writes: true };
}
