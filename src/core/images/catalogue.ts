import { dayPattern, type EndOfLife, type LifeLine, lastDay, lifeState, readEndOfLife } from './end-of-life.ts';
import { type ImageFacts, isImageFacts, type RetiredImage } from './image-facts.ts';
import { compareVersions, isInLine, parseTag } from './image-tag.ts';
import { type OfficialImages, readOfficialImages } from './official-images.ts';
import { readSnapshot } from './snapshot.ts';

/** What is known of official images without asking anybody: a snapshot of what is built, was built, and when lines end. */
export interface ImageCatalogue {
  readonly official: OfficialImages;
  readonly life: EndOfLife;
  /** Month of the snapshot, such as `2026-08`: every sentence that rests on it says so. */
  readonly asOf: string;
  /** The name of the Docker Official Image that a reference means; undefined for all others. */
  officialName(registry: string | undefined, repository: string): string | undefined;
  /**
   * The same, and the names of Microsoft's images of .NET, which are official as their maker's own: their lines have ends that
   * are known, their tags are not.
   */
  knownName(registry: string | undefined, repository: string): string | undefined;
  /** The parts of a tag with a life of their own, without those whose dates say nothing of the image. */
  linesOf(name: string, tag: string): readonly LifeLine[];
  /** The day on which the last tag of a line or variant of this tag left the official images. */
  retired(name: string, tag: string): Retirement | undefined;
}

export interface Retirement {
  /** ISO day. */
  readonly day: string;
  /** `3.7`, `buster`: what is no longer built. */
  readonly of: string;
  readonly kind: 'version' | 'variant';
}

/** The catalogue, and the day on which it is asked. */
export interface ImageKnowledge {
  readonly catalogue: ImageCatalogue;
  /** ISO day. */
  readonly today: string;
}

/** The files in the extension's `data` folder that make the catalogue, in the order that it takes them in. */
export const catalogueFiles = ['official-images.json', 'retired-images.json', 'end-of-life.json'] as const;

/**
 * Reads the catalogue from the texts of {@link catalogueFiles}, in that order; most of each when it is asked for.
 * @throws SyntaxError where a text is no JSON, Error where it is something else
 */
export function readCatalogue(texts: readonly string[]): ImageCatalogue {
  const [official, retired, ends] = texts.map(readSnapshot);
  const facts: unknown = { official, retired, ends };
  if (!isImageFacts(facts)) throw new Error('the data of images is not what this version reads');
  return createCatalogue(facts);
}

function createCatalogue({ official: builtNow, retired: builtOnce, ends }: ImageFacts): ImageCatalogue {
  const official = readOfficialImages(builtNow);
  const life = readEndOfLife(ends);
  const retirements = (name: string): RetiredImage =>
    (Object.hasOwn(builtOnce.images, name) ? builtOnce.images[name] : undefined) ?? {};
  const plain = (registry: string | undefined, repository: string) =>
    life.plainName(registry === undefined ? repository : `${registry}/${repository}`);
  const isOfficial = (name: string) => official.exists(name) || official.formerly(name) !== undefined;
  return {
    official,
    life,
    asOf: [builtNow.meta.date, ends.meta.date].sort()[0]?.slice(0, 7) ?? '',
    officialName(registry, repository) {
      const name = plain(registry, repository);
      return isOfficial(name) ? name : undefined;
    },
    knownName(registry, repository) {
      const name = plain(registry, repository);
      return isOfficial(name) || Object.hasOwn(ends.images, name) ? name : undefined;
    },
    linesOf: (name, tag) =>
      life.linesOf(name, tag, official.aliases(name, tag)).filter(({ product }) => !judgedByRetirement.has(product)),
    retired(name, tag) {
      const { v: versions = {}, w: words = {} } = retirements(name);
      const { version, variant } = parseTag(tag);
      const lines = version === undefined ? [] : Object.keys(versions).filter((line) => isInLine(version, line));
      const exact = lines.toSorted((a, b) => b.length - a.length)[0];
      const found: Retirement[] =
        exact === undefined ? [] : [{ day: versions[exact] ?? '', of: exact, kind: 'version' }];
      for (const word of (version === undefined ? tag : variant).split('-')) {
        const day = Object.hasOwn(words, word) ? words[word] : undefined;
        if (day !== undefined) found.push({ day, of: word, kind: 'variant' });
      }
      return found.sort((a, b) => (a.day < b.day ? -1 : 1))[0];
    },
  };
}

