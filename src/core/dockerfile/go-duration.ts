/** What is wrong with a duration, with the repair where it is plain what was meant. */
export type DurationFlaw =
  | { readonly kind: 'noUnit'; readonly repaired: string }
  | { readonly kind: 'unknownUnit'; readonly unit: string; readonly repaired: string | undefined }
  | { readonly kind: 'tooShort' }
  | { readonly kind: 'malformed' };

/** Milliseconds of each unit that Go's `time.ParseDuration` knows. */
const units: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

/** How people write the units otherwise, in lower case. */
const spellings: Readonly<Record<string, string>> = {
  sec: 's',
  secs: 's',
  second: 's',
  seconds: 's',
  min: 'm',
  mins: 'm',
  minute: 'm',
  minutes: 'm',
  hr: 'h',
  hrs: 'h',
  hour: 'h',
  hours: 'h',
  msec: 'ms',
};

/** Judges a duration as the builder does for health checks: Go's syntax, and a millisecond at least unless it is 0. */
export function durationFlaw(text: string): DurationFlaw | undefined {
  if (text === '' || /^[-+]?0$/.test(text)) return undefined;
  if (/^\d+(?:\.\d+)?$/.test(text)) return { kind: 'noUnit', repaired: `${text}s` };
  if (!/^[-+]?(?:(?:\d+(?:\.\d*)?|\.\d+)[^\d.+-]+)+$/.test(text)) return { kind: 'malformed' };
  let milliseconds = 0;
  let repaired = '';
  let unknown: string | undefined;
  let clear = true;
  for (const [, number = '', unit = ''] of text.matchAll(/([\d.]+)([^\d.]+)/g)) {
    const known = units[unit];
    const lower = unit.toLowerCase();
    const meant = known === undefined ? (units[lower] === undefined ? spellings[lower] : lower) : unit;
    if (known === undefined) unknown ??= unit;
    clear &&= meant !== undefined;
    milliseconds += Number(number) * (known ?? 0);
    repaired += number + (meant ?? unit);
  }
  if (unknown !== undefined) return { kind: 'unknownUnit', unit: unknown, repaired: clear ? repaired : undefined };
  if (milliseconds === 0) return undefined;
  return text.startsWith('-') || milliseconds < 1 ? { kind: 'tooShort' } : undefined;
}

/** A duration without flaws in milliseconds; undefined for any other. */
export function milliseconds(text: string): number | undefined {
  if (text === '' || durationFlaw(text) !== undefined) return undefined;
  let total = 0;
  for (const [, number = '', unit = ''] of text.matchAll(/([\d.]+)([^\d.]+)/g))
    total += Number(number) * (units[unit] ?? 0);
  return total;
}
