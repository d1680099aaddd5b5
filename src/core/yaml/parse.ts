import { lineEnd, lineStart, nextContentLine } from '../text/lines.ts';
import type { Span } from '../text/span.ts';
import { findComments } from './comments.ts';
import type { PlacedDocument, YamlDocument, YamlProblem } from './node.ts';
import { openAround } from './open.ts';
import { chosen } from './problem.ts';
import { readRepaired } from './repair.ts';
import { lastAtOrBefore } from './search.ts';
import { splitYaml } from './split.ts';
import { findActions, maskActions } from './template.ts';
import { readTree, type ScalarText } from './tree.ts';

/** How a YAML text is to be read. */
export interface YamlOptions {
  /** It holds Go template actions (`{{ … }}`): they are masked, and what they hide is unknown. */
  readonly template: boolean;
}

/** A file, document by document. The parts cover the text without gaps. */
export interface YamlFile {
  readonly text: string;
  readonly parts: readonly PlacedDocument[];
}

/** Parsed documents by their text; the one that was not used for longest goes first. */
export interface YamlCache {
  readonly limit: number;
  readonly plain: Map<string, YamlDocument>;
  readonly templates: Map<string, YamlDocument>;
}

/** A cache for at most `limit` documents of each sort. */
export function createYamlCache(limit: number): YamlCache {
  return { limit, plain: new Map(), templates: new Map() };
}

/** UTF-16 units of one document that are read at most: seconds of work. etcd takes 1.5 MB of JSON, kubectl 256 kB of it in an annotation. */
const longest = 1_000_000;

/**
 * Parses a file. Never throws: what cannot be read is among the problems of its document. Only documents whose text is not
 * in the cache are parsed.
 */
export function parseYaml(text: string, cache: YamlCache, options: YamlOptions): YamlFile {
  const hidden = options.template ? findActions(text) : [];
  const parts = splitYaml(text, hidden).map(({ start, end }) => ({
    start,
    document: cached(text.slice(start, end), cache, options),
  }));
  return { text, parts };
}

function cached(text: string, cache: YamlCache, options: YamlOptions): YamlDocument {
  const documents = options.template ? cache.templates : cache.plain;
  const known = documents.get(text);
  const document = known ?? parseDocument(text, options);
  if (known !== undefined) documents.delete(text);
  documents.set(text, document);
  for (const oldest of documents.keys()) {
    if (documents.size <= cache.limit) break;
    documents.delete(oldest);
  }
  return document;
}

/** Parses the text of one document, its leading `---` line included. Never throws. Spans are offsets of `text`. */
export function parseDocument(text: string, options: YamlOptions): YamlDocument {
  const unread = whyUnread(text);
  if (unread !== undefined) return { text, root: null, problems: [unread], comments: [], actions: [] };
  const actions = options.template ? findActions(text) : [];
  // The parser counts a byte order mark as a column; a line break before the first line counts for nothing.
  const masked = maskActions(text.startsWith('\uFEFF') ? `\n${text.slice(1)}` : text, actions);
  const repaired = readRepaired(masked.text, actions.length > 0);
  const covered = [...actions, ...repaired.covered].toSorted((a, b) => a.start - b.start);
  const tree = readTree(repaired.contents, repaired.text, covered, masked.lines);
  const lines = [...masked.lines, ...repaired.lines]
    .filter(({ span }) => !isInText(tree.texts, span.start))
    .toSorted((a, b) => a.span.start - b.span.start);
  const root = openAround(tree.root, repaired.text, lines);
  const found = [...repaired.problems, ...tree.problems].filter(
    ({ span }) => actions.length === 0 || isSure(text, span, actions),
  );
  return {
    text,
    root,
    problems: chosen(found, text),
    comments: findComments(repaired.text, text, tree.texts),
    actions,
  };
}

/** Whether a scalar begins before `at` and ends behind it. */
function isInText(texts: readonly ScalarText[], at: number): boolean {
  const before = lastAtOrBefore(texts.length, (index) => texts[index]?.span.start ?? 0, at - 1);
  return at < (texts[before]?.span.end ?? 0);
}

/**
 * Whether a problem of a template stands apart from its actions: what touches them, or the lines next to them, may be right
 * once they are rendered.
 */
function isSure(text: string, span: Span, actions: readonly Span[]): boolean {
  const start = lineStart(text, contentBefore(text, lineStart(text, span.start)));
  const end = nextContentLine(text, lineEnd(text, span.end)).end;
  return !actions.some((action) => action.start < end && start < action.end);
}

function contentBefore(text: string, at: number): number {
  return Math.max(text.slice(0, at).trimEnd().length - 1, 0);
}

/** Why a text is not parsed at all. */
function whyUnread(text: string): YamlProblem | undefined {
  const zero = text.indexOf('\0');
  if (zero >= 0) {
    const message = 'This is no text: it holds a zero byte';
    return { code: 'binary', message, span: { start: zero, end: zero + 1 } };
  }
  if (text.length > longest) {
    const message = `This document is too long to be read: ${Math.round(text.length / 1000)} thousand characters`;
    return { code: 'too-long', message, span: { start: 0, end: 1 } };
  }
  const run = /[[{](?:\s*[[{]){199}/.exec(text);
  if (run !== null) {
    return {
      code: 'too-deep',
      message: 'This is nested too deeply to be read',
      span: { start: run.index, end: run.index + 1 },
    };
  }
  return undefined;
}
