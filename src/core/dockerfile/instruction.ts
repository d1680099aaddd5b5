import type { ShellScript } from '../shell/model.ts';
import type { MappedText } from '../text/mapped-text.ts';
import { sliceMapped, toSourceSpan } from '../text/mapped-text.ts';
import { containsSpan, type Located, type Span } from '../text/span.ts';
import type { Lookup } from './expansion.ts';
import { imageReference } from './image-reference.ts';
import { isArray, locatedStrings } from './json.ts';
import type {
  CommandForm,
  DockerfileProblem,
  Flag,
  FromInstruction,
  Heredoc,
  Instruction,
  KeyValue,
  Mount,
  RunInstruction,
  Word,
} from './model.ts';
import { readMounts } from './mounts.ts';
import { runScript } from './script.ts';
import { blankWords, endOfText, locatedFlags, makeWord, quotedWords, splitCommand } from './words.ts';

/** What reading an instruction needs to know of the file around it. */
export interface Surroundings {
  readonly source: string;
  readonly escape: '\\' | '`';
  /** Global ARGs, for FROM. */
  readonly lookup: Lookup;
  /** The SHELL in force. */
  readonly shell: readonly string[];
  readonly problems: DockerfileProblem[];
}

/** An instruction's text, and what of it stands outside that text. */
export interface InstructionText {
  readonly span: Span;
  readonly text: MappedText;
  readonly heredocs: readonly Heredoc[];
  readonly emptyContinuations: readonly Span[];
}

/** The fields that every instruction has, but `words`, and the tools to make the others. */
interface Parts {
  readonly line: InstructionText;
  readonly surroundings: Surroundings;
  readonly arguments: MappedText;
  readonly common: {
    readonly span: Span;
    readonly keyword: Located<string>;
    readonly flags: readonly Flag[];
    readonly arguments: MappedText;
    readonly heredocs: readonly Heredoc[];
    readonly emptyContinuations: readonly Span[];
    readonly brokenJson: Span | undefined;
    readonly onbuild: boolean;
  };
  /** The arguments as JSON strings, where they are. */
  readonly json: readonly Located<string>[] | undefined;
}

const TAKES_JSON = new Set(['run', 'cmd', 'entrypoint', 'shell', 'copy', 'add', 'volume']);

/** Reads one instruction. Never throws: what cannot be read is left undefined, and told as a problem where the builder would stop. */
export function readInstruction(line: InstructionText, surroundings: Surroundings, onbuild: boolean): Instruction {
  const split = splitCommand(line.text.text);
  const { start, end } = split.keyword;
  const keyword = { value: line.text.text.slice(start, end), span: toSourceSpan(line.text, split.keyword) };
  const name = keyword.value.toLowerCase();
  const argumentsText = trimmed(line.text, split.rest);
  const json = TAKES_JSON.has(name) ? locatedStrings(argumentsText) : undefined;
  const parts: Parts = {
    line,
    surroundings,
    arguments: argumentsText,
    json,
    common: {
      span: line.span,
      keyword,
      flags: locatedFlags(line.text, split.flags),
      arguments: argumentsText,
      heredocs: line.heredocs,
      emptyContinuations: line.emptyContinuations,
      brokenJson: TAKES_JSON.has(name) && json === undefined ? brokenJson(argumentsText, surroundings) : undefined,
      onbuild,
    },
  };
  return byKeyword(name, parts);
}

function byKeyword(name: string, parts: Parts): Instruction {
  switch (name) {
    case 'from':
      return readFrom(parts);
    case 'run':
      return new Run(parts);
    case 'copy':
    case 'add':
      return readCopy(name, parts);
    case 'cmd':
    case 'entrypoint':
    case 'shell':
      return {
        ...parts.common,
        kind: name,
        command: commandForm(parts.arguments, parts.json),
        words: parts.json === undefined ? quoted(parts) : jsonWords(parts, parts.json),
      };
    case 'healthcheck':
      return readHealthcheck(parts);
    case 'env':
    case 'label':
    case 'arg':
      return readPairs(name, parts);
    case 'expose':
      return { ...parts.common, kind: name, words: blank(parts) };
    case 'volume':
      return {
        ...parts.common,
        kind: name,
        words: parts.json === undefined ? blank(parts) : jsonWords(parts, parts.json),
      };
    case 'user':
    case 'workdir':
    case 'stopsignal':
    case 'maintainer':
      return { ...parts.common, kind: name, words: quoted(parts) };
    case 'onbuild':
      return readOnbuild(parts);
    default:
      return { ...parts.common, kind: 'unknown', words: blank(parts) };
  }
}

