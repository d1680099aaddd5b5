/**
 * What the snapshots beside the project say of an image, worked out without anything that ships: the tests hold the rules
 * against it. Reads `shared/data` by the rules in its `meta.doc`.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

type Row = readonly [
  cycle: string,
  release: string | null,
  end: string | boolean | null,
  latest: string | null,
  more?: { readonly x?: string | boolean },
];

interface Official {
  readonly archSets: readonly string[];
  readonly images: Readonly<Record<string, { readonly e: readonly string[]; readonly x?: { readonly k: string } }>>;
  readonly gone: Readonly<Record<string, { readonly d: string }>>;
}

interface Retired {
  readonly images: Readonly<
    Record<string, { readonly v?: Readonly<Record<string, string>>; readonly w?: Readonly<Record<string, string>> }>
  >;
}

interface Ends {
  readonly products: Readonly<Record<string, { readonly t: string; readonly x?: string; readonly c: readonly Row[] }>>;
  readonly images: Readonly<Record<string, string>>;
  readonly rules: Readonly<
    Record<
      string,
      {
        readonly s?: string;
        readonly w?: Readonly<Record<string, string>> | 'cycle';
        readonly a?: Readonly<Record<string, string>>;
        readonly p?: readonly string[];
        readonly p2?: Readonly<Record<string, string>>;
      }
    >
  >;
  readonly words: Readonly<Record<string, string | readonly [string, string]>>;
  readonly suffixes: readonly (readonly [string, string, string?])[];
  readonly mirrors: readonly string[];
}

/** What is told of one image on a day. */
export interface Verdict {
  readonly name: string;
  /** `Python 3.7 ended on 2023-06-27`, `nginx 1.13 has ended`, `Perl * has ended` where the version is below all that is listed. */
  readonly ended: ReadonlySet<string>;
  /** The tag is on the list of what is built. */
  readonly isBuilt: boolean;
  /** Versions and words of the tag that no built tag carries, with the day they left. */
  readonly left: ReadonlyMap<string, string>;
  readonly isGone: boolean;
  readonly isDeprecated: boolean;
}

export interface Oracle {
  /** All tags of an official image that are built. */
  tags(name: string): ReadonlySet<string>;
  /** Undefined for every image that is not, and never was, official: Docker's, or Microsoft's own of .NET. */
  judge(reference: string, today: string): Verdict | undefined;
}

/** Splits `registry/name:tag@digest` at the last slash and colon. */
function taken(reference: string): { readonly path: string; readonly tag: string } {
  const plain = reference.split('@')[0] ?? '';
  const colon = plain.indexOf(':', plain.lastIndexOf('/') + 1);
  return colon < 0 ? { path: plain, tag: 'latest' } : { path: plain.slice(0, colon), tag: plain.slice(colon + 1) };
}

function product(list: string): readonly string[] {
  const at = list.search(/[*/]/);
  if (at < 0) return list.split(',');
  const words = (text: string) => text.split(',').map((word) => (word === '~' ? '' : word));
  const [left, right] = [words(list.slice(0, at)), words(list.slice(at + 1))];
  const glue = (a: string, b: string) => (a && b ? `${a}-${b}` : a || b);
  const all: string[] = [];
  if (list[at] === '*') for (const b of right) for (const a of left) all.push(glue(a, b));
  else for (const a of left) for (const b of right) all.push(glue(a, b));
  return all;
}

const isOver = (end: string | boolean | null | undefined, today: string) =>
  end === true || (typeof end === 'string' && end <= today);

/** Dotted numbers by size, number for number. */
function isAbove(a: string, b: string): boolean {
  const [x, y] = [a.split('.').map(Number), b.split('.').map(Number)];
  for (let index = 0; index < x.length || index < y.length; index++) {
    const difference = (x[index] ?? -1) - (y[index] ?? -1);
    if (difference !== 0) return difference > 0;
  }
  return false;
}