/** What is to be said of an official image on a day. */
export type ImageState =
  /** No longer an official image at all; what in it has ended besides. */
  | {
      readonly kind: 'gone';
      readonly day: string;
      readonly instead: readonly string[];
      readonly lines: readonly LifeLine[];
    }
  /** Something in it gets no more security fixes; perhaps it is not built any more either. */
  | {
      readonly kind: 'ended';
      readonly lines: readonly LifeLine[];
      readonly retired: Retirement | undefined;
    }
  /** Deprecated as a whole, but still built. */
  | { readonly kind: 'deprecated'; readonly instead: readonly string[] }
  /** The tag's line or variant is not built any more. */
  | { readonly kind: 'retired'; readonly retired: Retirement }
  /** A newer patch of the same line is built instead. */
  | { readonly kind: 'superseded'; readonly by: string }
  /** There is no such tag, and probably another is meant. */
  | { readonly kind: 'unknown'; readonly meant: string }
  /** Something in it ends soon. */
  | { readonly kind: 'ending'; readonly line: LifeLine; readonly day: string }
  | { readonly kind: 'current' };

/** Oracle's dates for its own builds say nothing of what others build; when the lines of `openjdk` were retired does. */
const judgedByRetirement = new Set(['openjdk', 'openjdk-builds-from-oracle']);

/**
 * Where an official image stands: what has ended counts before what is not built, and that before what ends soon.
 * @param days how long before its end something is `ending`
 */
export function imageState({ catalogue, today }: ImageKnowledge, name: string, tag: string, days: number): ImageState {
  const { official } = catalogue;
  const lines = catalogue.linesOf(name, tag);
  const ended = lines.filter((line) => lifeState(line, today) === 'ended');
  const formerly = official.formerly(name);
  if (formerly !== undefined && !official.exists(name)) return { kind: 'gone', ...formerly, lines: ended };
  const retired = catalogue.retired(name, tag);
  const retiredVersion = judgedByRetirement.has(name) && retired?.kind === 'version';
  if (ended.length > 0 || retiredVersion) return { kind: 'ended', lines: ended, retired };
  const deprecated = official.deprecated(name);
  if (deprecated !== undefined) return { kind: 'deprecated', ...deprecated };
  if (official.exists(name) && !official.isBuilt(name, tag)) {
    const by = retired?.kind === 'version' ? successor(official, name, tag, lines) : undefined;
    if (by !== undefined) return { kind: 'superseded', by };
    return retired === undefined ? notBuilt(catalogue, name, tag) : { kind: 'retired', retired };
  }
  const until = new Date(Date.parse(today) + days * 86_400_000).toISOString().slice(0, 10);
  const next = lines
    .flatMap((line) => {
      const day = lastDay(line);
      return day === undefined || day > until ? [] : [{ line, day }];
    })
    .sort((a, b) => (a.day < b.day ? -1 : 1))[0];
  return next === undefined ? { kind: 'current' } : { kind: 'ending', ...next };
}

/**
 * The newest tag of the cycle that a retired version belongs to, where the cycle goes on: 17.10 of 17.1. Where cycles are not
 * known, a line of which one release is built at a time counts as one: 12 of 12.5, where there is no other 12.x.
 */
