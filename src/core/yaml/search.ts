/** The last of `count` things, whose places are in order, that lies at or before `at`; -1 where there is none. */
export function lastAtOrBefore(count: number, placeOf: (index: number) => number, at: number): number {
  let low = -1;
  let high = count - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (placeOf(middle) <= at) low = middle;
    else high = middle - 1;
  }
  return low;
}
