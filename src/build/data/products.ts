import { parse } from 'yaml';
import type { Cycle, Product } from '../../core/images/image-facts.ts';
import { isObject } from './source.ts';

/** A product's page of endoflife.date, and what its releases are called (`trixie`). */
export interface ProductPage {
  readonly product: Product;
  /** Code name, lower case and its first word only, to cycle. */
  readonly names: ReadonlyMap<string, string>;
}

/** A field as the page means it: a day, true or false; null where it says nothing. */
function dayOf(value: unknown, where: string): string | boolean | null {
  if (value === undefined || value === null || value === '') return null;
  if (value === 'true' || value === 'false') return value === 'true';
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value)) return value;
  throw new Error(`${where} is no day: ${JSON.stringify(value)}`);
}

const day = 86_400_000;
/** So many of the last releases tell how often they come. */
const lastReleases = 11;

/** Median of the days between the last releases. */
function rhythm(cycles: readonly Cycle[]): number | undefined {
  const dates = cycles.flatMap(([, release]) => (release === null ? [] : Date.parse(release))).slice(0, lastReleases);
  const gaps = dates.slice(1).map((date, index) => Math.round(((dates[index] ?? date) - date) / day));
  return gaps.sort((a, b) => a - b)[Math.floor(gaps.length / 2)];
}

/**
 * Reads the front matter of `products/<name>.md`.
 * @param free the extended phase is open to everyone: no field says so
 * @throws Error where it is something else
 */
export function readProductPage(text: string, free: boolean): ProductPage {
  const front = /^---\r?\n([\s\S]*?)\r?\n---/.exec(text)?.[1];
  // As plain texts: 3.10 is no number.
  const page: unknown = front === undefined ? undefined : parse(front, { schema: 'failsafe' });
  if (!isObject(page) || !Array.isArray(page['releases']) || typeof page['title'] !== 'string')
    throw new Error('the page has no title and releases');
  const names = new Map<string, string>();
  const cycles = page['releases'].map((release: unknown): Cycle => {
    if (!isObject(release) || typeof release['releaseCycle'] !== 'string') throw new Error('a release has no cycle');
    const cycle = release['releaseCycle'];
    const date = dayOf(release['releaseDate'], `the release of ${cycle}`);
    const end = dayOf(release['eol'], `the end of ${cycle}`);
    const extended = dayOf(release['eoes'], `the extended end of ${cycle}`);
    const name = typeof release['codename'] === 'string' ? release['codename'].toLowerCase().split(' ')[0] : undefined;
    if (name !== undefined && name !== '') names.set(name, cycle);
    const first = [cycle, typeof date === 'string' ? date : null, end] as const;
    return extended === null ? first : [...first, { x: extended }];
  });
  const gap = rhythm(cycles);
  return {
    product: { t: page['title'], ...(gap !== undefined && { g: gap }), ...(free && { x: 'free' }), c: cycles },
    names,
  };
}
