/**
 * Kubernetes quantities as exact integers.
 * Source: k8s.io/apimachinery pkg/api/resource (quantity.go, suffix.go).
 */

export type QuantityFormat = 'BinarySI' | 'DecimalSI' | 'DecimalExponent';

/** `nano` is the value × 10⁹, the finest that Kubernetes keeps; `format` is how it is printed. */
export interface KubernetesQuantity {
  readonly nano: bigint;
  readonly format: QuantityFormat;
}

export type ParsedQuantity =
  | { readonly ok: true; readonly quantity: KubernetesQuantity }
  /** `empty`: no text; `number`: no digits before the suffix; `suffix`: letters that are none of Kubernetes'. */
  | { readonly ok: false; readonly reason: 'empty' | 'number' | 'suffix' };

const nanos = 1_000_000_000n;
/** The largest value with a binary suffix: int64. */
const binaryCap = (1n << 63n) - 1n;

const decimalExponents: Readonly<Record<string, number>> = {
  n: -9,
  u: -6,
  m: -3,
  '': 0,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
};
const binaryShifts: Readonly<Record<string, bigint>> = { Ki: 10n, Mi: 20n, Gi: 30n, Ti: 40n, Pi: 50n, Ei: 60n };
const decimalSuffixes = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'] as const;
const binarySuffixes = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'] as const;
/** Far beyond any resource; keeps a hostile exponent from filling memory. */
const largestExponent = 999;

/** Rounds away from zero, as Kubernetes does with what is finer than it keeps. */
function divideUp(value: bigint, by: bigint): bigint {
  const quotient = value / by;
  if (value % by === 0n) return quotient;
  return value < 0n ? quotient - 1n : quotient + 1n;
}

/** `digits × 10^exponent` in nanos. */
function scaled(digits: bigint, exponent: number): bigint {
  const power = exponent + 9;
  return power >= 0 ? digits * 10n ** BigInt(power) : divideUp(digits, 10n ** BigInt(-power));
}

/** Reads a quantity such as `500m`, `1.5Gi` or `1e3`, exactly. */
export function parseKubernetesQuantity(text: string): ParsedQuantity {
  if (text === '') return { ok: false, reason: 'empty' };
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(.*)$/s.exec(text);
  const [, sign = '', whole = '', fraction = '', suffix = ''] = match ?? [];
  if (whole === '' && fraction === '') return { ok: false, reason: 'number' };
  const digits = BigInt(whole + fraction) * (sign === '-' ? -1n : 1n);
  const decimals = fraction.length;
  const shift = binaryShifts[suffix];
  if (shift !== undefined) {
    const raw = divideUp((digits << shift) * nanos, 10n ** BigInt(decimals));
    const capped = raw > binaryCap * nanos ? binaryCap * nanos : raw < -binaryCap * nanos ? -binaryCap * nanos : raw;
    // Below one a binary suffix has no meaning: the value is printed with a decimal one.
    const small = capped > -nanos && capped < nanos && capped !== 0n;
    return { ok: true, quantity: { nano: capped, format: small ? 'DecimalSI' : 'BinarySI' } };
  }
  const exponent = decimalExponents[suffix];
  if (exponent !== undefined)
    return { ok: true, quantity: { nano: scaled(digits, exponent - decimals), format: 'DecimalSI' } };
  const power = /^[eE]([+-]?\d+)$/.exec(suffix);
  if (power === null || Math.abs(Number(power[1])) > largestExponent) return { ok: false, reason: 'suffix' };
  return { ok: true, quantity: { nano: scaled(digits, Number(power[1]) - decimals), format: 'DecimalExponent' } };
}

/** The canonical text: no fraction, the largest suffix that allows it. */
export function formatKubernetesQuantity({ nano, format }: KubernetesQuantity): string {
  if (nano === 0n) return '0';
  const magnitude = nano < 0n ? -nano : nano;
  const sign = nano < 0n ? '-' : '';
  if (format === 'BinarySI' && magnitude >= 1024n * nanos && magnitude % nanos === 0n) {
    let value = magnitude / nanos;
    let step = 0;
    while (value % 1024n === 0n && step < binarySuffixes.length - 1) {
      value /= 1024n;
      step++;
    }
    return `${sign}${value}${binarySuffixes[step] ?? ''}`;
  }
  let value = magnitude;
  let power = -9;
  while (value % 1000n === 0n && (format === 'DecimalExponent' || power < 18)) {
    value /= 1000n;
    power += 3;
  }
  if (format === 'DecimalExponent') return power === 0 ? `${sign}${value}` : `${sign}${value}e${power}`;
  return `${sign}${value}${decimalSuffixes[(power + 9) / 3] ?? ''}`;
}

export function compareQuantities(a: KubernetesQuantity, b: KubernetesQuantity): -1 | 0 | 1 {
  return a.nano < b.nano ? -1 : a.nano > b.nano ? 1 : 0;
}

/** The sum, printed like `a` unless that is zero. */
export function addQuantities(a: KubernetesQuantity, b: KubernetesQuantity): KubernetesQuantity {
  return { nano: a.nano + b.nano, format: a.nano === 0n ? b.format : a.format };
}

/** The larger; `a` where they are equal. */
export function maxQuantity(a: KubernetesQuantity, b: KubernetesQuantity): KubernetesQuantity {
  return b.nano > a.nano ? b : a;
}

/** In thousandths, rounded away from zero: millicores of a CPU quantity. */
export function milliValue({ nano }: KubernetesQuantity): bigint {
  return divideUp(nano, 1_000_000n);
}

/** In whole units, rounded away from zero: bytes of a memory quantity. */
export function wholeValue({ nano }: KubernetesQuantity): bigint {
  return divideUp(nano, nanos);
}