function successor(
  official: OfficialImages,
  name: string,
  tag: string,
  lines: readonly LifeLine[],
): string | undefined {
  const { version, variant } = parseTag(tag);
  if (version === undefined) return undefined;
  const known = lines.find(({ part, how }) => part === 'version' && how === 'cycle')?.cycle;
  const numbers = version.split('.');
  const line = numbers.slice(0, -1).join('.');
  const releases = official.tags(name).flatMap((other) => {
    const { version: one, preview } = parseTag(other);
    if (one === undefined || preview !== undefined || line === '' || one === line || !isInLine(one, line)) return [];
    return [one.split('.').slice(0, numbers.length).join('.')];
  });
  const cycle = known ?? (new Set(releases).size === 1 ? line : undefined);
  if (cycle === undefined || cycle === version) return undefined;
  const by = official.newest(name, cycle, variant);
  return by === undefined ? undefined : asShort(by, version, official.tags(name));
}

/** A tag that is not built, and was not retired as far as is known: one that was replaced, or a slip of the keyboard. */
function notBuilt({ official, life }: ImageCatalogue, name: string, tag: string): ImageState {
  const { version, preview, variant } = parseTag(tag);
  const tags = official.tags(name);
  if (version === undefined) {
    const day = life.releasesIn(tag);
    const by = tags.find((other) => isLaterBuild(day, life.releasesIn(other)));
    if (by !== undefined) return { kind: 'superseded', by };
  } else {
    const line = version.split('.').slice(0, -1).join('.');
    for (const within of [...(preview === undefined ? [] : [version]), ...(line === '' ? [] : [line])]) {
      const by = official.newest(name, within, variant);
      const newer = by === undefined ? undefined : parseTag(by).version;
      if (by !== undefined && newer !== undefined && compareVersions(newer, version) >= (preview === undefined ? 1 : 0))
        return { kind: 'superseded', by: asShort(by, version, tags) };
    }
  }
  // Where the version is built in other variants, this one is misspelt, or has never been.
  const alike = tags.map((other) => ({ other, ...parseTag(other) }));
  const meant = nearestText(
    tag,
    alike.filter((one) => one.version === version && one.preview === preview).map(({ other }) => other),
  );
  return meant === undefined ? { kind: 'current' } : { kind: 'unknown', meant };
}

interface Releases {
  readonly shape: string;
  readonly releases: readonly string[];
}

/** Whether a tag differs from another in its day alone, and that is a later one. */
function isLaterBuild(than: Releases, { shape, releases }: Releases): boolean {
  if (shape !== than.shape || !shape.includes('<day>')) return false;
  const at = releases.findIndex((release, index) => release !== than.releases[index]);
  const isLast = releases.every((release, index) => index === at || release === than.releases[index]);
  const [day = '', before = ''] = [releases[at], than.releases[at]];
  return isLast && dayPattern.test(day) && dayPattern.test(before) && day > before;
}

/** A tag with no more numbers than a version has, where it is built and newer than that. */
function asShort(tag: string, version: string, tags: readonly string[]): string {
  const { version: exact = '', variant } = parseTag(tag);
  const number = exact.split('.').slice(0, version.split('.').length).join('.');
  const short = variant === '' ? number : `${number}-${variant}`;
  return tags.includes(short) && compareVersions(number, version) > 0 ? short : tag;
}

/** The only text that is at most two letters away, and not most of a short word. Other numbers are no slip: they may be new. */
function nearestText(text: string, among: readonly string[]): string | undefined {
  const numbers = (of: string) => of.match(/\d+/g)?.join() ?? '';
  let best: string | undefined;
  let least = Math.min(2, Math.floor(text.length / 3)) + 1;
  let tied = false;
  for (const other of among) {
    const away = numbers(other) === numbers(text) ? distance(text, other, least) : least + 1;
    if (away > least) continue;
    tied = away === least && best !== undefined;
    if (away < least || best === undefined) best = other;
    least = away;
  }
  return best === undefined || tied || least > Math.min(2, Math.floor(text.length / 3)) ? undefined : best;
}

/** Letters to change, put in or leave out; more than `most` counts as `most + 1`. */
function distance(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + same));
    }
    row = next;
  }
  return row.at(-1) ?? most + 1;
}
