/** Keys that are asked for about equally often. */
export interface KeyGroup {
  readonly keys: number;
  /** Share of all requests that one of them gets. */
  readonly probability: number;
}

/** Ranks that stand alone; further ones are taken together, in groups that span a tenth of their rank. */
const single = 128;
const growth = 1.1;

/**
 * A Zipf popularity: the key of rank i gets i^−exponent of the requests, over the sum of all. The first 128 ranks one by
 * one, the others in groups, whose sums are taken from the integral between their middles; so a million keys are 220
 * groups and their sum is right to five digits. An exponent of 0 asks for every key alike.
 */
export function zipfPopularity(keys: number, exponent: number): readonly KeyGroup[] {
  const groups: { readonly keys: number; readonly weight: number }[] = [];
  for (let rank = 1; rank <= Math.min(keys, single); rank++) groups.push({ keys: 1, weight: rank ** -exponent });
  for (let from = single + 1; from <= keys; ) {
    const to = Math.min(keys, Math.floor(from * growth));
    groups.push({ keys: to - from + 1, weight: powerIntegral(from - 0.5, to + 0.5, exponent) });
    from = to + 1;
  }
  const total = groups.reduce((sum, { weight }) => sum + weight, 0);
  return groups.map(({ keys: count, weight }) => ({ keys: count, probability: weight / total / count }));
}

/** The integral of x^−exponent. */
function powerIntegral(from: number, to: number, exponent: number): number {
  const power = 1 - exponent;
  return Math.abs(power) < 1e-9 ? Math.log(to / from) : (to ** power - from ** power) / power;
}
