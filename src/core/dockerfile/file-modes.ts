const octal = /^[0-7]{3,4}$/;
const clause = /^([ugoa]*)([-+=][rwxXst]*)$/;

/**
 * The mode of `chmod` or `--chmod` that gives no more than `mode` but the right of everybody to write, where `mode` gives that:
 * `775` for `777`, `ug+w` for `a+w`. `keep` where nothing would be left to give; undefined where nobody else may write, where
 * the sticky bit keeps files apart as in `/tmp`, and for what is no mode.
 */
export function withoutOthersWriting(mode: string): string | 'keep' | undefined {
  if (octal.test(mode)) {
    const sticky = mode.length === 4 && (Number(mode.charAt(0)) & 1) !== 0;
    const others = Number(mode.at(-1));
    return sticky || (others & 2) === 0 ? undefined : mode.slice(0, -1) + String(others & 5);
  }
  const clauses = mode.split(',').map((part) => clause.exec(part));
  if (clauses.some((part) => part === null) || /t|o-[rx]*w|a-[rx]*w/.test(mode)) return undefined;
  let found = false;
  const kept: string[] = [];
  for (const [whole, who = '', change = ''] of clauses.filter((part) => part !== null)) {
    if (!/[oa]/.test(who) || !/^[+=].*w/.test(change)) {
      kept.push(whole);
      continue;
    }
    found = true;
    const insiders = who.includes('a') ? 'ug' : who.replaceAll('o', '');
    if (insiders !== '') kept.push(insiders + change);
    const rest = change.replaceAll('w', '');
    if (rest.length > 1 || rest === '=') kept.push(`o${rest}`);
  }
  if (!found) return undefined;
  return kept.length === 0 ? 'keep' : kept.join(',');
}
