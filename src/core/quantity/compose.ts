export type ParsedBytes =
  | { readonly ok: true; readonly bytes: bigint }
  | { readonly ok: false; readonly reason: 'number' | 'negative' | 'suffix' };

const exponents: ReadonlyMap<string, number> = new Map([
  ['k', 1],
  ['m', 2],
  ['g', 3],
  ['t', 4],
  ['p', 5],
]);

/**
 * A size as Docker and Compose read it: every unit is a power of 1024, in either case, with or without `b` or `ib`:
 * `512m`, `1.5G`, `64 MiB` (docker/go-units size.go RAMInBytes). Fractions of a byte are cut off.
 */
export function parseRamInBytes(text: string): ParsedBytes {
  return parseSize(text, 1024);
}

/** As {@link parseRamInBytes}, with powers of 1000 (docker/go-units size.go FromHumanSize). */
export function parseHumanSize(text: string): ParsedBytes {
  return parseSize(text, 1000);
}

function parseSize(text: string, base: number): ParsedBytes {
  const [, number = '', suffix = ''] = /^(.*[\d. ])([^\d. ]*)$/s.exec(text) ?? [];
  // One blank may stand between number and unit.
  const size = parseFloat64(number.endsWith(' ') ? number.slice(0, -1) : number);
  if (size === undefined) return { ok: false, reason: 'number' };
  if (size < 0) return { ok: false, reason: 'negative' };
  const [, unit = '', rest = ''] = /^(.?)(.*)$/s.exec(suffix.toLowerCase()) ?? [];
  if (unit === '' || (unit === 'b' && rest === '')) return { ok: true, bytes: BigInt(Math.trunc(size)) };
  const exponent = exponents.get(unit);
  if (exponent === undefined || !['', 'b', 'ib'].includes(rest)) return { ok: false, reason: 'suffix' };
  const bytes = Math.trunc(size * base ** exponent);
  return Number.isFinite(bytes) ? { ok: true, bytes: BigInt(bytes) } : { ok: false, reason: 'number' };
}

/** Go's strconv.ParseFloat for decimal text; undefined where it is none. */
function parseFloat64(text: string): number | undefined {
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}

const nanoPerCpu = 1_000_000_000n;

/**
 * Compose's `cpus` in billionths of a CPU. Compose holds the number in 32 bits and multiplies in 32 bits, so `12.34`
 * becomes 12339999744 (compose-go types ServiceConfig.CPUS, docker/compose pkg/compose/create.go). Undefined where it
 * is no number.
 */
export function parseComposeCpus(text: string): bigint | undefined {
  const cpus = parseFloat64(text);
  if (cpus === undefined) return undefined;
  const nano = Math.trunc(Math.fround(Math.fround(cpus) * 1e9));
  return Number.isFinite(nano) ? BigInt(nano) : undefined;
}

/**
 * `docker run --cpus` in billionths of a CPU: an exact decimal or fraction such as `1/2`, with at most nine decimals
 * (docker/cli opts/opts.go ParseCPUs). Undefined where the command line refuses it.
 */
export function parseDockerCpus(text: string): bigint | undefined {
  const fraction = /^([+-]?\d+)\/(\d+)$/.exec(text);
  if (fraction) return divideExactly(BigInt(fraction[1] ?? '') * nanoPerCpu, BigInt(fraction[2] ?? ''));
  const match = /^([+-]?)(\d*)\.?(\d*)(?:e([+-]?\d{1,4}))?$/i.exec(text);
  const [, sign, whole = '', decimals = '', exponent = '0'] = match ?? [];
  if (sign === undefined || whole + decimals === '') return undefined;
  const power = Number(exponent) - decimals.length + 9;
  const digits = BigInt(whole + decimals);
  const nano = power >= 0 ? digits * 10n ** BigInt(power) : divideExactly(digits, 10n ** BigInt(-power));
  return nano !== undefined && sign === '-' ? -nano : nano;
}

function divideExactly(value: bigint, divisor: bigint): bigint | undefined {
  return divisor === 0n || value % divisor !== 0n ? undefined : value / divisor;
}
