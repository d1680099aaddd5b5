/** One `$NAME` or `${NAME…}` of a text. Offsets are those of the text. */
export interface Variable {
  readonly name: string;
  /** What follows the name in braces: `:-`, `-`, `:?`, `?`, `:+`, `+`; empty where there is none. */
  readonly operator: string;
  /** The text behind the operator. */
  readonly word: string;
  readonly start: number;
  readonly end: number;
}

const named = /^\$(?:\{([A-Za-z_]\w*)(?:(:?[-?+])|(?=\}))|([A-Za-z_]\w*))/;

/** The variables of a text in order, without those inside a default; undefined where Compose would refuse the text. */
export function variablesIn(text: string): readonly Variable[] | undefined {
  const { variables, bad } = scan(text);
  return bad === undefined ? variables : undefined;
}

/** The first `${` that begins no variable: Compose refuses such a text. Other dollars are dollars. */
export function badDollar(text: string): number | undefined {
  return scan(text).bad;
}

function scan(text: string): { readonly variables: readonly Variable[]; readonly bad: number | undefined } {
  const variables: Variable[] = [];
  for (let at = text.indexOf('$'); at >= 0; at = text.indexOf('$', at)) {
    if (text[at + 1] === '$') {
      at += 2;
      continue;
    }
    const match = named.exec(text.slice(at));
    if (match === null) {
      if (text[at + 1] === '{') return { variables, bad: at };
      at++;
      continue;
    }
    const [whole, inBraces, operator = '', bare] = match;
    const from = at + whole.length;
    const close = bare === undefined ? closingBrace(text, from) : from - 1;
    if (close === undefined) return { variables, bad: at };
    variables.push({
      name: inBraces ?? bare ?? '',
      operator,
      word: text.slice(from, Math.max(from, close)),
      start: at,
      end: close + 1,
    });
    at = close + 1;
  }
  return { variables, bad: undefined };
}

/** Where the brace closes that is open at an offset. */
function closingBrace(text: string, from: number): number | undefined {
  let depth = 1;
  for (let at = from; at < text.length; at++) {
    if (text.startsWith('${', at)) depth++;
    else if (text[at] === '}' && --depth === 0) return at;
  }
  return undefined;
}

/**
 * The text with its variables replaced as Compose does it: by the value of `.env`, else by the default that the text itself
 * gives. Undefined where one of them is not known, where nothing would be left, and where a dollar is meant: in what
 * comes back it would look like another variable.
 */
export function interpolate(text: string, values: ReadonlyMap<string, string>): string | undefined {
  const variables = variablesIn(text);
  if (variables === undefined || /\$(?![A-Za-z_{])/.test(text)) return undefined;
  let result = '';
  let last = 0;
  for (const { name, operator, word, start, end } of variables) {
    const value = valueOf(values.get(name), operator, word, values);
    if (value === undefined || value.includes('$')) return undefined;
    result += text.slice(last, start) + value;
    last = end;
  }
  result += text.slice(last);
  return result.trim() === '' ? undefined : result;
}

/** The shell may set a variable that `.env` does not have: only a default tells what it is without that. */
function valueOf(
  known: string | undefined,
  operator: string,
  word: string,
  values: ReadonlyMap<string, string>,
): string | undefined {
  const inner = () => (word === '' ? '' : interpolate(word, values));
  switch (operator) {
    case ':-':
      return known === undefined || known === '' ? inner() : known;
    case '-':
      return known ?? inner();
    case ':+':
    case '+':
      return known === undefined || (known === '' && operator === ':+') ? undefined : inner();
    case ':?':
      return known === '' ? undefined : known;
    default:
      return known;
  }
}

/**
 * The variables of an `.env` file with their values, as Compose reads it: `export`, comments, quotes, and variables that stand above.
 * A name alone takes its value from the shell and is in `names` only, as is one whose value cannot be told.
 */
export function readEnvironmentFile(text: string): {
  readonly names: ReadonlySet<string>;
  readonly values: ReadonlyMap<string, string>;
} {
  const names = new Set<string>();
  const values = new Map<string, string>();
  const line =
    /^[^\S\n]*(?:export[^\S\n]+)?([A-Za-z_][\w.-]*)[^\S\n]*(?:[=:][^\S\n]*(?:"((?:\\[\s\S]|[^"\\])*)"|'([^']*)'|([^\n]*)))?/gm;
  for (const [, name = '', double, single, plain] of text.replaceAll('\r\n', '\n').matchAll(line)) {
    names.add(name);
    const written = double?.replaceAll(/\\(.)/g, unescaped) ?? plain?.replace(/(?:^|\s+)#.*$/, '').trim();
    const value = single ?? (written === undefined || written === '' ? written : interpolate(written, values));
    if (value === undefined) values.delete(name);
    else values.set(name, value);
  }
  return { names, values };
}

function unescaped(whole: string, escaped: string): string {
  if (escaped === 'n') return '\n';
  return escaped === 't' ? '\t' : /["\\]/.test(escaped) ? escaped : whole;
}
