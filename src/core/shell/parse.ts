import {
  type AndOr,
  type Assignment,
  type Command,
  type CommandNode,
  type CompoundList,
  forEachChild,
  type PipelineNode,
  parse,
  type Redirection,
  type Script,
  type Statement,
  type SyntaxNode,
  type Word,
  type WordPart,
} from 'unbash';
import { type MappedText, sliceMapped, toSourceSpan } from '../text/mapped-text.ts';
import type { Span } from '../text/span.ts';
import type { ShellCommand, ShellRedirect, ShellScript, ShellWord } from './model.ts';
import { baseName, unwrap } from './wrappers.ts';

type Assigned = ShellCommand['assignments'][number];

/** What is gathered over a script and the scripts inside it. */
interface Gathered {
  readonly commands: ShellCommand[];
  readonly problems: { readonly span: Span; readonly message: string }[];
  lists: number;
}

/** A text that is being walked: the script's own, or one inside it (`sh -c '…'`). */
interface Walk {
  readonly text: MappedText;
  readonly depth: number;
  readonly gathered: Gathered;
}

/** Where in its list a command stands. */
interface Place {
  readonly list: number;
  readonly joined: ShellCommand['joined'];
  readonly conditional: boolean;
  readonly timed: boolean;
}

const DEEPEST = 40;
/** Beyond these a text is no script that someone wrote, and reading it would take seconds. */
const LONGEST = 200_000;
const MOST_HEREDOCS = 200;
const SHELLS = new Set(['sh', 'bash', 'dash', 'ash', 'ksh', 'mksh', 'zsh']);

/**
 * The simple commands of a shell script (Bash, and so POSIX sh), in the order they are written, with spans in the document
 * that `text` comes from. Scripts handed to `sh -c`, `su -c` and `sh <<EOF` are read too. Never throws: what cannot
 * be read is told in `problems`.
 */
export function parseShell(text: MappedText): ShellScript {
  const gathered: Gathered = { commands: [], problems: [], lists: 0 };
  const span = toSourceSpan(text, { start: 0, end: text.text.length });
  if (text.text.length > LONGEST || text.text.split('<<', MOST_HEREDOCS).length === MOST_HEREDOCS) {
    const message = 'The script is too long to be read.';
    return { span, text, commands: [], problems: [{ span: { start: span.start, end: span.start }, message }] };
  }
  try {
    walkScript({ text, depth: 0, gathered }, parse(text.text), 0, false);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    gathered.problems.push({
      span: { start: span.start, end: span.start },
      message: 'The script is nested too deeply.',
    });
  }
  return { span, text, commands: gathered.commands, problems: gathered.problems };
}

function walkScript(
  walk: Walk,
  script: Script & { readonly errors?: unknown },
  list: number,
  conditional: boolean,
): void {
  if (walk.depth > DEEPEST) return;
  for (const { message, pos } of readErrors(script)) {
    const at = Math.min(pos, Math.max(walk.text.text.length - 1, 0));
    walk.gathered.problems.push({
      span: spanOf(walk, { pos: at, end: Math.min(at + 1, walk.text.text.length) }),
      message,
    });
  }
  walkStatements(walk, script.commands, list, conditional);
}

function readErrors(script: {
  readonly errors?: unknown;
}): readonly { readonly message: string; readonly pos: number }[] {
  return Array.isArray(script.errors) ? script.errors : [];
}

function walkStatements(walk: Walk, statements: readonly Statement[], list: number, conditional: boolean): void {
  statements.forEach((statement, index) => {
    const before = statements[index - 1];
    const joined = before === undefined ? '' : before.background ? '&' : ';';
    walkNode(walk, statement.command, { list, joined, conditional, timed: false });
  });
}

/** A list of commands of its own: a group, a branch, a substitution. */
function walkList(walk: Walk, list: CompoundList, conditional: boolean): void {
  walkStatements(walk, list.commands, ++walk.gathered.lists, conditional);
}

function walkNode(walk: Walk, node: PipelineNode | AndOr | CommandNode | CompoundList, place: Place): void {
  switch (node.type) {
    case 'AndOr':
      node.commands.forEach((command, index) => {
        const operator = node.operators[index - 1];
        const inner = operator === undefined ? place : { ...place, joined: operator };
        walkNode(walk, command, { ...inner, conditional: place.conditional || operator === '||' });
      });
      return;
    case 'Pipeline':
      node.commands.forEach((command, index) => {
        const timed = index === 0 && node.prefixes.some((prefix) => prefix.type === 'Time');
        walkNode(walk, command, index === 0 ? { ...place, timed } : { ...place, joined: '|', timed });
      });
      return;
    case 'Command':
      walkCommand(walk, node, place);
      return;
    case 'CompoundList':
      walkList(walk, node, place.conditional);
      return;
    case 'Redirected':
      walkNode(walk, node.command, place);
      for (const redirect of node.redirects) walkSubstitutions(walk, redirect, place.conditional);
      return;
    case 'Function':
      walkNode(walk, node.body, { ...place, conditional: true });
      return;
    case 'Coproc':
      walkNode(walk, node.body, place);
      return;
    default:
      walkCompound(walk, node, place.conditional);
  }
}

