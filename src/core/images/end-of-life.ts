import type { Cycle, EndFacts } from './image-facts.ts';

/** A part of an image's reference that has an end of life of its own. */
export interface LifeLine {
  /** The version of the tag, a word or a suffix in it. */
  readonly part: 'version' | 'word' | 'suffix';
  /** `Python`, `Debian`. */
  readonly title: string;
  readonly product: string;
  /** `3.9`, `10`; of an older version, the version itself. */
  readonly cycle: string;
  /**
   * `floating`: the tag is shorter than the cycles and moves on, so that the longest-lived one below it was taken; `older`:
   * the version is below the oldest cycle that is listed, and judged by the next one above.
   */
  readonly how: 'cycle' | 'floating' | 'older';
  /** ISO day; true for a past day that is not known, false for none known yet, null where nothing is told. */
  readonly end: string | boolean | null;
  /** End of a further phase, such as Debian's LTS. */
  readonly extended: string | boolean | undefined;
  /** That phase is open to everyone. */
  readonly free: boolean;
  /** Only the newest release is maintained, and this one ended after weeks: it is no line for the long term. */
  readonly rolling: boolean;
}

export type LifeState = 'ended' | 'extended' | 'supported' | 'unknown';

/** Releases that come so often (median days between them) are maintained one at a time. */
const rollingBelow = 60;

/** Days that no such release lasts, but for those with long-term support among them. */
const rollingWithin = 300;

function lastsLong([, release, end]: Cycle): boolean {
  return (
    typeof release === 'string' &&
    typeof end === 'string' &&
    Date.parse(end) - Date.parse(release) > rollingWithin * 86_400_000
  );
}

/** The day of a build, `20260811`, or its second build on a day, `20260811.1`. */
export const dayPattern = /^\d{8}(?:\.\d)?$/;

const windowsPattern = /(?:^|-)(windowsservercore|nanoserver)/;

function segments(version: string): readonly (string | number)[] {
  return version.split('.').map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}

/** Below zero where `a` is the older cycle; numbers count as numbers. */
export function compareCycles(a: string, b: string): number {
  const [x, y] = [segments(a), segments(b)];
  for (let index = 0; index < Math.max(x.length, y.length); index++) {
    const [p, q] = [x[index] ?? -1, y[index] ?? -1];
    if (p === q) continue;
    return typeof p === 'number' && typeof q === 'number' ? p - q : String(p) < String(q) ? -1 : 1;
  }
  return 0;
}

/** Sorts by the end: what lasts longest comes last. */
function endKey([, , end]: Cycle): string {
  if (end === false || end === null) return '9999';
  return end === true ? '0000' : end;
}

/** Life cycles of what images hold (endoflife.date). */
export interface EndOfLife {
  /** The image's name without the prefixes of mirrors of the official images. */
  plainName(name: string): string;
  /**
   * Every part of a reference to an official image whose life is known.
   * @param aliases other tags of the same image, which make a floating tag exact
   */
  linesOf(name: string, tag: string, aliases: readonly string[]): readonly LifeLine[];
  /**
   * The releases that a tag or a part of it names besides its version, and what is left without them:
   * `slim-<debian>` and 12 of `slim-bookworm`. Days of builds count as releases.
   */
  releasesIn(text: string): { readonly shape: string; readonly releases: readonly string[] };
}

