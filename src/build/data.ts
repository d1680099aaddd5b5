/**
 * Brings the snapshots in `src/data/*.json` up to date from their public sources, checks what it wrote and prints what changed:
 * `npm run data`. What only a person can say is kept as it is: what takes an image's place, which product an image holds,
 * and how its tags are read.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { catalogueFiles, readCatalogue } from '../core/images/catalogue.ts';
import {
  type EndFacts,
  type ImageFacts,
  isImageFacts,
  type OfficialFacts,
  type OfficialImage,
  type RetiredFacts,
  type RetiredImage,
} from '../core/images/image-facts.ts';
import { type OfficialImages, readOfficialImages } from '../core/images/official-images.ts';
import { wrongWith } from './data/check.ts';
import { type LibraryFile, packLibrary, readLibrary } from './data/library.ts';
import { readProductPage } from './data/products.ts';
import { carried, daysWith, type Left, leftSince } from './data/retired.ts';
import { type Commit, type Fetch, inTurn, overNetwork, type Repository, repository } from './data/source.ts';
import { root } from './progress.mjs';

/** The files of {@link catalogueFiles}, by name, and the NOTICE that says where they come from. */
export interface DataFiles {
  readonly texts: ReadonlyMap<string, string>;
  readonly notice: string;
}

export interface Refreshed extends DataFiles {
  /** One line each, for a person. */
  readonly changes: readonly string[];
}

/** An object as the snapshots are kept: a line for each entry of its tables, so that a change is a line. */
export function snapshotText(facts: object): string {
  const parts = Object.entries(facts).map(([key, value]: [string, unknown]) => {
    const isTable = key !== 'meta' && typeof value === 'object' && value !== null && !Array.isArray(value);
    if (!isTable) return `  ${JSON.stringify(key)}: ${JSON.stringify(value)}`;
    const rows = Object.entries(value).map(([name, row]) => `    ${JSON.stringify(name)}: ${JSON.stringify(row)}`);
    return `  ${JSON.stringify(key)}: {\n${rows.join(',\n')}\n  }`;
  });
  return `{\n${parts.join(',\n')}\n}\n`;
}

