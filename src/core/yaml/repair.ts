import { isScalar, parseDocument, Schema, visit, type YAMLError } from 'yaml';
import { lineEnd, lineStart } from '../text/lines.ts';
import type { Span } from '../text/span.ts';
import { placeOf } from './problem.ts';
import { type ActionLines, cover } from './template.ts';

/**
 * A text as it could be read at last. What a broken line would have swallowed is there; the line itself was blanked
 * (`lines`) or its value covered (`covered`).
 */
export interface Repaired {
  readonly contents: unknown;
  readonly text: string;
  readonly errors: readonly YAMLError[];
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
  const errors: YAMLError[] = [];
  const lines: ActionLines[] = [];
  const covered: Span[] = [];
  let budget = attempts(text.length, template);
  while (current.errors.length > 0 && budget > 0) {
    let mended: { readonly reading: Reading; readonly mending: Mending; readonly error: YAMLError } | undefined;
    for (const error of current.errors.slice(0, 2)) {
      for (const mending of mendings(error, current)) {
        if (budget-- <= 0) break;
        const reading = readOnce(mending.text);
        if (reading.errors.length >= current.errors.length) continue;
        mended = { reading, mending, error };
        break;
      }
      if (mended !== undefined) break;
    }
    if (mended === undefined) break;
    current = mended.reading;
    errors.push(mended.error);
    if (mended.mending.line) lines.push(mended.mending.line);
    if (mended.mending.covered) covered.push(mended.mending.covered);
  }
  return { contents: current.contents, text: current.text, errors: [...errors, ...current.errors], lines, covered };
}

/** Readings that may be spent on mending: a large document is read once or twice only. */
function attempts(length: number, template: boolean): number {
  const few = length > 200_000 ? 2 : length > 20_000 ? 8 : 20;
  return template ? few * 2 : few;
}

function* mendings(error: YAMLError, { text, contents }: Reading): Generator<Mending> {
  const at = Math.min(placeOf(error, text).start, Math.max(text.trimEnd().length - 1, 0));
  if (error.code === 'TAB_AS_INDENT') {
    yield { text: text.replace(/^[ \t]*\t[ \t]*/gm, (indent) => ' '.repeat(indent.length)) };
  }
  const swallowing = error.message.startsWith('Missing closing') || error.code === 'UNEXPECTED_TOKEN';
  const quote = swallowing ? quoteOver(contents, text, at) : undefined;
  if (quote !== undefined) yield coverFrom(text, quote);
  const valueStart = valueOnLine(text, at);
  const ownLine = at === contentStart(text, at);
  if (!ownLine && valueStart !== undefined) yield coverFrom(text, valueStart);
  // The key that lacks its colon; or the line above, whose value cannot go on here.
  yield blankLine(text, at);
  const end = Math.min(error.pos[1], text.length);
  if (lineStart(text, Math.max(end - 1, at)) > lineStart(text, at)) yield blankLine(text, Math.max(end - 1, at));
  if (lineStart(text, at) > 0) yield blankLine(text, contentBefore(text, lineStart(text, at)));
}

/** Where a quoted scalar of several lines begins that ends on the line of `at`. */
function quoteOver(contents: unknown, text: string, at: number): number | undefined {
  let found: number | undefined;
  const line = lineStart(text, at);
  const parsed = contents as Parameters<typeof visit>[0];
  if (parsed === null) return undefined;
  visit(parsed, (_key, node) => {
    if (!isScalar(node) || !node.type?.startsWith('QUOTE')) return undefined;
    const [start = 0, end = 0] = node.range ?? [];
    if (start >= line || end < line) return undefined;
    found = start;
    return visit.BREAK;
  });
  return found;
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

function coverFrom(text: string, start: number): Mending {
  const rest = /^[^\r\n]*/.exec(text.slice(start, lineEnd(text, start)))?.[0].trimEnd() ?? '';
  const end = start + rest.length;
  return { text: text.slice(0, start) + cover(rest, 'x') + text.slice(end), covered: { start, end } };
}

function blankLine(text: string, at: number): Mending {
  const start = lineStart(text, at);
  const end = lineEnd(text, at);
  const line = text.slice(start, end);
  return {
    text: text.slice(0, start) + cover(line, ' ') + text.slice(end),
    line: {
      span: { start, end: start + line.trimEnd().length },
      indent: contentStart(text, at) - start,
      writes: true,
    },
  };
}