/** Reads the facts. */
export function readEndOfLife(facts: EndFacts): EndOfLife {
  const { products, images, rules, words, suffixes } = facts;
  const mirrors = [...facts.mirrors].sort((a, b) => b.length - a.length);
  const patterns = suffixes.map(([pattern, product, template]) => ({
    pattern: new RegExp(`(?:^|[-_.])${pattern}(?=$|[-_.])`),
    product,
    template,
  }));
  const own = <T>(table: Readonly<Record<string, T>>, key: string): T | undefined =>
    Object.hasOwn(table, key) ? table[key] : undefined;

  const line = (part: LifeLine['part'], product: string, cycle: Cycle, how: LifeLine['how']): LifeLine => {
    const { t, g, x } = products[product] ?? { t: product, c: [] };
    return {
      part,
      title: t,
      product,
      cycle: cycle[0],
      how,
      end: cycle[2],
      extended: cycle[3]?.x,
      free: x === 'free',
      rolling: g !== undefined && g < rollingBelow && !lastsLong(cycle),
    };
  };

  /** The longest beginning of the version that is a cycle, else what the version floats over, else the next one above. */
  const cycleOf = (part: LifeLine['part'], product: string, version: string): LifeLine | undefined => {
    const cycles = products[product]?.c ?? [];
    const numbers = version.split('.');
    for (let count = numbers.length; count > 0; count--) {
      const name = numbers.slice(0, count).join('.');
      const exact = cycles.find(([cycle]) => cycle === name);
      if (exact !== undefined) return line(part, product, exact, 'cycle');
    }
    const below = cycles
      .filter(([cycle]) => cycle.startsWith(`${version}.`))
      .sort((a, b) => (endKey(a) === endKey(b) ? compareCycles(b[0], a[0]) : endKey(b) < endKey(a) ? -1 : 1))[0];
    if (below !== undefined) return line(part, product, below, 'floating');
    const above = cycles
      .filter(([cycle]) => /^\d/.test(cycle) && compareCycles(cycle, version) > 0)
      .sort((a, b) => compareCycles(a[0], b[0]))[0];
    return above && { ...line(part, product, above, 'older'), cycle: numbers.slice(0, 2).join('.') };
  };

  const named = (part: LifeLine['part'], product: string, cycle: string): LifeLine | undefined => {
    const found = products[product]?.c.find(([name]) => name === cycle);
    return found && line(part, product, found, 'cycle');
  };

  const plainName = (name: string): string => {
    const mirror = mirrors.find(
      (prefix) => name.startsWith(prefix) && name.length > prefix.length && !(prefix.endsWith('/') && name in images),
    );
    return mirror === undefined ? name : plainName(name.slice(mirror.length));
  };

  const versionOf = (name: string, tag: string, aliases: readonly string[]): string | undefined => {
    const rule = own(rules, name) ?? {};
    const plain = /^v?(\d+(?:\.\d+)*)/.exec(tag)?.[1];
    let version = rule.re === undefined ? plain : new RegExp(rule.re).exec(tag)?.[1];
    if (version !== undefined && /^\d{6,}$/.test(version)) version = undefined;
    if (version === undefined && rule.w !== undefined && rule.w !== 'cycle') {
      const cycles = rule.w;
      version = tag.split('-').flatMap((word) => own(cycles, word) ?? [])[0];
    }
    if (version === undefined) return undefined;
    version = own(rule.a ?? {}, version) ?? version;
    for (const alias of aliases) {
      const exact = /^v?(\d+(?:\.\d+)+)/.exec(alias)?.[1];
      if (exact?.startsWith(`${version}.`) === true) version = exact;
    }
    return version;
  };

  return {
    plainName,
    releasesIn(text) {
      const releases: string[] = [];
      const isWindows = windowsPattern.test(text);
      const meaning = (word: string): readonly [product: string, release: string] | undefined => {
        if (dayPattern.test(word)) return ['day', word];
        const known = own(words, word) ?? (isWindows ? own(words, `windows:${word}`) : undefined);
        return typeof known === 'string' ? ['windows', known] : known;
      };
      const taken = (product: string, release: string) => {
        releases.push(release);
        return `<${product}>`;
      };
      let shape = text.replace(/[^-]+/g, (word) => {
        const found = meaning(word);
        return found === undefined ? word : taken(...found);
      });
      for (const { pattern, product } of patterns)
        shape = shape.replace(pattern, (found: string, release: string) =>
          found.replace(release, taken(product, release)),
        );
      return { shape, releases };
    },
    linesOf(written, writtenTag, aliases) {
      const name = plainName(written);
      const rule = own(rules, name) ?? {};
      const tag =
        rule.s === undefined ? writtenTag.toLowerCase() : writtenTag.toLowerCase().replace(new RegExp(rule.s), '');
      const parts = tag.split('-');
      const lines = new Map<string, LifeLine>();
      const add = (found: LifeLine | undefined) => {
        if (found !== undefined && !lines.has(found.product)) lines.set(found.product, found);
      };
      const special = Object.entries(rule.p2 ?? {}).find(([word]) => parts.includes(word))?.[1];
      const product = special ?? own(images, name);
      if (rule.w === 'cycle') for (const one of rule.p ?? []) add(named('version', one, parts[0] ?? ''));
      else if (product !== undefined) {
        const version = versionOf(name, tag, aliases);
        if (version !== undefined) add(cycleOf('version', product, version));
      }
      const windows = windowsPattern.exec(tag)?.[1];
      for (const word of parts) {
        const known = own(words, word);
        if (known !== undefined && typeof known !== 'string') add(named('word', known[0], known[1]));
        const cycle = windows === undefined ? undefined : own(words, `windows:${word}`);
        if (typeof cycle === 'string')
          add(named('word', windows === 'nanoserver' ? 'windows-nano-server' : 'windows-server-core', cycle));
      }
      for (const { pattern, product: other, template } of patterns) {
        const found = lines.has(other) ? null : pattern.exec(tag);
        if (found === null) continue;
        const version =
          template?.replace(/\$(\d)/g, (_, group: string) => found[Number(group)] ?? '') ?? found[1] ?? '';
        const life = cycleOf('suffix', other, version);
        if (life?.how === 'cycle') add(life);
      }
      return [...lines.values()];
    },
  };
}

/**
 * Where a line stands on a day (`YYYY-MM-DD`). `extended` is a further phase that is open to everyone; of a version older
 * than all that is listed only an end can be said.
 */
export function lifeState({ how, end, extended, free }: LifeLine, day: string): LifeState {
  const over = (date: string | boolean) => date === true || (typeof date === 'string' && date <= day);
  if (how === 'older') return end !== null && over(end) ? 'ended' : 'unknown';
  if (end === null) return 'unknown';
  if (!over(end)) return 'supported';
  return free && extended !== undefined && !over(extended) ? 'extended' : 'ended';
}

/** The day of the last free fixes: of the further phase where that is open to everyone; undefined where no day is known. */
export function lastDay({ how, end, extended, free }: LifeLine): string | undefined {
  if (how === 'older') return undefined;
  if (free && typeof extended === 'string') return extended;
  return typeof end === 'string' ? end : undefined;
}
