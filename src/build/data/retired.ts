import { isDayStamp, parseTag } from '../../core/images/image-tag.ts';

/** What the tags of an image stand for. */
export interface Carried {
  /** `3`, `3.14`: of released versions. */
  readonly versions: ReadonlySet<string>;
  /** `slim`, `bookworm`. */
  readonly words: ReadonlySet<string>;
}

/** A word that names a variant: no patch, build, stamp of a day or hash. Windows' releases are numbers (`1809`). */
function namesVariant(word: string): boolean {
  if (/^\d+$/.test(word)) return /^(?:1[5-9]|20)\d\d$/.test(word);
  if (/^v?\d+(?:\.\d+){2,}/.test(word) || /\d{6,}/.test(word)) return false;
  return /[a-z]/i.test(word) && !/^(?=.*\d)[0-9a-f]{7,}$/.test(word);
}

/** Version lines and variant words that some tag carries. */
export function carried(tags: readonly string[]): Carried {
  const versions = new Set<string>();
  const words = new Set<string>();
  for (const tag of tags) {
    const { version, preview, variant } = parseTag(tag);
    if (version !== undefined && preview === undefined && !isDayStamp(version)) {
      const [major = '', minor] = version.split(/[._u]/);
      versions.add(major);
      if (minor !== undefined) versions.add(`${major}.${minor}`);
    }
    for (const word of (version === undefined ? tag : variant).split('-')) if (namesVariant(word)) words.add(word);
  }
  return { versions, words };
}

/** What stopped being carried, with the day. */
export interface Left {
  readonly versions: ReadonlyMap<string, string>;
  readonly words: ReadonlyMap<string, string>;
}

/** The day on which each of `gone` was last there, then no more, in a history that goes forward. */
function lastDays(
  gone: readonly string[],
  history: readonly { readonly day: string; readonly has: ReadonlySet<string> }[],
): ReadonlyMap<string, string> {
  return new Map(
    gone.map((what) => {
      const last = history.findLastIndex(({ has }) => has.has(what));
      const day = history[last + 1]?.day;
      if (day === undefined) throw new Error(`the history does not tell when ${what} left`);
      return [what, day];
    }),
  );
}

/**
 * What was carried before and is not now.
 * @param history the tags after each commit, oldest first, with its day; the last one is now
 */
export function leftSince(
  before: readonly string[],
  history: readonly { readonly day: string; readonly tags: readonly string[] }[],
): Left {
  const [was, is] = [carried(before), carried(history.at(-1)?.tags ?? before)];
  const steps = history.map(({ day, tags }) => ({ day, ...carried(tags) }));
  const gone = (a: ReadonlySet<string>, b: ReadonlySet<string>) => [...a].filter((what) => !b.has(what));
  return {
    versions: lastDays(
      gone(was.versions, is.versions),
      steps.map(({ day, versions }) => ({ day, has: versions })),
    ),
    words: lastDays(
      gone(was.words, is.words),
      steps.map(({ day, words }) => ({ day, has: words })),
    ),
  };
}

/** A table of days without what is carried again, and with what has left; numbers in their order. */
export function daysWith(
  before: Readonly<Record<string, string>>,
  left: ReadonlyMap<string, string>,
  now: ReadonlySet<string>,
): Readonly<Record<string, string>> {
  const all = { ...before, ...Object.fromEntries(left) };
  const rank = (line: string) =>
    line
      .split('.')
      .map((part) => part.padStart(6, '0'))
      .join('.');
  return Object.fromEntries(
    Object.entries(all)
      .filter(([what]) => !now.has(what))
      .sort(([a], [b]) => (rank(a) < rank(b) ? -1 : 1)),
  );
}
