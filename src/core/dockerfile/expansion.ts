/** What `${name}` stands for; undefined where it is not set. */
export type Lookup = (name: string) => string | undefined;

export interface ExpandOptions {
  readonly escape: '\\' | '`';
  /** Leave variables that are not set as they stand, instead of putting nothing in their place. */
  readonly keepUnset?: boolean;
}

/** `unset` are the names that were looked up in vain and left a hole in the value. */
export type Expansion =
  | {
      readonly ok: true;
      readonly value: string;
      readonly variables: readonly string[];
      readonly unset: readonly string[];
      readonly quoted: boolean;
    }
  | { readonly ok: false; readonly error: string };

interface Lexer {
  readonly text: string;
  readonly escape: string;
  readonly lookup: Lookup;
  readonly keepUnset: boolean;
  at: number;
  depth: number;
  rawEscapes: boolean;
  quoted: boolean;
  error: string | undefined;
  readonly variables: string[];
  readonly unset: string[];
}

const DEEPEST = 60;
const LONGEST_PATTERN_VALUE = 4096;
const SPECIAL = '@*#?-$!0';
const LETTER = /^[\p{L}\p{Nd}_]$/u;
const DIGIT = /^\p{Nd}$/u;

/**
 * Expands the variables of a word and takes its quotes and escapes off, by the rules that BuildKit follows
 * (a small part of POSIX 2.6.2, with `${x/a/b}` added). `ok` is false where BuildKit refuses the word.
 */
export function expand(text: string, lookup: Lookup, options: ExpandOptions): Expansion {
  const lexer = start(text, 0, lookup, options);
  const value = until(lexer, undefined, false);
  if (lexer.error !== undefined) return { ok: false, error: lexer.error };
  return { ok: true, value, variables: lexer.variables, unset: lexer.unset, quoted: lexer.quoted };
}

/** The offset after the variable whose `$` stands at `at`; undefined where it is malformed. */
export function endOfVariable(text: string, at: number): number | undefined {
  const lexer = start(text, at, () => undefined, { escape: '\\', keepUnset: true });
  dollar(lexer);
  return lexer.error === undefined ? lexer.at : undefined;
}

function start(text: string, at: number, lookup: Lookup, options: ExpandOptions): Lexer {
  return {
    text,
    at,
    lookup,
    escape: options.escape,
    keepUnset: options.keepUnset ?? false,
    depth: 0,
    rawEscapes: false,
    quoted: false,
    error: undefined,
    variables: [],
    unset: [],
  };
}

/** The whole character (astral ones too) at the lexer's place, `''` at the end. */
function peek(lexer: Lexer): string {
  const code = lexer.text.codePointAt(lexer.at);
  return code === undefined ? '' : String.fromCodePoint(code);
}

function next(lexer: Lexer): string {
  const character = peek(lexer);
  lexer.at += character.length;
  return character;
}

function fail(lexer: Lexer, error: string): string {
  lexer.error ??= error;
  return '';
}

function until(lexer: Lexer, stop: string | undefined, rawEscapes: boolean): string {
  if (++lexer.depth > DEEPEST) return fail(lexer, 'variables are nested too deeply');
  const before = lexer.rawEscapes;
  lexer.rawEscapes = rawEscapes;
  let result = '';
  let stopped = stop === undefined;
  while (lexer.error === undefined && lexer.at < lexer.text.length) {
    const character = peek(lexer);
    if (character === stop) {
      next(lexer);
      stopped = true;
      break;
    }
    if (character === '$') result += dollar(lexer);
    else if (character === "'") result += singleQuoted(lexer);
    else if (character === '"') result += doubleQuoted(lexer);
    else if (character === lexer.escape) {
      next(lexer);
      if (lexer.rawEscapes) result += character;
      result += next(lexer);
    } else result += next(lexer);
  }
  lexer.depth--;
  lexer.rawEscapes = before;
  return stopped ? result : fail(lexer, `missing '${stop}'`);
}

function singleQuoted(lexer: Lexer): string {
  const from = lexer.at + 1;
  const to = lexer.text.indexOf("'", from);
  lexer.quoted = true;
  if (to < 0) return fail(lexer, 'missing closing single quote');
  lexer.at = to + 1;
  return lexer.text.slice(from, to);
}

function doubleQuoted(lexer: Lexer): string {
  next(lexer);
  lexer.quoted = true;
  let result = '';
  while (lexer.error === undefined) {
    const character = peek(lexer);
    if (character === '') return fail(lexer, 'missing closing double quote');
    if (character === '$') {
      result += dollar(lexer);
      continue;
    }
    next(lexer);
    if (character === '"') return result;
    if (character !== lexer.escape) {
      result += character;
      continue;
    }
    if (lexer.rawEscapes) result += character;
    const escaped = peek(lexer);
    if (escaped === '"' || escaped === '$' || escaped === lexer.escape) result += next(lexer);
    else if (escaped !== '') result += character;
  }
  return '';
}

function dollar(lexer: Lexer): string {
  const from = lexer.at;
  next(lexer);
  if (peek(lexer) !== '{') {
    const name = variableName(lexer);
    if (name === '') return '$';
    return lookUp(lexer, name, true) ?? (lexer.keepUnset ? lexer.text.slice(from, lexer.at) : '');
  }
  next(lexer);
  const first = peek(lexer);
  if (first === '') return fail(lexer, "missing '}'");
  if (first === '{' || first === '}' || first === ':') return fail(lexer, 'bad substitution');
  const name = variableName(lexer);
  const operator = next(lexer);
  if (operator === '}') return lookUp(lexer, name, true) ?? (lexer.keepUnset ? `\${${name}}` : '');
  if (operator === '/') return replacement(lexer, name);
  const kind = operator === ':' ? next(lexer) : operator;
  if (operator === ':' || '+-?#%'.includes(kind)) return modified(lexer, name, kind, operator === ':');
  return fail(lexer, `unsupported modifier (${operator}) in substitution`);
}