function walkCompound(
  walk: Walk,
  node: Exclude<CommandNode, { type: 'Command' | 'Redirected' | 'Function' | 'Coproc' }>,
  conditional: boolean,
): void {
  switch (node.type) {
    case 'If':
      walkList(walk, node.clause, conditional);
      walkList(walk, node.then, true);
      for (const branch of node.elif) {
        walkList(walk, branch.clause, true);
        walkList(walk, branch.then, true);
      }
      if (node.else !== undefined) walkList(walk, node.else, true);
      return;
    case 'For':
    case 'Select':
      for (const word of node.wordlist ?? []) walkSubstitutions(walk, word, conditional);
      walkList(walk, node.body, true);
      return;
    case 'ArithmeticFor':
      walkList(walk, node.body, true);
      return;
    case 'While':
      walkList(walk, node.clause, conditional);
      walkList(walk, node.body, true);
      return;
    case 'Case':
      walkSubstitutions(walk, node.word, conditional);
      for (const item of node.items) walkList(walk, item.body, true);
      return;
    case 'Subshell':
    case 'BraceGroup':
      walkList(walk, node.body, conditional);
      return;
    default:
      walkSubstitutions(walk, node, conditional);
  }
}

function walkSubstitutions(walk: Walk, node: SyntaxNode, conditional: boolean): void {
  if (node.type === 'Word' && node.parts === undefined) return;
  forEachChild(node, (child) => {
    if (child.type === 'Script') walkSubstitution(walk, child, node, conditional);
    else walkSubstitutions(walk, child, conditional);
  });
}

function walkSubstitution(walk: Walk, script: Script, around: SyntaxNode, conditional: boolean): void {
  const { source } = script;
  const list = ++walk.gathered.lists;
  const depth = walk.depth + 1;
  if (source === undefined) {
    walkScript({ ...walk, depth }, script, list, conditional);
    return;
  }
  // Inside backquotes the escapes are already taken off. Where there were any, nothing in it has a place for sure.
  const from = walk.text.text.indexOf(source, around.pos);
  if (from < 0 || from + source.length > around.end) return;
  walkScript({ ...walk, text: sliceMapped(walk.text, from, from + source.length), depth }, script, list, conditional);
}

function walkCommand(walk: Walk, node: Command, place: Place): void {
  const words: ShellWord[] = [];
  const redirects: ShellRedirect[] = [];
  const assignments: Assigned[] = [];
  if (node.name !== undefined) words.push(readWord(walk, node.name));
  for (const item of node.prefix) {
    if (item.type === 'Assignment') assignments.push(readAssignment(walk, item));
    else redirects.push(readRedirect(walk, item));
  }
  for (const item of node.suffix) {
    if (item.type === 'Word') words.push(readWord(walk, item));
    else if (item.type === 'Assignment') words.push(assignmentWord(walk, item));
    else redirects.push(readRedirect(walk, item));
  }
  const command = words.length === 0 ? undefined : makeCommand(words, redirects, assignments, place);
  if (command !== undefined) walk.gathered.commands.push(command);
  for (const item of [...node.prefix, ...(node.name ? [node.name] : []), ...node.suffix]) {
    walkSubstitutions(walk, item, place.conditional);
  }
  if (command !== undefined) walkInnerScript(walk, node, command, place.conditional);
}

/** A program that is called with these words and no shell between, as a script of one command; undefined where there is none. */
export function argumentsScript(words: readonly ShellWord[], span: Span): ShellScript | undefined {
  const place: Place = { list: 0, joined: '', conditional: false, timed: false };
  const command = makeCommand(words, [], [], place);
  return command && { span, text: undefined, commands: [command], problems: [] };
}

function makeCommand(
  all: readonly ShellWord[],
  redirects: readonly ShellRedirect[],
  before: readonly Assigned[],
  place: Place,
): ShellCommand | undefined {
  const { words, wrappers, assignments } = unwrap(all);
  const [nameWord] = words;
  if (nameWord === undefined) return undefined;
  const { start } = nameWord.span;
  const end = Math.max(...words.map((word) => word.span.end), ...redirects.map((redirect) => redirect.span.end));
  return {
    span: { start, end },
    name: baseName(nameWord),
    nameWord,
    words: words.slice(1),
    assignments: [...before, ...assignments.map(splitAssignment)],
    redirects,
    wrappers: place.timed ? ['time', ...wrappers] : wrappers,
    list: place.list,
    joined: place.joined,
    conditional: place.conditional,
  };
}