/** Reads the snapshots in a folder. */
export function readOracle(folder: string): Oracle {
  const read = (name: string): unknown => JSON.parse(readFileSync(join(folder, name), 'utf8'));
  const official = read('official-images.json') as Official;
  const retired = read('official-images-retired.json') as Retired;
  const ends = read('end-of-life.json') as Ends;

  const entries = (name: string) =>
    (official.images[name]?.e ?? []).map((entry) => {
      const [, tags = '', shared] = entry.split('|');
      return { tags: product(tags), shared: shared === undefined ? [] : product(shared) };
    });
  const tagsOf = (name: string) => new Set(entries(name).flatMap(({ tags, shared }) => [...tags, ...shared]));

  /** Whether one row has ended: a free extension counts. */
  const rowEnded = (id: string, row: Row, today: string) =>
    isOver(row[2], today) && !(ends.products[id]?.x === 'free' && row[4]?.x !== undefined && !isOver(row[4].x, today));

  const sentence = (id: string, row: Row) => {
    const { t, x } = ends.products[id] ?? {};
    const day = x === 'free' && typeof row[4]?.x === 'string' ? row[4].x : row[2];
    return `${t} ${row[0]} ${typeof day === 'string' ? `ended on ${day}` : 'has ended'}`;
  };

  /** What has ended of a product, as a sentence. */
  const versionEnded = (id: string, version: string, today: string): string | undefined => {
    const rows = ends.products[id]?.c ?? [];
    for (let part = version; part !== ''; part = part.includes('.') ? part.slice(0, part.lastIndexOf('.')) : '') {
      const row = rows.find(([cycle]) => cycle === part);
      if (row !== undefined) return rowEnded(id, row, today) ? sentence(id, row) : undefined;
    }
    const below = rows.filter(([cycle]) => cycle.startsWith(`${version}.`));
    if (below.length > 0) {
      // The tag moves on to what lasts longest.
      const last = below.toSorted((a, b) => {
        const [x, y] = [a, b].map(([, , end]) => (end === true ? '0' : typeof end === 'string' ? end : '9'));
        return x === y ? (isAbove(a[0], b[0]) ? -1 : 1) : (x ?? '') > (y ?? '') ? -1 : 1;
      })[0];
      return last !== undefined && rowEnded(id, last, today) ? sentence(id, last) : undefined;
    }
    const above = rows.filter(([cycle]) => /^\d[\d.]*$/.test(cycle) && isAbove(cycle, version));
    const next = above.reduce<Row | undefined>((a, b) => (a === undefined || isAbove(a[0], b[0]) ? b : a), undefined);
    return next !== undefined && isOver(next[2], today) ? `${ends.products[id]?.t} * has ended` : undefined;
  };

  const endedIn = (name: string, written: string, today: string): ReadonlySet<string> => {
    const ended = new Map<string, string>();
    const seen = new Set<string>();
    const say = (id: string, what: string | undefined) => {
      if (!seen.has(id) && what !== undefined) ended.set(id, what);
      seen.add(id);
    };
    const sayRow = (id: string, row: Row) => say(id, rowEnded(id, row, today) ? sentence(id, row) : undefined);
    const rule = ends.rules[name] ?? {};
    const tag = rule.s === undefined ? written.toLowerCase() : written.toLowerCase().replace(new RegExp(rule.s), '');
    const parts = tag.split('-');
    const own = Object.entries(rule.p2 ?? {}).find(([word]) => parts.includes(word))?.[1] ?? ends.images[name];
    let version = /^v?(\d+(?:\.\d+)*)/.exec(tag)?.[1];
    if (version !== undefined && /^\d{6,}$/.test(version)) version = undefined;
    const names = rule.w;
    if (names === 'cycle') {
      for (const id of rule.p ?? []) {
        const row = ends.products[id]?.c.find(([cycle]) => cycle === parts[0]);
        if (row !== undefined) sayRow(id, row);
      }
    } else if (own !== undefined) {
      if (version === undefined && names !== undefined) version = parts.map((word) => names[word]).find(Boolean);
      if (version !== undefined) {
        let exact = rule.a?.[version] ?? version;
        // A floating tag is what its own build is called besides.
        const build = entries(name).find(({ tags, shared }) => tags.includes(written) || shared.includes(written));
        for (const other of build === undefined ? [] : build.tags.includes(written) ? build.tags : build.shared) {
          const longer = /^v?(\d+(?:\.\d+)+)/.exec(other)?.[1];
          if (longer?.startsWith(`${exact}.`)) exact = longer;
        }
        say(own, versionEnded(own, exact, today));
      }
    }
    for (const word of parts) {
      const meant = ends.words[word];
      if (meant === undefined || typeof meant === 'string') continue;
      const row = ends.products[meant[0]]?.c.find(([cycle]) => cycle === meant[1]);
      if (row !== undefined) sayRow(meant[0], row);
    }
    for (const [pattern, id, template] of ends.suffixes) {
      const found = new RegExp(`(?:^|[-_.])${pattern}(?=$|[-_.])`).exec(tag);
      if (found === null || seen.has(id)) continue;
      const asked = template?.replace('$1', found[1] ?? '') ?? found[1] ?? '';
      const rows = ends.products[id]?.c ?? [];
      const row = rows.find(([cycle]) => cycle === asked) ?? rows.find(([cycle]) => asked.startsWith(`${cycle}.`));
      if (row !== undefined) sayRow(id, row);
    }
    ended.delete('openjdk-builds-from-oracle');
    return new Set(ended.values());
  };

  return {
    tags: tagsOf,
    judge(reference, today) {
      const { path, tag } = taken(reference);
      let name = path;
      for (let again = true; again; ) {
        const mirror = ends.mirrors
          .toSorted((a, b) => b.length - a.length)
          .find((prefix) => name.startsWith(prefix) && !(name in ends.images && prefix.endsWith('/')));
        again = mirror !== undefined;
        if (mirror !== undefined) name = name.slice(mirror.length);
      }
      const isOfficial = Object.hasOwn(official.images, name);
      const isGone = !isOfficial && Object.hasOwn(official.gone, name);
      const isDotnet = /^mcr\.microsoft\.com\/dotnet\/(?:core\/)?(?:sdk|aspnet|runtime|runtime-deps)$/.test(name);
      if (!isOfficial && !isGone && !isDotnet) return undefined;
      const left = new Map<string, string>();
      const { v = {}, w = {} } = retired.images[name] ?? {};
      const [major, minor] = /^v?(\d+)(?:\.(\d+))?/.exec(tag)?.slice(1) ?? [];
      for (const line of [`${major}.${minor}`, `${major}`]) {
        const day = v[line];
        if (day !== undefined) left.set(line, day);
      }
      for (const word of tag.split('-')) {
        const day = w[word];
        if (day !== undefined) left.set(word, day);
      }
      return {
        name,
        ended: isGone ? new Set() : endedIn(name, tag, today),
        isBuilt: tagsOf(name).has(tag),
        left,
        isGone,
        isDeprecated: official.images[name]?.x?.k === 'deprecated',
      };
    },
  };
}
