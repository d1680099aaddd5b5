/** How many characters have to be added, removed, replaced or swapped with a neighbour to make `a` into `b`. */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, (before[j - 2] ?? 0) + 1);
      row.push(cost);
    }
    before = last;
    last = row;
  }
  return last[b.length] ?? 0;
}

/**
 * The candidate that was most likely meant: the nearest by typing mistakes, at most a third of its length away, or one
 * that begins or ends as the word does. Undefined where none or two are equally near.
 */
export function closest(word: string, candidates: Iterable<string>): string | undefined {
  let best: { readonly candidate: string; readonly far: number } | undefined;
  let tied = false;
  for (const candidate of new Set(candidates)) {
    const within = Math.max(word.length, candidate.length) / 3;
    const contained =
      word.length > 2 &&
      candidate.length > 2 &&
      (candidate.startsWith(word) ||
        word.startsWith(candidate) ||
        candidate.endsWith(word) ||
        word.endsWith(candidate));
    const far = distance(word, candidate);
    if (far > within && !contained) continue;
    tied = best !== undefined && far === best.far;
    if (best === undefined || far < best.far) best = { candidate, far };
  }
  return tied ? undefined : best?.candidate;
}
