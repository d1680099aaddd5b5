/** Names of Linux signals by number, without `SIG`; the ones that container runtimes know. */
const byNumber: readonly (string | undefined)[] = [
  ...[undefined, 'HUP', 'INT', 'QUIT', 'ILL', 'TRAP', 'ABRT', 'BUS', 'FPE', 'KILL', 'USR1', 'SEGV', 'USR2', 'PIPE'],
  ...['ALRM', 'TERM', 'STKFLT', 'CHLD', 'CONT', 'STOP', 'TSTP', 'TTIN', 'TTOU', 'URG', 'XCPU', 'XFSZ', 'VTALRM'],
  ...['PROF', 'WINCH', 'IO', 'PWR', 'SYS'],
];

/** Second names. */
const synonyms: Readonly<Record<string, string>> = { CLD: 'CHLD', IOT: 'ABRT', POLL: 'IO', UNUSED: 'SYS' };

const names: ReadonlySet<string> = new Set(byNumber.flatMap((name) => name ?? []));

/** Real-time signals have names from both ends: `RTMIN+3`, `RTMAX-14`. */
const realTime = /^RT(?:MIN(?:\+(?:[1-9]|1[0-5]))?|MAX(?:-(?:[1-9]|1[0-4]))?)$/;

/**
 * The usual name (`SIGTERM`) of what STOPSIGNAL says: `15`, `TERM`, `sigterm`. Undefined where runtimes know no such
 * signal; a number without a name stays as it is.
 */
export function canonicalSignal(text: string): string | undefined {
  if (/^[+-]?\d+$/.test(text)) {
    const number = Number(text);
    if (number < 1 || number > 64) return undefined;
    const name =
      byNumber[number] ?? (number >= 34 && number <= 49 ? `RTMIN${number > 34 ? `+${number - 34}` : ''}` : '');
    return name === '' ? text : `SIG${name}`;
  }
  const name = text.toUpperCase().replace(/^SIG/, '');
  if (names.has(name) || realTime.test(name)) return `SIG${name}`;
  const other = Object.hasOwn(synonyms, name) ? synonyms[name] : undefined;
  return other && `SIG${other}`;
}
