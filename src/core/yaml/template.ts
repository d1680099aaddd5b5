import { lineEnd, lineStart } from '../text/lines.ts';
import type { Span } from '../text/span.ts';

/** Lines that hold template actions and nothing else. */
export interface ActionLines {
  /** Whole lines, the last line end excluded. */
  readonly span: Span;
  /** The column at which their output is written, as far as it can be told. */
  readonly indent: number;
  /** Whether they can write anything: `end`, comments and assignments cannot. */
  readonly writes: boolean;
}

export interface MaskedTemplate {
  /** As long as the text; actions are spaces or letters. */
  readonly text: string;
  readonly lines: readonly ActionLines[];
}

/**
 * The spans of Go template actions (`{{ … }}`), in order. Braces inside their strings and comments are no ends; one
 * without an end stops with its line.
 */
export function findActions(text: string): readonly Span[] {
  const actions: Span[] = [];
  for (let start = text.indexOf('{{'); start >= 0; ) {
    const end = actionEnd(text, start);
    actions.push({ start, end });
    start = text.indexOf('{{', end);
  }
  return actions;
}

function actionEnd(text: string, start: number): number {
  const comment = /\{\{(?:-\s+)?\/\*/y;
  comment.lastIndex = start;
  if (comment.test(text)) {
    const close = text.indexOf('*/', comment.lastIndex);
    const end = close < 0 ? -1 : text.indexOf('}}', close);
    return end < 0 ? endOfLine(text, start) : end + 2;
  }
  const token = /"(?:\\.|[^"\\\n])*"|`[^`]*`|'(?:\\.|[^'\\\n])+'|\}\}|\{\{/g;
  token.lastIndex = start + 2;
  for (let found = token.exec(text); found !== null; found = token.exec(text)) {
    if (found[0] === '}}') return found.index + 2;
    if (found[0] === '{{') break;
  }
  return endOfLine(text, start);
}

function endOfLine(text: string, at: number): number {
  const end = lineEnd(text, at);
  return end - (/\r?\n$/.exec(text.slice(at, end))?.[0].length ?? 0);
}

/**
 * The text with its actions masked at equal length, so that a YAML parser can read the rest: actions alone on their
 * lines become line breaks (blanks would count as text in a block scalar), those inside other text become letters.
 */
export function maskActions(text: string, actions: readonly Span[]): MaskedTemplate {
  const lines: ActionLines[] = [];
  let masked = '';
  let done = 0;
  for (const group of byLine(text, actions)) {
    const first = group[0];
    const last = group.at(-1);
    if (first === undefined || last === undefined) continue;
    const start = lineStart(text, first.start);
    const end = endOfLine(text, last.end);
    const alone = isAlone(text, group, start, end);
    const apart = alone || writesBelow(text, group, start, end);
    for (const action of group) {
      masked += text.slice(done, action.start) + cover(text.slice(action.start, action.end), apart ? '\n' : 'x');
      done = action.end;
    }
    if (apart) lines.push(actionLines(text, group, { start, end }));
  }
  return { text: masked + text.slice(done), lines };
}

/** Blanks a span of a text, or covers it by letters, at equal length. Only its first line gets letters. */
export function cover(text: string, by: ' ' | '\n' | 'x'): string {
  if (by !== 'x') return text.replace(/[^\r\n]/g, by);
  const firstLine = /^[^\r\n]*/.exec(text)?.[0].length ?? 0;
  return 'x'.repeat(firstLine) + text.slice(firstLine).replace(/[^\r\n]/g, ' ');
}

/** Actions that share a line, together. */
function byLine(text: string, actions: readonly Span[]): readonly (readonly Span[])[] {
  const groups: Span[][] = [];
  let end = -1;
  for (const action of actions) {
    if (action.start < end) groups.at(-1)?.push(action);
    else groups.push([action]);
    end = Math.max(end, lineEnd(text, action.end));
  }
  return groups;
}

function isAlone(text: string, group: readonly Span[], start: number, end: number): boolean {
  let at = start;
  for (const action of group) {
    if (text.slice(at, action.start).trim() !== '') return false;
    at = action.end;
  }
  return /^\s*(?:#.*)?$/.test(text.slice(at, end));
}

/** `key: {{- toYaml . | nindent 4 }}` with more of the same mapping below it. */
function writesBelow(text: string, group: readonly Span[], start: number, end: number): boolean {
  const only = group[0];
  if (group.length !== 1 || only === undefined || text.slice(only.end, end).trim() !== '') return false;
  const before = /^( *(?:- +)*)[^\s#'"{[][^'"{[]*:[ \t]*$/.exec(text.slice(start, only.start));
  if (before === null || !/\bnindent\b/.test(text.slice(only.start, only.end))) return false;
  const below = /^(?:[ \t]*\r?\n)*( *)[^\s#]/.exec(text.slice(lineEnd(text, only.end)));
  return (below?.[1]?.length ?? 0) > (before[1]?.length ?? 0);
}

const silent = /^\{\{-?\s*(?:\/\*|end\b|else\s*-?\}\}|define\b|break\b|continue\b|fail\b|\$\w+\s*:?=)/;

/** The furthest column at which the next lines write something, where they are lines of actions; undefined where not. */
export function writtenNext(text: string, actions: readonly Span[], at: number): number | undefined {
  let column: number | undefined;
  let end = at;
  for (const { span, writes, indent } of maskActions(text, actions).lines) {
    if (span.start < at) continue;
    if (!/^(?:\s|(?<=\s)#.*)*$/.test(text.slice(end, span.start))) break;
    if (writes) column = Math.max(column ?? 0, indent);
    end = span.end;
  }
  return column;
}

function actionLines(text: string, group: readonly Span[], span: Span): ActionLines {
  let indent: number | undefined;
  let writes = false;
  for (const action of group) {
    const source = text.slice(action.start, action.end);
    if (silent.test(source)) continue;
    writes = true;
    const written = /\bn?indent\s+(?:\(?\s*int\s+)?(\d+)/.exec(source)?.[1];
    if (written !== undefined) indent = Number(written);
  }
  const column = (group[0]?.start ?? span.start) - span.start;
  return { span, indent: indent ?? column, writes };
}
