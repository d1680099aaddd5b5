/**
 * What the pieces that make a text have to be for it to become another one: one piece changes where that is enough, else
 * words between marks (`.`, `-`, `:` …) go over to words. Undefined where it cannot be told what belongs to which piece.
 */
export function redistributed(pieces: readonly string[], to: string): readonly string[] | undefined {
  for (const at of pieces.keys()) {
    const [before, after] = [pieces.slice(0, at).join(''), pieces.slice(at + 1).join('')];
    if (to.length >= before.length + after.length && to.startsWith(before) && to.endsWith(after))
      return pieces.with(at, to.slice(before.length, to.length - after.length));
  }
  const [old, now] = [words(pieces.join('')), words(to)];
  const isAlike = old.length === now.length && old.every((word, at) => at % 2 === 0 || word === now[at]);
  if (!isAlike) return undefined;
  const changed: string[] = [];
  let next = 0;
  for (const piece of pieces) {
    let [taken, value] = ['', ''];
    while (taken.length < piece.length) {
      taken += old[next] ?? '';
      value += now[next++] ?? '';
    }
    if (taken !== piece) return undefined;
    changed.push(value);
  }
  return changed;
}

/** Words, each followed by the mark behind it. */
function words(text: string): readonly string[] {
  return text.split(/([-._:/@])/);
}