/** `${name:-word}` and its kin, from behind the modifier to behind the closing brace. */
function modified(lexer: Lexer, name: string, kind: string, emptyIsUnset: boolean): string {
  const word = until(lexer, '}', kind === '#' || kind === '%');
  if (lexer.error !== undefined) return '';
  if (kind === '' || !'+-?#%'.includes(kind)) return fail(lexer, `unsupported modifier (${kind}) in substitution`);
  const value = lookUp(lexer, name, kind !== '-');
  if (value === undefined && lexer.keepUnset) return `\${${name}${emptyIsUnset ? ':' : ''}${kind}${word}}`;
  const missing = value === undefined || (emptyIsUnset && value === '');
  if (kind === '-') return missing ? word : value;
  if (kind === '+') return missing ? '' : word;
  if (kind === '?') return missing ? fail(lexer, `${name}: ${word || 'is not allowed to be unset'}`) : value;
  const greedy = word.startsWith(kind);
  return trimmed(lexer, value ?? '', greedy ? word.slice(1) : word, kind === '%', greedy);
}

function trimmed(lexer: Lexer, value: string, word: string, suffix: boolean, greedy: boolean): string {
  const pattern = readPattern(lexer, word, value);
  if (pattern === undefined) return '';
  const characters = [...value];
  if (suffix) {
    const length = matchLength(pattern.toReversed(), characters.toReversed(), 0, greedy);
    return length === undefined ? value : characters.slice(0, characters.length - length).join('');
  }
  const length = matchLength(pattern, characters, 0, greedy);
  return length === undefined ? value : characters.slice(length).join('');
}

/** `${name/pattern/replacement}` from behind the first slash to behind the closing brace. */
function replacement(lexer: Lexer, name: string): string {
  const all = peek(lexer) === '/';
  if (all) next(lexer);
  const word = until(lexer, '/', true);
  const by = lexer.error === undefined ? until(lexer, '}', true) : '';
  if (lexer.error !== undefined) return '';
  const value = lookUp(lexer, name, true);
  if (value === undefined && lexer.keepUnset) return `\${${name}/${all ? '/' : ''}${word}/${by}}`;
  const pattern = readPattern(lexer, word, value ?? '');
  if (pattern === undefined) return '';
  const characters = [...(value ?? '')];
  let result = '';
  let at = 0;
  let done = false;
  while (at < characters.length) {
    const length = done ? undefined : matchLength(pattern, characters, at, true);
    if (length === undefined || length === 0) {
      result += characters[at++];
    } else {
      result += by;
      at += length;
      done = !all;
    }
  }
  return result;
}

function variableName(lexer: Lexer): string {
  let name = '';
  const first = peek(lexer);
  if (DIGIT.test(first)) {
    while (DIGIT.test(peek(lexer))) name += next(lexer);
    return name;
  }
  if (first !== '' && SPECIAL.includes(first)) return next(lexer);
  while (LETTER.test(peek(lexer))) name += next(lexer);
  return name;
}

function lookUp(lexer: Lexer, name: string, leavesHole: boolean): string | undefined {
  lexer.variables.push(name);
  const value = lexer.lookup(name);
  if (value === undefined && leavesHole) lexer.unset.push(name);
  return value;
}

interface PatternPart {
  readonly kind: 'literal' | 'one' | 'many';
  readonly character: string;
}

function readPattern(lexer: Lexer, word: string, value: string): PatternPart[] | undefined {
  if (value.length > LONGEST_PATTERN_VALUE || word.length > LONGEST_PATTERN_VALUE) {
    fail(lexer, 'the value is too long for a pattern');
    return undefined;
  }
  const parts: PatternPart[] = [];
  const characters = [...word];
  for (let at = 0; at < characters.length; at++) {
    const character = characters[at] ?? '';
    if (character === '*') parts.push({ kind: 'many', character });
    else if (character === '?') parts.push({ kind: 'one', character });
    else if (character !== '\\') parts.push({ kind: 'literal', character });
    else {
      const escaped = characters[at + 1] ?? '';
      // A brace or slash is escaped for the braces around, not for the pattern.
      if (escaped === '}' || escaped === '/') continue;
      if (escaped !== '*' && escaped !== '?' && escaped !== '\\') {
        fail(lexer, `invalid escape '\\${escaped}' in a pattern`);
        return undefined;
      }
      parts.push({ kind: 'literal', character: escaped });
      at++;
    }
  }
  return parts;
}

/** How many characters from `from` on the pattern takes: the most where greedy, else the fewest; undefined for no match. */
function matchLength(
  pattern: readonly PatternPart[],
  characters: readonly string[],
  from: number,
  greedy: boolean,
): number | undefined {
  let ends: readonly number[] = [from];
  for (const part of pattern) {
    const first = ends[0];
    if (first === undefined) return undefined;
    if (part.kind === 'many') {
      ends = Array.from({ length: characters.length - first + 1 }, (_, index) => first + index);
    } else {
      ends = ends
        .filter((at) => at < characters.length && (part.kind === 'one' || characters[at] === part.character))
        .map((at) => at + 1);
    }
  }
  const end = greedy ? ends.at(-1) : ends[0];
  return end === undefined ? undefined : end - from;
}
