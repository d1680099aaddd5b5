/** A tag that is newer than another one, of the same variant. */
export interface NewerTag {
  readonly tag: string;
  /** The first number that differs. */
  readonly step: 'major' | 'minor' | 'patch';
}

interface Version {
  readonly numbers: readonly number[];
  /** What stands around the numbers: `v…`, `…-slim-bookworm`. */
  readonly prefix: string;
  readonly suffix: string;
}

/** `v3.14.2-slim` in its parts; undefined where no number begins the tag, and for pre-releases. */
function readVersion(tag: string): Version | undefined {
  const match = /^(v?)(\d{1,9}(?:\.\d{1,9}){0,3})((?:[-_+].*)?)$/.exec(tag);
  if (match === null || /(?:^|[-_.])(?:alpha|beta|rc|pre|dev|nightly|snapshot|canary|test)/i.test(match[3] ?? ''))
    return undefined;
  return { prefix: match[1] ?? '', numbers: (match[2] ?? '').split('.').map(Number), suffix: match[3] ?? '' };
}

/**
 * The newest tag of the same form for each step up: as many numbers, the same letters around them. A distribution's name
 * in the suffix has to stay too. Best first: the smallest step.
 */
export function newerTags(current: string, tags: readonly string[]): readonly NewerTag[] {
  const own = readVersion(current);
  if (own === undefined) return [];
  const steps = ['major', 'minor', 'patch'] as const;
  const newest = new Map<NewerTag['step'], { readonly tag: string; readonly numbers: readonly number[] }>();
  for (const tag of tags) {
    const version = readVersion(tag);
    if (version === undefined || version.numbers.length !== own.numbers.length) continue;
    if (version.prefix !== own.prefix || version.suffix !== own.suffix) continue;
    const at = version.numbers.findIndex((number, index) => number !== own.numbers[index]);
    if (at < 0 || (version.numbers[at] ?? 0) < (own.numbers[at] ?? 0)) continue;
    const step = steps[Math.min(at, 2)] ?? 'patch';
    const best = newest.get(step);
    if (best === undefined || compare(version.numbers, best.numbers) > 0)
      newest.set(step, { tag, numbers: version.numbers });
  }
  return steps.toReversed().flatMap((step) => {
    const found = newest.get(step);
    return found === undefined ? [] : [{ tag: found.tag, step }];
  });
}

function compare(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((number, index) => number !== b[index]);
  return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}