/** The line from `from` on without blanks behind; nothing at all stands right behind what comes before. */
function trimmed(line: MappedText, from: number): MappedText {
  const end = endOfText(line.text);
  return sliceMapped(line, Math.min(from, end), end);
}

function blank(parts: Parts): readonly Word[] {
  return blankWords(parts.arguments.text).map((at) => makeWord(parts.arguments, at, parts.surroundings.escape));
}

function quoted(parts: Parts): readonly Word[] {
  const { escape: token } = parts.surroundings;
  return quotedWords(parts.arguments.text, token).map((at) => makeWord(parts.arguments, at, token));
}

/** The elements of a JSON array as words. Variables in them are expanded by the instructions that expand any. */
function jsonWords(parts: Parts, strings: readonly Located<string>[]): readonly Word[] {
  const { source } = parts.surroundings;
  return strings.map(({ value, span }) => ({
    span,
    text: source.slice(span.start, span.end),
    value,
    constant: !value.includes('$'),
  }));
}

function commandForm(text: MappedText, words: readonly Located<string>[] | undefined): CommandForm {
  const span = toSourceSpan(text, { start: 0, end: text.text.length });
  return words === undefined ? { kind: 'shell', span, source: text } : { kind: 'exec', span, words };
}

/** A shell's test, `[ -f x ] && …`, begins with a bracket too. */
const TEST_COMMAND = /^\[(?:\[\s|\s+(?:!\s|-[a-zA-Z]\s|[^,\]]*\s(?:=|==|!=|=~|<|>|-[a-z]{2})\s))/;

function brokenJson(text: MappedText, surroundings: Surroundings): Span | undefined {
  if (!text.text.startsWith('[') || TEST_COMMAND.test(text.text)) return undefined;
  const span = toSourceSpan(text, { start: 0, end: text.text.length });
  if (isArray(text.text)) {
    const message = 'An array here holds strings only';
    surroundings.problems.push({ code: 'json-not-strings', message, span });
  }
  return span;
}

function readFrom(parts: Parts): FromInstruction {
  const { lookup, escape: token } = parts.surroundings;
  const [image] = blankWords(parts.arguments.text);
  const words = blank(parts);
  const as = words[1];
  const alias = words[2];
  return {
    ...parts.common,
    kind: 'from',
    words,
    image: image && imageReference(parts.arguments, image, lookup, token),
    as: as && { value: as.text, span: as.span },
    alias: alias && { value: alias.text, span: alias.span },
    platform: flagValue(parts, 'platform'),
  };
}

function flagValue(parts: Parts, name: string): Located<string> | undefined {
  return parts.common.flags.findLast((flag) => flag.name.value === name)?.value;
}

/**
 * Its words and its script are read when they are first asked for: most words never are. It is a class for its getters:
 * all of a kind look alike to the machine, as objects with getters of their own would not.
 */
class Run implements RunInstruction {
  readonly kind = 'run';
  readonly span: Span;
  readonly keyword: Located<string>;
  readonly flags: readonly Flag[];
  readonly arguments: MappedText;
  readonly heredocs: readonly Heredoc[];
  readonly emptyContinuations: readonly Span[];
  readonly brokenJson: Span | undefined;
  readonly onbuild: boolean;
  readonly command: CommandForm;
  readonly mounts: readonly Mount[];
  readonly shell: readonly string[];
  readonly #parts: Parts;
  #words: readonly Word[] | undefined;
  #script: { readonly read: ShellScript | undefined } | undefined;

  constructor(parts: Parts) {
    const { common } = parts;
    this.span = common.span;
    this.keyword = common.keyword;
    this.flags = common.flags;
    this.arguments = common.arguments;
    this.heredocs = common.heredocs;
    this.emptyContinuations = common.emptyContinuations;
    this.brokenJson = common.brokenJson;
    this.onbuild = common.onbuild;
    this.command = commandForm(parts.arguments, parts.json);
    this.mounts = common.flags.length === 0 ? [] : readMounts(common.flags, parts.surroundings.source);
    this.shell = parts.surroundings.shell;
    this.#parts = parts;
  }

  get words(): readonly Word[] {
    const { json } = this.#parts;
    this.#words ??= json === undefined ? quoted(this.#parts) : jsonWords(this.#parts, json);
    return this.#words;
  }

  get script(): ShellScript | undefined {
    const { source } = this.#parts.surroundings;
    this.#script ??= {
      read: runScript({
        source,
        shell: this.shell,
        command: this.command,
        span: this.span,
        heredocs: this.heredocs,
        arguments: this.arguments,
      }),
    };
    return this.#script.read;
  }
}

