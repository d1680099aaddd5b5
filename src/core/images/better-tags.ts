import { onceFor } from '../text/once-for.ts';
import { type ImageCatalogue, type ImageKnowledge, imageState } from './catalogue.ts';
import { compareCycles, type EndOfLife, type LifeLine } from './end-of-life.ts';
import { compareVersions, isDayStamp, isInLine, parseTag } from './image-tag.ts';

/** Tags to go over to; undefined where none is built. */
export interface BetterTags {
  /** Of the line next to the present one that gets fixes. */
  readonly nearest: string | undefined;
  readonly newest: string | undefined;
}

/** Parts of a tag that may be left out: without them it is the newest release that is meant. */
const leftOut = /-?<(?:alpine-linux|debian|ubuntu|windows|day)>/g;

interface Alike {
  readonly same: readonly string[];
  /** With later releases in the same places, oldest first: `slim-bookworm` for `slim-buster`. */
  readonly later: readonly string[];
  /** Without naming a release: `slim`. */
  readonly plain: readonly string[];
}

/** Texts that are like another one but for the releases they name. */
function alike({ catalogue: { life } }: ImageKnowledge, text: string, known: ReadonlySet<string>): Alike {
  const { shape, releases } = life.releasesIn(text);
  const later = [...known]
    .filter((other) => other !== text && releases.length > 0)
    .map((other) => ({ other, ...life.releasesIn(other) }))
    .filter((one) => one.shape === shape && one.releases.every((release, at) => atLeast(release, releases[at])))
    .sort((a, b) => compareLists(a.releases, b.releases))
    .map(({ other }) => other);
  const plain = shape.replace(leftOut, '').replace(/^-/, '');
  return {
    same: known.has(text) ? [text] : [],
    later,
    plain: [...(plain === text ? [] : [plain]), ...withTemurin(life, text)].filter((other) => known.has(other)),
  };
}

/**
 * The names that builds of OpenJDK and AdoptOpenJDK have in tags of images that Java runs in: `jdk-8`, `openjdk-11`,
 * `jdk8-openjdk`, `adoptopenjdk-hotspot`. OpenJ9 is another machine.
 */
const formerJava = /(?:^|-)(?:(?:adopt)?openjdk(?:-hotspot)?(?!-openj9)|jdk(?=-\d))(?=-|$)/;

/** The same without its distribution and with Eclipse Temurin, which both images of the kind give as what takes their place; `slim` has none of its own. */
function withTemurin(life: EndOfLife, text: string): readonly string[] {
  if (!formerJava.test(text)) return [];
  const words = text.split('-').map((word) => {
    const { shape } = life.releasesIn(word);
    const without = shape.replace(leftOut, '');
    return without === shape ? word : without;
  });
  const variant = words.filter((word) => word !== '').join('-');
  const names = ['eclipse-temurin', 'temurin'].map((name) =>
    variant.replace(formerJava, (found) => (found.startsWith('-') ? `-${name}` : name)),
  );
  return [...names, ...names.map((name) => name.replace(/-slim$/, ''))];
}

function atLeast(release: string, other: string | undefined): boolean {
  return other !== undefined && compareCycles(release, other) >= 0;
}

function compareLists(a: readonly string[], b: readonly string[]): number {
  return a.map((one, at) => compareCycles(one, b[at] ?? '')).find((order) => order !== 0) ?? 0;
}

/** A tag with a version. */
interface Candidate {
  readonly tag: string;
  readonly version: string;
  readonly variant: string;
}

/**
 * Tags to go over to, with the same variant; where that is built no more, with the next release of its distribution (the
 * newest one for the newest tag), else without one. All of them are built, and nothing in them ends within so many days.
 */
export function betterTags(knowledge: ImageKnowledge, name: string, tag: string, days: number): BetterTags {
  const known = remembered(knowledge.catalogue);
  const key = [name, tag, days, knowledge.today].join(' ');
  const tags = known.get(key) ?? find(knowledge, name, tag, days);
  if (known.size > mostRemembered) known.clear();
  known.set(key, tags);
  return tags;
}

/** Each costs a millisecond or more, and a document is checked again at every edit. */
const remembered = onceFor((_: ImageCatalogue) => new Map<string, BetterTags>());
const mostRemembered = 200;

function find(knowledge: ImageKnowledge, name: string, tag: string, days: number): BetterTags {
  const { official } = knowledge.catalogue;
  const isLatest = tag === 'latest';
  const { version, variant } = isLatest ? { version: '0', variant: '' } : parseTag(numbered(knowledge, name, tag));
  const isFine = ({ tag: other }: { readonly tag: string }) =>
    other !== tag && official.isBuilt(name, other) && imageState(knowledge, name, other, days).kind === 'current';
  const tags = official.tags(name);
  if (version === undefined) {
    const words = new Set(tags.filter((other) => parseTag(other).version === undefined));
    const { later, plain } = alike(knowledge, tag, words);
    const first = (list: readonly string[]) => list.find((other) => isFine({ tag: other }));
    return { nearest: first([...later, ...plain]), newest: first([...later.toReversed(), ...plain]) };
  }
  const all = tags.flatMap((other): readonly Candidate[] => {
    const parsed = parseTag(other);
    if (parsed.version === undefined || parsed.preview !== undefined || isDayStamp(parsed.version)) return [];
    return [{ tag: other, version: parsed.version, variant: parsed.variant }];
  });
  const from: Candidate = { tag, version, variant };
  const { same, later, plain } = alike(knowledge, from.variant, new Set(all.map((one) => one.variant)));
  const ofVariants = (variants: readonly string[]) =>
    variants.map((other) =>
      ahead(
        knowledge,
        name,
        from,
        all.filter((one) => one.variant === other),
      ),
    );
  let nearest: Candidate | undefined;
  for (const list of ofVariants([...same, ...later, ...plain])) {
    const first = inForm(knowledge, name, from, list, isFine);
    if (nearest === undefined || (first !== undefined && isBelow(first.version, nearest.version))) nearest = first;
  }
  let newest: { readonly top: string; readonly found: Candidate | undefined } | undefined;
  for (const list of ofVariants([...same, ...later.toReversed(), ...plain])) {
    const top = list.findLast(isFine)?.version;
    if (top === undefined || (newest !== undefined && compareVersions(top, newest.top) <= 0)) continue;
    const names = list.filter((one) => isInLine(top, one.version)).toReversed();
    newest = { top, found: inForm(knowledge, name, from, names, isFine) };
  }
  return { nearest: isLatest ? undefined : nearest?.tag, newest: newest?.found?.tag };
}

