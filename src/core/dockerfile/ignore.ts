/** One line of an ignore file that says something. */
export interface IgnorePattern {
  /** As Docker compares it: cleaned, without `!` and the slash in front. */
  readonly pattern: string;
  /** `!`: takes back what patterns before it left out. */
  readonly exception: boolean;
  /** Its line, from 0. */
  readonly line: number;
  readonly matches: (path: string) => boolean;
}

export interface IgnoreFile {
  readonly patterns: readonly IgnorePattern[];
  readonly hasExceptions: boolean;
}

/**
 * Reads a `.dockerignore` as moby's `ignorefile` and `patternmatcher` do. Patterns that Docker refuses (a lone `!`, a bracket
 * that is not closed) are left out: the build fails there in any case.
 */
export function readIgnoreFile(text: string): IgnoreFile {
  const patterns: IgnorePattern[] = [];
  for (const [line, written] of text
    .replace(/^\ufeff/, '')
    .split('\n')
    .entries()) {
    if (written.startsWith('#')) continue;
    const trimmed = written.trim();
    const exception = trimmed.startsWith('!');
    const body = exception ? trimmed.slice(1).trim() : trimmed;
    if (body === '') continue;
    const cleaned = cleanPath(body);
    const pattern = cleaned.length > 1 && cleaned.startsWith('/') ? cleaned.slice(1) : cleaned;
    const matches = matcher(pattern);
    if (matches !== undefined) patterns.push({ pattern, exception, line, matches });
  }
  return { patterns, hasExceptions: patterns.some(({ exception }) => exception) };
}

/**
 * The pattern that keeps a path out of the build context; undefined where the path gets there. A pattern holds for all that
 * is in a folder that it matches, and the last one that matches decides.
 * @param path relative to the context, with `/` and without `./` in front
 */
export function ignoredBy(file: IgnoreFile, path: string): IgnorePattern | undefined {
  const parts = path.split('/');
  let decided: IgnorePattern | undefined;
  for (const pattern of file.patterns) {
    if (pattern.exception !== (decided !== undefined)) continue;
    if (pattern.matches(path) || parentMatches(pattern, parts)) decided = pattern.exception ? undefined : pattern;
  }
  return decided;
}

function parentMatches(pattern: IgnorePattern, parts: readonly string[]): boolean {
  for (let depth = 1; depth < parts.length; depth++) if (pattern.matches(parts.slice(0, depth).join('/'))) return true;
  return false;
}

/** A path in its shortest form, as Go's `path.Clean` makes it. */
export function cleanPath(path: string): string {
  const rooted = path.startsWith('/');
  const kept: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') kept.push(part);
    else if (kept.length > 0 && kept.at(-1) !== '..') kept.pop();
    else if (!rooted) kept.push(part);
  }
  const joined = kept.join('/');
  if (rooted) return `/${joined}`;
  return joined === '' ? '.' : joined;
}

/** A part of a pattern: text, one character, all characters up to a slash, whole folders (also none), or everything. */
type Part =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'one'; readonly fits: (character: string) => boolean }
  | { readonly kind: 'star' | 'folders' | 'all' };

const notSlash = (character: string) => character !== '/';

/** How one pattern is matched; undefined where Docker refuses it. The cases are moby's, which are not all alike. */
function matcher(pattern: string): ((path: string) => boolean) | undefined {
  const parts = partsOf(pattern);
  if (parts === undefined) return undefined;
  const rest = parts.slice(1);
  // `**` in front of plain text stands for any beginning, not only for whole folders.
  if (pattern.startsWith('**') && rest.every(({ kind }) => kind === 'text')) {
    const suffix = pattern.slice(2);
    return (path) => path.endsWith(suffix) || (suffix.startsWith('/') && path === suffix.slice(1));
  }
  if (parts.every(({ kind }) => kind === 'text')) return (path) => path === pattern;
  return (path) => fits(parts, path);
}

function partsOf(pattern: string): readonly Part[] | undefined {
  const parts: Part[] = [];
  let at = 0;
  while (at < pattern.length) {
    const character = pattern.charAt(at++);
    if (character === '*' && pattern.charAt(at) === '*') {
      at += pattern.charAt(at + 1) === '/' ? 2 : 1;
      parts.push({ kind: at < pattern.length ? 'folders' : 'all' });
    } else if (character === '*') parts.push({ kind: 'star' });
    else if (character === '?') parts.push({ kind: 'one', fits: notSlash });
    else if (character === '[') {
      const set = /^\^?(?:\\.|[^\]\\])+\]/.exec(pattern.slice(at))?.[0];
      const one = set === undefined ? undefined : characterSet(set);
      if (set === undefined || one === undefined) return undefined;
      at += set.length;
      parts.push({ kind: 'one', fits: one });
    } else if (character === '\\') {
      const escaped = pattern.charAt(at++);
      if (escaped === '') return undefined;
      parts.push({ kind: 'one', fits: (other) => other === escaped });
    } else parts.push({ kind: 'text', text: character });
  }
  return parts;
}

/** `a-z]`, `^x]`: the bracket before it is taken off. */
function characterSet(set: string): ((character: string) => boolean) | undefined {
  try {
    const expression = new RegExp(`^[${set.replace(/\[/g, '\\[')}$`);
    return (character) => expression.test(character);
  } catch {
    return undefined;
  }
}

/** Follows all ways through the pattern at once, so that no pattern takes long. */
function fits(parts: readonly Part[], path: string): boolean {
  let places: ReadonlySet<number> = new Set([0]);
  for (const part of parts) {
    const next = new Set<number>();
    for (const place of places) {
      switch (part.kind) {
        case 'text':
          if (path.charAt(place) === part.text) next.add(place + 1);
          break;
        case 'one':
          if (place < path.length && part.fits(path.charAt(place))) next.add(place + 1);
          break;
        case 'star':
          for (let end = place; end <= path.length && !next.has(end); end++) {
            next.add(end);
            if (path.charAt(end) === '/') break;
          }
          break;
        case 'folders':
          next.add(place);
          for (let end = path.indexOf('/', place); end >= 0; end = path.indexOf('/', end + 1)) next.add(end + 1);
          break;
        case 'all':
          return true;
        default:
          return part satisfies never;
      }
    }
    if (next.size === 0) return false;
    places = next;
  }
  return places.has(path.length);
}
