import type { MappedText } from '../text/mapped-text.ts';
import { mappedText, sliceMapped, toSourceSpan } from '../text/mapped-text.ts';
import { containsSpan, type Span } from '../text/span.ts';
import { heredocWords } from './heredoc.ts';
import type { Directive, DockerfileComment, DockerfileProblem, Heredoc } from './model.ts';
import { endOfText, isBlank, startOfText } from './words.ts';

/** An instruction's text, continuations joined and comment lines left out, before it is read. */
export interface ScannedLine {
  /** From the keyword to the last character, here-documents included. */
  readonly span: Span;
  readonly text: MappedText;
  readonly heredocs: readonly Heredoc[];
  /** Blank lines inside a continuation, which builders are going to refuse. */
  readonly emptyContinuations: readonly Span[];
}

export interface Scan {
  readonly escape: '\\' | '`';
  readonly directives: readonly Directive[];
  readonly comments: readonly DockerfileComment[];
  readonly lines: readonly ScannedLine[];
  readonly problems: readonly DockerfileProblem[];
}

interface Scanner {
  readonly source: string;
  at: number;
  escape: '\\' | '`';
  readsDirectives: boolean;
  /** The last line of the document with a given content, with and without leading tabs: where a here-document can still end. */
  lastLines: Map<string, number> | undefined;
  readonly directives: Directive[];
  readonly comments: DockerfileComment[];
  readonly problems: DockerfileProblem[];
}

const DIRECTIVE = /^#([^\S\n]*)([A-Za-z][A-Za-z0-9]*)[^\S\n]*=[^\S\n]*(\S.*)$/;
const EXACT = '=';
const CHOMPED = '-';
const KNOWN_DIRECTIVES = ['syntax', 'escape', 'check'];
const INSTRUCTION =
  /^(?:FROM|RUN|CMD|LABEL|EXPOSE|ENV|ADD|COPY|ENTRYPOINT|VOLUME|USER|WORKDIR|ARG|ONBUILD|STOPSIGNAL|HEALTHCHECK|SHELL|MAINTAINER)[ \t]/;

/** Splits a Dockerfile into directives, comments and instructions by the rules of BuildKit's parser. Never throws. */
export function scanDockerfile(source: string): Scan {
  const scanner: Scanner = {
    source,
    at: source.startsWith('\ufeff') ? 1 : 0,
    escape: '\\',
    readsDirectives: true,
    lastLines: undefined,
    directives: [],
    comments: [],
    problems: [],
  };
  const lines: ScannedLine[] = [];
  while (scanner.at < source.length) {
    const line = scanLine(scanner);
    if (line !== undefined) lines.push(line);
  }
  const { directives, comments, problems } = scanner;
  return { escape: scanner.escape, directives, comments, lines, problems };
}

/** The next physical line, without its line end; the scanner moves behind it. Only LF ends a line. */
function physicalLine(scanner: Scanner): Span {
  const start = scanner.at;
  const feed = scanner.source.indexOf('\n', start);
  scanner.at = feed < 0 ? scanner.source.length : feed + 1;
  let end = feed < 0 ? scanner.source.length : feed;
  while (end > start && scanner.source.charAt(end - 1) === '\r') end--;
  return { start, end };
}

function leadingBlanks(source: string, at: Span): number {
  let start = at.start;
  while (start < at.end && isBlank(source.charAt(start))) start++;
  return start;
}

function scanLine(scanner: Scanner): ScannedLine | undefined {
  const { source } = scanner;
  const first = physicalLine(scanner);
  const start = leadingBlanks(source, first);
  if (source.charAt(start) === '#' && start < first.end) {
    readComment(scanner, { start, end: first.end });
    return undefined;
  }
  scanner.readsDirectives = false;
  if (start === first.end) return undefined;

  const kept: Span[] = [];
  const emptyContinuations: Span[] = [];
  let piece = withoutContinuation(scanner, { start, end: first.end });
  kept.push(piece.kept);
  while (piece.continues && scanner.at < source.length) {
    const line = physicalLine(scanner);
    const blanks = leadingBlanks(source, line);
    if (blanks === line.end) emptyContinuations.push(line);
    else if (source.charAt(blanks) === '#') readComment(scanner, { start: blanks, end: line.end });
    else {
      piece = withoutContinuation(scanner, line);
      kept.push(piece.kept);
    }
  }
  const joined = mappedText(source, kept);
  const text = sliceMapped(joined, startOfText(joined.text), endOfText(joined.text));
  if (text.text === '') return undefined;
  const line = toSourceSpan(text, { start: 0, end: text.text.length });
  const { heredocs, end } = readHeredocs(scanner, text, line.end);
  const span = { start: line.start, end };
  return { span, text, heredocs, emptyContinuations: emptyContinuations.filter((blank) => containsSpan(span, blank)) };
}