/**
 * A tag of the image that takes an image's place, where that is an official one with such a tag: `eclipse-temurin:8-jre` for
 * `openjdk:8-jre-slim`.
 */
export function insteadOf(
  knowledge: ImageKnowledge,
  name: string,
  tag: string,
  days: number,
): { readonly name: string; readonly tag: string } | undefined {
  const { official, life } = knowledge.catalogue;
  const { instead } = official.formerly(name) ?? official.deprecated(name) ?? { instead: [] };
  // `java:openjdk-8-jre`
  const { version, variant } = parseTag(tag.replace(/^openjdk-(?=\d)/, ''));
  if (version === undefined) return undefined;
  const plain = life.releasesIn(variant).shape.replace(leftOut, '').replace(/^-/, '');
  const variants = [variant, plain, plain.replace(/(?:^|-)(?:slim|hotspot)$/, '')];
  const versions = [version, /^\d+/.exec(version)?.[0] ?? version];
  const tags = versions.flatMap((number) => variants.map((other) => (other === '' ? number : `${number}-${other}`)));
  for (const other of instead) {
    const found = tags.find(
      (one) => official.isBuilt(other, one) && imageState(knowledge, other, one, days).kind === 'current',
    );
    if (found !== undefined) return { name: other, tag: found };
  }
  return undefined;
}

/** A tag with the number of the line that its first word is a name of: `8-slim` for Node's `carbon-slim`. */
function numbered(knowledge: ImageKnowledge, name: string, tag: string): string {
  const [first = '', ...more] = tag.split('-');
  const line = parseTag(tag).version === undefined ? versionLine(knowledge, name, first) : undefined;
  return line === undefined ? tag : [line.cycle, ...more].join('-');
}

/** Whether a version is older, and not only less exact. */
function isBelow(version: string, other: string): boolean {
  return compareVersions(version, other) < 0 && !isInLine(other, version) && !isInLine(version, other);
}

function versionLine({ catalogue: { life } }: ImageKnowledge, name: string, tag: string): LifeLine | undefined {
  return life.linesOf(name, tag, []).find(({ part }) => part === 'version');
}

/**
 * Those that are no older, oldest first, and not above what `latest` means: what is above has mostly not been released. Where
 * one is above already, lines that have been are.
 */
function ahead(
  knowledge: ImageKnowledge,
  name: string,
  { tag, version }: Candidate,
  all: readonly Candidate[],
): readonly Candidate[] {
  const newer = all.filter((one) => compareVersions(one.version, version) >= 0);
  const alikes = newer.filter((one) => one.tag.startsWith('v') === tag.startsWith('v'));
  const sorted = (alikes.length > 0 ? alikes : newer).toSorted((a, b) => compareVersions(a.version, b.version));
  const latest = knowledge.catalogue.official.latest(name);
  const below = sorted.filter((one) => latest === undefined || compareVersions(one.version, latest) <= 0);
  return below.length > 0 ? below : sorted.filter((one) => versionLine(knowledge, name, one.tag)?.how === 'cycle');
}

/** Whether a tag is as exact as its line, `3.14`, less, or more: `3`, `3.14.2`; undefined where its line is not known. */
function formOf(knowledge: ImageKnowledge, name: string, { tag, version }: Candidate) {
  const line = versionLine(knowledge, name, tag);
  if (line === undefined || line.how === 'older') return undefined;
  if (line.how === 'floating') return 'less';
  if (version === line.cycle) return 'line';
  return isInLine(version, line.cycle) ? 'more' : undefined;
}

/**
 * The first that is fine, and says as much of its version as the present tag does if there is one. Of releases of one line
 * the last in its place.
 */
function inForm(
  knowledge: ImageKnowledge,
  name: string,
  from: Candidate,
  list: readonly Candidate[],
  isFine: (one: Candidate) => boolean,
): Candidate | undefined {
  const depth = ({ version }: Candidate) => version.split(/[._]/).length;
  const form = from.tag === 'latest' ? 'line' : formOf(knowledge, name, from);
  const hasForm = (one: Candidate) => form !== undefined && formOf(knowledge, name, one) === form;
  const hasDepth = (one: Candidate) => depth(one) === depth(from);
  const found =
    list.find((one) => hasDepth(one) && hasForm(one) && isFine(one)) ??
    list.find((one) => hasForm(one) && isFine(one)) ??
    list.find((one) => hasDepth(one) && isFine(one)) ??
    list.find(isFine);
  if (found === undefined || formOf(knowledge, name, found) !== 'more') return found;
  const { cycle } = versionLine(knowledge, name, found.tag) ?? {};
  return list
    .filter((one) => depth(one) === depth(found) && versionLine(knowledge, name, one.tag)?.cycle === cycle)
    .reduce((a, b) => (isFine(b) && compareVersions(b.version, a.version) > 0 ? b : a), found);
}
