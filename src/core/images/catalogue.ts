import { type EndOfLife, type LifeLine, lifeState, readEndOfLife } from './end-of-life.ts';
import { type ImageFacts, isImageFacts, type RetiredImage } from './image-facts.ts';
import { compareVersions, isInLine, parseTag } from './image-tag.ts';
import { type OfficialImages, readOfficialImages } from './official-images.ts';

/** What is known of official images without asking anybody: a snapshot of what is built, was built, and when lines end. */
export interface ImageCatalogue {
  readonly official: OfficialImages;
  readonly life: EndOfLife;
  /** Month of the snapshot, such as `2026-08`: every sentence that rests on it says so. */
  readonly asOf: string;
  /** The name of the official image that a reference means; undefined for all others. */
  officialName(registry: string | undefined, repository: string): string | undefined;
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
 * Reads the catalogue from the texts of {@link catalogueFiles}, in that order.
 * @throws SyntaxError where a text is no JSON, Error where it is something else
 */
export function readCatalogue(texts: readonly string[]): ImageCatalogue {
  const [official, retired, ends] = texts.map((text): unknown => JSON.parse(text));
  const facts: unknown = { official, retired, ends };
  if (!isImageFacts(facts)) throw new Error('the data of images is not what this version reads');
  return createCatalogue(facts);
}

function createCatalogue({ official: builtNow, retired: builtOnce, ends }: ImageFacts): ImageCatalogue {
  const official = readOfficialImages(builtNow);
  const life = readEndOfLife(ends);
  const retirements = (name: string): RetiredImage =>
    (Object.hasOwn(builtOnce.images, name) ? builtOnce.images[name] : undefined) ?? {};
  return {
    official,
    life,
    asOf: [builtNow.meta.date, ends.meta.date].sort()[0]?.slice(0, 7) ?? '',
    officialName(registry, repository) {
      const name = life.plainName(registry === undefined ? repository : `${registry}/${repository}`);
      return official.exists(name) || official.formerly(name) !== undefined ? name : undefined;
    },
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
  /** No longer an official image at all. */
  | { readonly kind: 'gone'; readonly day: string; readonly instead: readonly string[] }
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
  const { official, life } = catalogue;
  const formerly = official.formerly(name);
  if (formerly !== undefined && !official.exists(name)) return { kind: 'gone', ...formerly };
  const retired = catalogue.retired(name, tag);
  const all = life.linesOf(name, tag, official.aliases(name, tag));
  const own = all.filter(({ product }) => !judgedByRetirement.has(product));
  const ended = own.filter((line) => lifeState(line, today) === 'ended');
  const retiredVersion = judgedByRetirement.has(name) && retired?.kind === 'version';
  if (ended.length > 0 || retiredVersion) return { kind: 'ended', lines: ended, retired };
  const deprecated = official.deprecated(name);
  if (deprecated !== undefined) return { kind: 'deprecated', ...deprecated };
  if (!official.isBuilt(name, tag)) {
    const by = retired?.kind === 'version' ? successor(official, name, tag, own) : undefined;
    if (by !== undefined) return { kind: 'superseded', by };
    return retired === undefined ? notBuilt(official, name, tag) : { kind: 'retired', retired };
  }
  const until = new Date(Date.parse(today) + days * 86_400_000).toISOString().slice(0, 10);
  const next = own
    .flatMap((line) =>
      lifeState(line, today) === 'supported' && typeof line.end === 'string' ? [{ line, day: line.end }] : [],
    )
    .filter(({ day }) => day <= until)
    .sort((a, b) => (a.day < b.day ? -1 : 1))[0];
  return next === undefined ? { kind: 'current' } : { kind: 'ending', ...next };
}

/** The newest tag of the cycle that a retired version belongs to, where the cycle goes on: 17.10 of 17.1. */
function successor(
  official: OfficialImages,
  name: string,
  tag: string,
  lines: readonly LifeLine[],
): string | undefined {
  const { version, variant } = parseTag(tag);
  const line = lines.find(({ part, how }) => part === 'version' && how === 'cycle');
  if (version === undefined || line === undefined || line.cycle === version) return undefined;
  return official.newest(name, line.cycle, variant);
}

/** A tag that is not built, and was not retired as far as is known: a patch that was replaced, or a slip of the keyboard. */
function notBuilt(official: OfficialImages, name: string, tag: string): ImageState {
  const { version, preview, variant } = parseTag(tag);
  const tags = official.tags(name);
  if (version !== undefined && preview === undefined) {
    const line = version.split('.').slice(0, -1).join('.');
    const by = line === '' ? undefined : official.newest(name, line, variant);
    const newer = by === undefined ? undefined : parseTag(by).version;
    if (by !== undefined && newer !== undefined && compareVersions(newer, version) > 0)
      return { kind: 'superseded', by };
    // The version is built in other variants: then this variant is misspelt, or has never been.
    const variants = tags.filter((other) => parseTag(other).version === version);
    const meant = variants.length === 0 ? undefined : nearestText(tag, variants);
    return meant === undefined ? { kind: 'current' } : { kind: 'unknown', meant };
  }
  const meant = nearestText(tag, tags);
  return meant === undefined ? { kind: 'current' } : { kind: 'unknown', meant };
}

/** The only text that is at most two letters away, and not most of a short word. */
function nearestText(text: string, among: readonly string[]): string | undefined {
  let best: string | undefined;
  let least = Math.min(2, Math.floor(text.length / 3)) + 1;
  let tied = false;
  for (const other of among) {
    const away = distance(text, other, least);
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

/** Tags to go over to, with the same variant where there is one: the nearest line that is supported, and the newest. */
export function betterTags(
  { catalogue, today }: ImageKnowledge,
  name: string,
  tag: string,
): { readonly nearest: string | undefined; readonly newest: string | undefined } {
  const { official, life } = catalogue;
  const { version = '', variant } = parseTag(tag);
  const isFine = (other: string) =>
    imageState({ catalogue, today }, name, other, 0).kind === 'current' && official.isBuilt(name, other);
  const likes = variantsLike(life, variant);
  if (version === '') {
    const fine = likes.filter((other) => other !== tag && isFine(other));
    const kept = fine.filter((other) => other.split('-').length === tag.split('-').length);
    if (fine.length > 0) return { nearest: fine[0], newest: kept.at(-1) ?? fine[0] };
    // `latest`, and names of lines such as Node's `carbon`, go over to a number. Of other words nobody knows what they ask for.
    const isLine = !tag.includes('-') && life.linesOf(name, tag, []).some(({ part }) => part === 'version');
    if (tag !== 'latest' && !isLine) return { nearest: undefined, newest: undefined };
  }
  const known = new Set(official.tags(name).map((other) => parseTag(other).variant));
  const wanted = version === '' ? [''] : likes.filter((other) => known.has(other));
  for (const kind of wanted) {
    const all = official.tags(name).filter((other) => {
      const parsed = parseTag(other);
      return parsed.version !== undefined && parsed.preview === undefined && parsed.variant === kind && isFine(other);
    });
    const prefixed = all.filter((other) => other.startsWith('v') === tag.startsWith('v'));
    const candidates = prefixed.length > 0 ? prefixed : all;
    if (candidates.length === 0) continue;
    const depth = version === '' ? 1 : version.split('.').length;
    const top = official.newest(name, '', kind);
    const newest = top === undefined || !isFine(top) ? undefined : shortened(top, depth, candidates);
    const latest = top === undefined ? undefined : parseTag(top).version;
    const nearest = candidates
      .filter((other) => {
        const own = parseTag(other).version ?? '';
        return (
          own.split('.').length === depth &&
          other !== tag &&
          (version === '' || compareVersions(own, version) >= 0) &&
          (latest === undefined || compareVersions(own, latest) <= 0 || isInLine(latest, own))
        );
      })
      .sort((a, b) => compareVersions(parseTag(a).version ?? '', parseTag(b).version ?? ''))[0];
    return { nearest: nearest ?? newest, newest };
  }
  return { nearest: undefined, newest: undefined };
}

/** The tag with as many numbers as are written now, where that is built too. */
function shortened(tag: string, depth: number, candidates: readonly string[]): string {
  const { version = '', variant } = parseTag(tag);
  const shorter = version.split('.').slice(0, depth).join('.');
  const joined = variant === '' ? shorter : `${shorter}-${variant}`;
  return candidates.find((other) => other === joined || other === `v${joined}`) ?? tag;
}

/**
 * The variant itself, then with newer releases of its distribution, oldest first, then without a release: `slim-buster`,
 * `slim-bookworm`, `slim`.
 */
function variantsLike(life: EndOfLife, variant: string): readonly string[] {
  const words = variant.split('-');
  const at = words.findIndex((word) => life.laterNames(word) !== undefined);
  const newer = (life.laterNames(words[at] ?? '') ?? []).map((word) => words.with(at, word).join('-'));
  const bare = words.filter((_, index) => index !== at).join('-');
  const alpine = variant.replace(/alpine\d[\d.]*/, 'alpine');
  return [...new Set([variant, ...newer, ...(at < 0 ? [] : [bare]), alpine])];
}
