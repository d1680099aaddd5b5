import type { YAMLError } from 'yaml';
import { lineStart } from '../text/lines.ts';
import type { Span } from '../text/span.ts';
import type { YamlProblem } from './node.ts';

/** Problems of one document that are told; more of them are follow-ons more often than not. */
const told = 5;

/** What the parser found, in our words: one line, and what to do where that is plain. */
export function problemOf(error: YAMLError, text: string): YamlProblem {
  const { start, end } = placeOf(error, text);
  const [code, message] = wording(error, text.slice(start, end));
  return { code, message, span: onOneLine(text, start, end) };
}

/** Where an error is: errors of indentation are told at the end of what stands before, and meant for what follows. */
export function placeOf(error: YAMLError, text: string): Span {
  const start = Math.min(error.pos[0], text.length);
  const end = Math.min(Math.max(error.pos[1], start), text.length);
  if (error.code === 'BAD_DQ_ESCAPE') return { start, end: Math.min(start + 2, text.length) };
  if (!/^All |^Sequence item/.test(error.message)) return { start, end };
  const skip = /(?:\s|(?<=\s)#.*)*/y;
  skip.lastIndex = start;
  skip.test(text);
  const from = skip.lastIndex;
  return from >= text.length ? { start, end } : { start: from, end: from + wordLength(text, from) };
}

function wordLength(text: string, from: number): number {
  const word = /\S+/y;
  word.lastIndex = from;
  return word.exec(text)?.[0].length ?? 0;
}

/** Cut to its first line, and widened to a character where there is one. */
function onOneLine(text: string, start: number, end: number): Span {
  const from = start === text.length && start > 0 ? lastCharacter(text) : start;
  const line = text.slice(from, Math.max(end, start)).search(/[\r\n]/);
  const cut = line < 0 ? Math.max(end, start) : from + line;
  return { start: from, end: Math.max(cut, from) };
}

/** Errors at the end of the text point behind the last line end: there is nothing to underline. */
function lastCharacter(text: string): number {
  return Math.max(text.trimEnd().length - 1, 0);
}

function wording(error: YAMLError, at: string): readonly [string, string] {
  const { message } = error;
  const word = short(at);
  switch (error.code) {
    case 'MULTILINE_IMPLICIT_KEY':
      return ['missing-colon', word === '' ? 'A key has no `:`' : `\`${word}\` is no key without a \`:\` after it`];
    case 'MISSING_CHAR':
      if (message.includes('closing')) return ['unclosed-quote', 'A quote is not closed'];
      if (message.startsWith('Implicit map keys')) {
        return ['missing-colon', `\`${word}\` is no key without a \`:\` after it`];
      }
      if (message.startsWith('Comments must')) return ['comment-space', 'A comment needs a space before its `#`'];
      if (message.startsWith('Sequence item')) return ['missing-dash', 'An item of a list needs a `-` before it'];
      if (message.startsWith('Block collection'))
        return ['after-marker', 'A mapping or list cannot begin on the line of `---`'];
      if (message.startsWith('Block scalars')) {
        return [
          'block-indent',
          'The blank lines at the beginning of this block text are indented more than its first line',
        ];
      }
      if (message.startsWith('Tags and anchors'))
        return ['missing-space', 'A space is missing after the anchor or tag'];
      if (message.startsWith('Missing space after :')) return ['missing-space', 'A space is missing after `:`'];
      if (message.includes('must end with')) return ['unclosed-bracket', 'A bracket is not closed'];
      return ['missing-comma', 'A `,` or `:` is missing here'];
    case 'BAD_INDENT':
      if (message.startsWith('Flow')) return ['unclosed-bracket', 'A bracket is not closed before this line'];
      return ['bad-indentation', 'This line is indented unlike the lines it belongs to'];
    case 'TAB_AS_INDENT':
      return ['tab', 'YAML is indented by spaces; this is a tab'];
    case 'BLOCK_AS_IMPLICIT_KEY':
      return [
        'nested-mapping',
        'A second `:` on one line: quote the value, or begin the inner mapping on a line of its own',
      ];
    case 'BLOCK_IN_FLOW':
      return ['block-in-brackets', 'Lists with `-` and mappings by indentation cannot stand inside brackets'];
    case 'BAD_SCALAR_START':
      return ['bad-start', `A plain value cannot begin with \`${word}\`: quote it`];
    case 'BAD_DQ_ESCAPE':
      return ['bad-escape', `\`${word}\` is no escape that YAML knows; single quotes take backslashes as they are`];
    case 'BAD_ALIAS':
      return ['bad-alias', 'An alias or anchor needs a name'];
    case 'ALIAS_PROPS':
      return ['bad-alias', 'An alias cannot have an anchor or tag of its own'];
    case 'BAD_DIRECTIVE':
      return ['bad-directive', 'This directive is not known'];
    case 'BAD_PROP_ORDER':
      return ['property-order', 'An anchor or tag stands after `-` or `?`, not before it'];
    case 'MULTIPLE_ANCHORS':
    case 'MULTIPLE_TAGS':
      return ['property-twice', 'A value can have one anchor and one tag'];
    case 'KEY_OVER_1024_CHARS':
      return ['long-key', 'A key cannot be longer than 1024 characters'];
    case 'RESOURCE_EXHAUSTION':
      return ['too-deep', 'This is nested too deeply to be read'];
    case 'TAG_RESOLVE_FAILED':
    case 'BAD_COLLECTION_TYPE':
      return ['bad-tag', 'This tag does not fit its value'];
    default:
      return ['unexpected', word === '' ? 'YAML cannot be read from here' : `\`${word}\` cannot stand here`];
  }
}

function short(text: string): string {
  const line = /^[^\r\n`]*/.exec(text)?.[0].trim() ?? '';
  return line.length > 40 ? `${line.slice(0, 39)}…` : line;
}

/** The problems in order, one a line and one of a kind in a row, cut to a handful. */
export function chosen(problems: readonly YamlProblem[], text: string): readonly YamlProblem[] {
  const sorted = problems.toSorted((a, b) => a.span.start - b.span.start);
  const kept: YamlProblem[] = [];
  let line = -1;
  for (const problem of sorted) {
    const own = lineStart(text, problem.span.start);
    const repeats = problem.code === 'tab' && kept.some(({ code }) => code === 'tab');
    if (own === line || repeats) continue;
    line = own;
    kept.push(problem);
    if (kept.length === told) break;
  }
  return kept;
}