function readCopy(kind: 'copy' | 'add', parts: Parts): Instruction {
  const words = parts.json === undefined ? blank(parts) : jsonWords(parts, parts.json);
  const destination = words.length > 1 ? words.at(-1) : undefined;
  return {
    ...parts.common,
    kind,
    words,
    sources: destination === undefined ? words : words.slice(0, -1),
    destination,
    from: flagValue(parts, 'from'),
    json: parts.json !== undefined,
  };
}

function readHealthcheck(parts: Parts): Instruction {
  const [type] = blankWords(parts.arguments.text);
  const name = type && parts.arguments.text.slice(type.start, type.end).toLowerCase();
  const health = { ...parts.common, kind: 'healthcheck' as const, none: name === 'none' };
  if (type === undefined || name !== 'cmd') {
    return { ...health, command: undefined, words: quoted(parts) };
  }
  const rest = parts.arguments.text.slice(type.end);
  const command = trimmed(parts.arguments, type.end + rest.length - rest.trimStart().length);
  const json = locatedStrings(command);
  const broken = json === undefined ? brokenJson(command, parts.surroundings) : undefined;
  const form = command.text === '' ? undefined : commandForm(command, json);
  return { ...health, command: form, brokenJson: broken, words: quoted(parts) };
}

function readPairs(kind: 'env' | 'label' | 'arg', parts: Parts): Instruction {
  const { escape: token } = parts.surroundings;
  const text = parts.arguments;
  const places = quotedWords(text.text, token);
  const words = places.map((at) => makeWord(text, at, token));
  const first = places[0];
  const legacy = kind !== 'arg' && first !== undefined && !text.text.slice(first.start, first.end).includes('=');
  const pairs = legacy ? [legacyPair(kind, parts)] : places.map((at) => pair(kind, at, parts));
  return { ...parts.common, kind, words, pairs };
}

function legacyPair(kind: string, parts: Parts): KeyValue {
  const { escape: token, problems } = parts.surroundings;
  const text = parts.arguments;
  const gap = /[\t\v\f\r ]+/.exec(text.text);
  const keyEnd = gap?.index ?? text.text.length;
  const span = toSourceSpan(text, { start: 0, end: text.text.length });
  const key = makeWord(text, { start: 0, end: keyEnd }, token);
  if (gap === null) {
    const message = `${kind.toUpperCase()} needs a name and a value`;
    problems.push({ code: 'pair-without-value', message, span });
    return { span, key, value: undefined, legacy: true };
  }
  const value = makeWord(text, { start: keyEnd + gap[0].length, end: text.text.length }, token);
  return { span, key, value, legacy: true };
}

function pair(kind: string, at: Span, parts: Parts): KeyValue {
  const { escape: token, problems } = parts.surroundings;
  const text = parts.arguments;
  const written = text.text.slice(at.start, at.end);
  const span = toSourceSpan(text, at);
  const cut = written.indexOf('=');
  if (cut < 0) {
    if (kind !== 'arg')
      problems.push({ code: 'pair-without-equals', message: `${written} has no value: write name=value`, span });
    return { span, key: makeWord(text, at, token), value: undefined, legacy: false };
  }
  const equals = at.start + cut;
  const key = makeWord(text, { start: at.start, end: equals }, token);
  return { span, key, value: valueWord(text, equals, at.end, token), legacy: false };
}

/** The word behind an `=`; an empty one stands right behind it. */
function valueWord(text: MappedText, equals: number, end: number, token: '\\' | '`'): Word {
  if (equals + 1 < end) return makeWord(text, { start: equals + 1, end }, token);
  const place = toSourceSpan(text, { start: equals, end: equals + 1 }).end;
  return { span: { start: place, end: place }, text: '', value: '', constant: true };
}

function readOnbuild(parts: Parts): Instruction {
  const { line, surroundings, common } = parts;
  const text = parts.arguments;
  if (text.text === '') return { ...common, kind: 'onbuild', words: [], trigger: undefined };
  const span = { start: toSourceSpan(text, { start: 0, end: 1 }).start, end: line.span.end };
  // BuildKit refuses ONBUILD ONBUILD; read no deeper, or a long line of them would go as deep.
  const emptyContinuations = line.emptyContinuations.filter((blank) => containsSpan(span, blank));
  const inner = { ...line, span, text, emptyContinuations };
  const trigger = common.onbuild ? undefined : readInstruction(inner, surroundings, true);
  return { ...common, kind: 'onbuild', trigger, words: quoted(parts) };
}