function sorted<T>(entries: Iterable<readonly [string, T]>): Readonly<Record<string, T>> {
  return Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The library files as they are now. */
async function currentLibrary(source: Repository, sha: string): Promise<ReadonlyMap<string, LibraryFile>> {
  const names = [...(await source.names('library', sha))].sort();
  const files = await inTurn(names, async (name) => {
    const text = await source.text(`library/${name}`, sha);
    if (text === undefined) throw new Error(`library/${name} is in the list of files and does not exist`);
    return readLibraryFile(name, text);
  });
  return new Map(names.flatMap((name, index) => (files[index] === undefined ? [] : [[name, files[index]]])));
}

function readLibraryFile(name: string, text: string): LibraryFile {
  try {
    return readLibrary(text);
  } catch (error) {
    throw new Error(`library/${name} is not read: ${String(error)}`, { cause: error });
  }
}

function tagsOf({ entries }: LibraryFile): readonly string[] {
  return [...new Set(entries.flatMap(({ tags, shared }) => [...tags, ...shared]))];
}

/** 30 days in milliseconds. */
const mergedWithin = 30 * 86_400_000;

/** When what an image carries no more left it; asks for its history only where something is missing. */
async function whatLeft(
  source: Repository,
  name: string,
  before: { readonly tags: readonly string[]; readonly date: string },
  now: { readonly file: LibraryFile | undefined; readonly commit: Commit },
): Promise<Left & { readonly day: string | undefined }> {
  const tags = now.file === undefined ? [] : tagsOf(now.file);
  const { versions, words } = carried(tags);
  const was = carried(before.tags);
  const isLess =
    [...was.versions].some((line) => !versions.has(line)) || [...was.words].some((word) => !words.has(word));
  if (!isLess && now.file !== undefined) return { versions: new Map(), words: new Map(), day: undefined };
  const path = `library/${name}`;
  // A commit is dated when it was written, which may be weeks before it was merged.
  const since = new Date(Date.parse(before.date) - mergedWithin).toISOString();
  const commits = await source.history(path, since, now.commit.sha);
  const steps = await inTurn(commits, async ({ sha, date }) => {
    const text = await source.text(path, sha);
    return { day: date.slice(0, 10), tags: text === undefined ? [] : tagsOf(readLibraryFile(name, text)) };
  });
  const history = [...steps, { day: now.commit.date.slice(0, 10), tags }];
  const last = history.findLastIndex((step) => step.tags.length > 0);
  return { ...leftSince(before.tags, history), day: history[last + 1]?.day };
}

interface Snapshots {
  readonly facts: ImageFacts;
  readonly changes: readonly string[];
}

/** `official-images.json` and `retired-images.json`. */
async function refreshImages(fetch: Fetch, before: ImageFacts): Promise<Snapshots> {
  const source = repository(fetch, 'docker-library/official-images');
  const commit = await source.latest('library');
  const files = await currentLibrary(source, commit.sha);
  const old = readOfficialImages(before.official);
  const changes: string[] = [];
  const retired = new Map<string, RetiredImage>(Object.entries(before.retired.images));
  const gone = { ...before.official.gone };

  const names = [...new Set([...old.names(), ...files.keys()])].sort();
  const lefts = await inTurn(names, (name) =>
    whatLeft(
      source,
      name,
      { tags: old.tags(name), date: before.official.meta.date },
      { file: files.get(name), commit },
    ),
  );
  for (const [index, name] of names.entries()) {
    const left = lefts[index];
    if (left === undefined) continue;
    const file = files.get(name);
    const tags = file === undefined ? [] : tagsOf(file);
    retired.set(name, retiredNow(retired.get(name), left, tags, file === undefined));
    changes.push(...changedTags(name, old, file === undefined ? undefined : tags, left));
    if (file === undefined && left.day !== undefined) gone[name] = { d: left.day, u: [] };
    if (file !== undefined) delete gone[name];
  }
  const pack = packLibrary(files);
  const images = [...pack.images].map(([name, entries]): readonly [string, OfficialImage] => {
    const { x } = (Object.hasOwn(before.official.images, name) ? before.official.images[name] : undefined) ?? {};
    const { repository: from } = files.get(name) ?? {};
    return [name, { e: entries, ...(x && { x }), ...(from !== undefined && { r: from }) }];
  });
  const meta = { commit: commit.sha, date: commit.date };
  const official: OfficialFacts = {
    ...before.official,
    meta: { ...before.official.meta, ...meta },
    archSets: pack.archSets,
    constraints: pack.constraints,
    images: sorted(images),
    gone,
  };
  const written: RetiredFacts = {
    meta: { ...before.retired.meta, ...meta },
    images: sorted([...retired].filter(([, image]) => Object.keys(image).length > 0)),
  };
  return { facts: { official, retired: written, ends: before.ends }, changes };
}

function retiredNow(
  before: RetiredImage | undefined,
  left: Left & { readonly day: string | undefined },
  tags: readonly string[],
  isGone: boolean,
): RetiredImage {
  const { versions, words } = carried(tags);
  const v = daysWith(before?.v ?? {}, left.versions, versions);
  const w = daysWith(before?.w ?? {}, left.words, words);
  const isEmpty = !isGone && tags.length === 0;
  const lastDay = [...left.versions.values(), ...left.words.values()].sort().at(-1);
  const day = (isGone ? (before?.gone ?? left.day) : undefined) ?? undefined;
  const empty = isEmpty ? (before?.empty ?? lastDay) : undefined;
  return {
    ...(Object.keys(v).length > 0 && { v }),
    ...(Object.keys(w).length > 0 && { w }),
    ...(day !== undefined && { gone: day }),
    ...(empty !== undefined && { empty }),
  };
}

function changedTags(
  name: string,
  old: OfficialImages,
  tags: readonly string[] | undefined,
  left: Left,
): readonly string[] {
  if (tags === undefined) return [`${name}: is no official image any more; say in “gone” what takes its place (u)`];
  if (!old.exists(name)) return [`${name}: new, ${tags.length} tags; say in end-of-life.json which product it holds`];
  const was = carried(old.tags(name));
  const is = carried(tags);
  const fresh = [...is.versions, ...is.words].filter((what) => !was.versions.has(what) && !was.words.has(what));
  return [
    ...(fresh.length === 0 ? [] : [`${name}: new: ${fresh.join(', ')}`]),
    ...[...left.versions, ...left.words].map(([what, day]) => `${name}: ${what} left on ${day}`),
  ];
}

/** Their releases have code names that stand in tags of other images. */
const namedReleases = ['debian', 'ubuntu'];

/** `end-of-life.json`. */
async function refreshEnds(
  fetch: Fetch,
  before: EndFacts,
): Promise<{ readonly ends: EndFacts; readonly changes: readonly string[] }> {
  const source = repository(fetch, 'endoflife-date/endoflife.date');
  const commit: Commit = await source.latest('products');
  const names = Object.keys(before.products);
  const words: Record<string, EndFacts['words'][string]> = { ...before.words };
  const changes: string[] = [];
  const products = await inTurn(names, async (name) => {
    const text = await source.text(`products/${name}.md`, commit.sha);
    if (text === undefined)
      throw new Error(`endoflife.date has no product “${name}”: give it its new name in end-of-life.json`);
    try {
      return readProductPage(text, before.products[name]?.x === 'free');
    } catch (error) {
      throw new Error(`products/${name}.md is not read: ${String(error)}`, { cause: error });
    }
  });
  const entries = names.map((name, index): readonly [string, EndFacts['products'][string]] => {
    const was = before.products[name] ?? { t: name, c: [] };
    const page = products[index];
    if (page === undefined) return [name, was];
    const oldEnds = new Map(was.c.map(([cycle, , end, more]) => [cycle, JSON.stringify([end, more?.x ?? null])]));
    for (const [cycle, , end, more] of page.product.c) {
      const old = oldEnds.get(cycle);
      if (old === undefined) changes.push(`${name}: new: ${cycle}, ends ${String(end)}`);
      else if (old !== JSON.stringify([end, more?.x ?? null]))
        changes.push(`${name}: ${cycle} ends ${String(end)}, was ${old}`);
    }
    if (namedReleases.includes(name)) {
      for (const [word, cycle] of page.names) {
        if (Object.hasOwn(words, word) || compareCycle(cycle, was.c[0]?.[0] ?? '') <= 0) continue;
        words[word] = [name, cycle];
        changes.push(`${name}: ${cycle} is ${word}`);
      }
    }
    return [name, page.product];
  });
  const meta = { ...before.meta, commit: commit.sha, date: commit.date };
  return { ends: { ...before, meta, products: sorted(entries), words }, changes };
}

function compareCycle(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}

/** The NOTICE with the commits and days of the snapshots. */
function noticeFor(
  notice: string,
  metas: ReadonlyMap<string, { readonly commit: string; readonly date: string }>,
): string {
  return notice
    .split('\n')
    .map((line) => {
      const meta = metas.get(/^\| ([\w-]+\.json) \|/.exec(line)?.[1] ?? '');
      if (meta === undefined) return line;
      return line
        .replace(/commit [0-9a-f]{40}/, `commit ${meta.commit}`)
        .replace(/\| \d{4}-\d\d-\d\d \|/, `| ${meta.date.slice(0, 10)} |`);
    })
    .join('\n');
}

/**
 * The snapshots as their sources have them now.
 * @throws Error where a source does not answer, is not understood, or what was read of it cannot be right
 */
export async function refreshed(fetch: Fetch, before: DataFiles): Promise<Refreshed> {
  const [official, retired, ends] = catalogueFiles.map((name): unknown => JSON.parse(before.texts.get(name) ?? 'null'));
  const old: unknown = { official, retired, ends };
  if (!isImageFacts(old)) throw new Error('the snapshots that are here are not what this version reads');
  const images = await refreshImages(fetch, old);
  const lives = await refreshEnds(fetch, old.ends);
  const facts: ImageFacts = { ...images.facts, ends: lives.ends };
  const wrong = wrongWith(old, facts);
  if (wrong.length > 0) throw new Error(`nothing was written, since something cannot be right:\n${wrong.join('\n')}`);
  const texts = [facts.official, facts.retired, facts.ends].map(snapshotText);
  // What the extension will do with it.
  readCatalogue(texts);
  const byName = [...catalogueFiles.entries()];
  const metas = [facts.official.meta, facts.retired.meta, facts.ends.meta];
  return {
    texts: new Map(byName.map(([index, name]) => [name, texts[index] ?? ''])),
    notice: noticeFor(
      before.notice,
      new Map(
        byName.flatMap(([index, name]) => {
          const meta = metas[index];
          return meta === undefined ? [] : [[name, meta] as const];
        }),
      ),
    ),
    changes: [...images.changes, ...lives.changes],
  };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const folder = join(root, 'src', 'data');
  const read = (name: string) => readFileSync(join(folder, name), 'utf8');
  try {
    const before = { texts: new Map(catalogueFiles.map((name) => [name, read(name)])), notice: read('NOTICE.md') };
    const { texts, notice, changes } = await refreshed(overNetwork, before);
    for (const [name, text] of [...texts, ['NOTICE.md', notice] as const]) writeFileSync(join(folder, name), text);
    console.log(changes.length === 0 ? 'Nothing changed but the day.' : changes.join('\n'));
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}