/** The line without the escape that joins it to the next one. An escape before it takes that meaning away. */
function withoutContinuation(scanner: Scanner, line: Span): { readonly kept: Span; readonly continues: boolean } {
  const { source, escape: token } = scanner;
  let end = line.end;
  while (end > line.start && (source.charAt(end - 1) === ' ' || source.charAt(end - 1) === '\t')) end--;
  const at = end - 1;
  const continues =
    at >= line.start && source.charAt(at) === token && (at === line.start || source.charAt(at - 1) !== token);
  return { kept: { start: line.start, end: continues ? at : line.end }, continues };
}

function readComment(scanner: Scanner, span: Span): void {
  const text = scanner.source.slice(span.start, span.end);
  if (scanner.readsDirectives && readDirective(scanner, span, text)) return;
  scanner.readsDirectives = false;
  scanner.comments.push({ span, text: text.slice(1).trim() });
}

function readDirective(scanner: Scanner, span: Span, text: string): boolean {
  const match = DIRECTIVE.exec(text);
  const written = match?.[2] ?? '';
  const name = written.toLowerCase();
  if (match === null || !KNOWN_DIRECTIVES.includes(name)) return false;
  const nameStart = span.start + 1 + (match[1] ?? '').length;
  const value = (match[3] ?? '').trimEnd();
  const valueStart = span.end - (match[3] ?? '').length;
  const directive: Directive = {
    span,
    name: { value: name, span: { start: nameStart, end: nameStart + written.length } },
    value: { value, span: { start: valueStart, end: valueStart + value.length } },
  };
  if (scanner.directives.some((earlier) => earlier.name.value === name)) {
    problem(scanner, 'duplicate-directive', `The directive ${name} is given twice`, directive.name.span);
  } else if (name === 'escape') {
    if (value === '\\' || value === '`') scanner.escape = value;
    else problem(scanner, 'invalid-escape', 'The escape character is either \\ or `', directive.value.span);
  }
  scanner.directives.push(directive);
  return true;
}

function problem(scanner: Scanner, code: string, message: string, span: Span): void {
  scanner.problems.push({ code, message, span });
}

/** The bodies that follow a line which ends at `lineEnd`, and where the last of them ends. */
function readHeredocs(
  scanner: Scanner,
  line: MappedText,
  lineEnd: number,
): { readonly heredocs: readonly Heredoc[]; readonly end: number } {
  const heredocs: Heredoc[] = [];
  let end = lineEnd;
  let lost = false;
  for (const word of heredocWords(line.text)) {
    const span = toSourceSpan(line, word);
    const { name, expand, chomp, fileDescriptor } = word;
    const read = readBody(scanner, name, chomp);
    let { body } = read;
    if (read.terminator !== undefined) end = read.terminator.end;
    else {
      // Those behind it on the line are lost with it.
      const message = `The here-document never ends: no line is just ${name}`;
      if (!lost) problem(scanner, 'unterminated-heredoc', message, span);
      lost = true;
      const written = scanner.source.slice(body.start, body.end).trimEnd().length;
      body = written === 0 ? { start: end, end } : { start: body.start, end: body.start + written };
      end = body.end;
    }
    const content = scanner.source.slice(body.start, body.end);
    heredocs.push({ name, span, body, content, expand, chomp, fileDescriptor });
  }
  return { heredocs, end };
}

/** A here-document's body up to the line that ends it. One that never ends stops before what looks like an instruction. */
function readBody(
  scanner: Scanner,
  name: string,
  chomp: boolean,
): { readonly body: Span; readonly terminator: Span | undefined } {
  const start = scanner.at;
  const ends = (lastLines(scanner).get((chomp ? CHOMPED : EXACT) + name) ?? -1) >= start;
  const { source } = scanner;
  while (scanner.at < source.length) {
    const from = scanner.at;
    const line = physicalLine(scanner);
    if (ends) {
      let text = line.start;
      if (chomp) while (source.charAt(text) === '\t') text++;
      if (line.end - text === name.length && source.startsWith(name, text)) {
        return { body: { start, end: line.start }, terminator: line };
      }
    } else if (INSTRUCTION.test(source.slice(line.start, Math.min(line.end, line.start + 16)))) {
      scanner.at = from;
      return { body: { start, end: from }, terminator: undefined };
    }
  }
  return { body: { start: Math.min(start, source.length), end: source.length }, terminator: undefined };
}

function lastLines(scanner: Scanner): Map<string, number> {
  if (scanner.lastLines !== undefined) return scanner.lastLines;
  const lines = new Map<string, number>();
  const { source } = scanner;
  for (let at = 0; at < source.length; ) {
    const feed = source.indexOf('\n', at);
    const end = feed < 0 ? source.length : feed;
    const line = source.slice(at, end).replace(/\r+$/, '');
    lines.set(EXACT + line, at);
    lines.set(CHOMPED + line.replace(/^\t+/, ''), at);
    at = end + 1;
  }
  scanner.lastLines = lines;
  return lines;
}