/** `sh -c '…'`, `su -c '…'` and `sh <<EOF` run a script of their own. */
function walkInnerScript(walk: Walk, node: Command, command: ShellCommand, conditional: boolean): void {
  const isShell = SHELLS.has(command.name);
  if ((!isShell && command.name !== 'su') || walk.depth >= DEEPEST) return;
  const flag = command.words.findIndex((word) => word.constant && /^-[a-zA-Z]*c$/.test(word.value));
  let inner: MappedText | undefined;
  if (flag >= 0) {
    const argument = command.words[flag + 1];
    const word =
      argument && node.suffix.find((item) => item.type === 'Word' && spanOf(walk, item).start === argument.span.start);
    inner = word?.type === 'Word' ? insideQuotes(walk.text, word) : undefined;
  } else if (isShell && command.words.every((word) => word.value.startsWith('-'))) {
    const heredoc = [...node.prefix, ...node.suffix].find((item) => item.type === 'HereDoc');
    if (heredoc?.type === 'HereDoc') inner = sliceMapped(walk.text, heredoc.body.pos, heredoc.body.end);
  }
  if (inner === undefined || inner.text.trim() === '') return;
  walkScript({ ...walk, text: inner, depth: walk.depth + 1 }, parse(inner.text), ++walk.gathered.lists, conditional);
}

/** The text that a word stands for where it is one quoted string, or none is quoted; variables in it are left as they are. */
function insideQuotes(text: MappedText, word: Word): MappedText | undefined {
  const { pos, end } = word;
  if (word.parts === undefined) return /[\\'"]/.test(word.text) ? undefined : sliceMapped(text, pos, end);
  const [part, ...others] = word.parts;
  if (part === undefined || others.length > 0) return undefined;
  const quote = text.text.charAt(pos);
  if (end - pos < 2 || text.text.charAt(end - 1) !== quote) return undefined;
  if (part.type === 'SingleQuoted') return sliceMapped(text, pos + 1, end - 1);
  return part.type === 'DoubleQuoted' ? withoutEscapes(text, pos + 1, end - 1) : undefined;
}

/** Takes off the backslashes that mean something between double quotes. */
function withoutEscapes(text: MappedText, from: number, to: number): MappedText {
  const raw = text.text;
  let result = sliceMapped(text, from, from);
  let start = from;
  for (let at = from; at < to; at++) {
    if (raw.charAt(at) !== '\\' || !'"$`\\'.includes(raw.charAt(at + 1) || ' ')) continue;
    result = joinMapped(result, sliceMapped(text, start, at));
    start = ++at;
  }
  return joinMapped(result, sliceMapped(text, start, to));
}

function joinMapped(a: MappedText, b: MappedText): MappedText {
  const runs = b.runs.map((run) => ({ ...run, derived: run.derived + a.text.length }));
  return { text: a.text + b.text, runs: [...a.runs, ...runs], sourceEnd: b.sourceEnd };
}

function spanOf(walk: Walk, at: { readonly pos: number; readonly end: number }): Span {
  return toSourceSpan(walk.text, { start: at.pos, end: at.end });
}

function readWord(walk: Walk, word: Word): ShellWord {
  const source = word.text.includes('\\\n') ? word.text.replaceAll('\\\n', '') : word.text;
  return { span: spanOf(walk, word), source, value: word.value, constant: isConstant(word.parts) };
}

function isConstant(parts: readonly WordPart[] | undefined): boolean {
  return (parts ?? []).every((part) => {
    switch (part.type) {
      case 'Literal':
      case 'SingleQuoted':
      case 'AnsiCQuoted':
        return true;
      case 'DoubleQuoted':
      case 'LocaleString':
        return isConstant(part.parts);
      default:
        return false;
    }
  });
}

function readRedirect(walk: Walk, redirect: Redirection): ShellRedirect {
  const target = redirect.type === 'HereDoc' ? undefined : redirect.target;
  const at =
    redirect.type === 'HereDoc' ? { pos: redirect.pos, end: redirect.delimiter?.end ?? redirect.end } : redirect;
  return { operator: redirect.operator, target: target && readWord(walk, target), span: spanOf(walk, at) };
}

function readAssignment(walk: Walk, item: Assignment): Assigned {
  const value = item.value.type === 'Word' && item.value.end > item.value.pos ? readWord(walk, item.value) : undefined;
  return { name: item.name, value, span: spanOf(walk, item) };
}

function assignmentWord(walk: Walk, item: Assignment): ShellWord {
  const word = item.value.type === 'Word' ? item.value : undefined;
  const value = word === undefined ? item.text : item.text.slice(0, item.text.length - word.text.length) + word.value;
  return {
    span: spanOf(walk, item),
    source: item.text,
    value,
    constant: word !== undefined && isConstant(word.parts),
  };
}

/** A `NAME=value` word behind env or sudo. */
function splitAssignment(word: ShellWord): Assigned {
  const cut = word.source.indexOf('=');
  const name = word.source.slice(0, cut);
  const source = word.source.slice(cut + 1);
  if (source === '') return { name, value: undefined, span: word.span };
  const span = { start: Math.min(word.span.start + cut + 1, word.span.end), end: word.span.end };
  const value = word.value.slice(word.value.indexOf('=') + 1);
  return { name, value: { span, source, value, constant: word.constant }, span: word.span };
}
