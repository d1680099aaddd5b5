/** How a quantity was written, and so how it is printed again. */
export type QuantityFormat = 'BinarySI' | 'DecimalSI' | 'DecimalExponent';

/** A Kubernetes quantity. `nano` is the value × 10⁹, exact; a decimal one has no upper bound. */
export interface KubernetesQuantity {
  readonly nano: bigint;
  readonly format: QuantityFormat;
}

export type ParsedQuantity =
  | { readonly ok: true; readonly quantity: KubernetesQuantity }
  /** `suffix` is what stands behind the number, for reason `suffix`. `range`: an exponent beyond any use. */
  | {
      readonly ok: false;
      readonly reason: 'empty' | 'space' | 'number' | 'suffix' | 'range';
      readonly suffix: string;
    };

export const nanoPerUnit = 1_000_000_000n;
const nanoPerMilli = 1_000_000n;
const largestInt64 = 2n ** 63n - 1n;
/** Go would go on and fill the memory with zeros; nobody means such a number. */
const largestExponent = 1000;

const decimalSuffixes: ReadonlyMap<string, number> = new Map([
  ['n', -9],
  ['u', -6],
  ['m', -3],
  ['', 0],
  ['k', 3],
  ['M', 6],
  ['G', 9],
  ['T', 12],
  ['P', 15],
  ['E', 18],
]);
const binarySuffixes: ReadonlyMap<string, bigint> = new Map([
  ['Ki', 10n],
  ['Mi', 20n],
  ['Gi', 30n],
  ['Ti', 40n],
  ['Pi', 50n],
  ['Ei', 60n],
]);

const shape = /^([+-]?)(\d*)(?:\.(\d*))?([^\d.].*)?$/;
const exponentShape = /^[eE]([+-]?\d+)$/;

/**
 * Reads a quantity as the API server does: sign, decimal number, suffix; no blanks. Finer than 10⁻⁹ is rounded away
 * from zero; a binary suffix caps at 2⁶³−1 (apimachinery pkg/api/resource/quantity.go ParseQuantity).
 */
export function parseKubernetesQuantity(text: string): ParsedQuantity {
  if (text === '') return { ok: false, reason: 'empty', suffix: '' };
  if (/\s/.test(text)) return { ok: false, reason: 'space', suffix: '' };
  const [, sign, whole = '', fraction = '', suffix = ''] = shape.exec(text) ?? [];
  const digits = whole + fraction;
  if (sign === undefined || digits === '') return { ok: false, reason: 'number', suffix: '' };
  const unsigned = scale(BigInt(digits), fraction.length, suffix);
  if (unsigned === 'suffix' || unsigned === 'range') return { ok: false, reason: unsigned, suffix };
  return { ok: true, quantity: { ...unsigned, nano: sign === '-' ? -unsigned.nano : unsigned.nano } };
}

/**
 * Reads the quantity of a manifest's field, where blanks around the number are forgiven
 * (apimachinery pkg/api/resource/quantity.go Quantity.UnmarshalJSON).
 */
export function parseQuantityField(text: string): ParsedQuantity {
  return parseKubernetesQuantity(text.trim());
}

function scale(digits: bigint, decimals: number, suffix: string): KubernetesQuantity | 'suffix' | 'range' {
  const power = binarySuffixes.get(suffix);
  if (power !== undefined) {
    const nano = divideUp((digits << power) * nanoPerUnit, 10n ** BigInt(decimals));
    const capped = nano > largestInt64 * nanoPerUnit ? largestInt64 * nanoPerUnit : nano;
    return { nano: capped, format: capped > 0n && capped < nanoPerUnit ? 'DecimalSI' : 'BinarySI' };
  }
  const decimal = decimalSuffixes.get(suffix);
  if (decimal !== undefined) return { nano: times10(digits, decimal + 9 - decimals), format: 'DecimalSI' };
  const exponent = exponentShape.exec(suffix)?.[1];
  if (exponent === undefined) return 'suffix';
  const written = Number(exponent);
  if (written > largestExponent) return 'range';
  // Below that, every value but zero is rounded up to the smallest one anyway.
  const power10 = Math.max(written, -largestExponent - decimals);
  return { nano: times10(digits, power10 + 9 - decimals), format: 'DecimalExponent' };
}

function times10(value: bigint, exponent: number): bigint {
  return exponent >= 0 ? value * 10n ** BigInt(exponent) : divideUp(value, 10n ** BigInt(-exponent));
}

/** Division rounded away from zero; the divisor is positive. */
export function divideUp(value: bigint, divisor: bigint): bigint {
  const quotient = value / divisor;
  if (quotient * divisor === value) return quotient;
  return value < 0n ? quotient - 1n : quotient + 1n;
}

/**
 * The canonical text, as the API server gives it back: no fraction, the largest suffix that leaves an integer
 * (apimachinery pkg/api/resource/quantity.go CanonicalizeBytes).
 */
export function formatKubernetesQuantity({ nano, format }: KubernetesQuantity): string {
  if (nano === 0n) return '0';
  if (format === 'BinarySI') return formatBinary(nano) ?? formatDecimal(nano);
  return format === 'DecimalExponent' ? formatExponent(nano) : formatDecimal(nano);
}

function formatBinary(nano: bigint): string | undefined {
  const value = nano / nanoPerUnit;
  const absolute = value < 0n ? -value : value;
  if (absolute < 1024n || value * nanoPerUnit !== nano) return undefined;
  const [suffix, power] = [...binarySuffixes].findLast(([, bits]) => absolute % (1n << bits) === 0n) ?? ['', 0n];
  return `${value / (1n << power)}${suffix}`;
}

function formatDecimal(nano: bigint): string {
  const [suffix, exponent] = [...decimalSuffixes].findLast(([, power]) => nano % 10n ** BigInt(power + 9) === 0n) ?? [
    'n',
    -9,
  ];
  return `${nano / 10n ** BigInt(exponent + 9)}${suffix}`;
}

function formatExponent(nano: bigint): string {
  let [value, exponent] = [nano, -9];
  while (value % 1000n === 0n) {
    value /= 1000n;
    exponent += 3;
  }
  return exponent === 0 ? `${value}` : `${value}e${exponent}`;
}

/** −1, 0 or 1 as `a` is less than, equal to or greater than `b`; the format plays no role. */
export function compareQuantities(a: KubernetesQuantity, b: KubernetesQuantity): -1 | 0 | 1 {
  return a.nano < b.nano ? -1 : a.nano > b.nano ? 1 : 0;
}

/** The sum, in `a`'s format; in `b`'s where `a` is zero (quantity.go Add). */
export function addQuantities(a: KubernetesQuantity, b: KubernetesQuantity): KubernetesQuantity {
  return { nano: a.nano + b.nano, format: a.nano === 0n ? b.format : a.format };
}

/** The difference, in `a`'s format; in `b`'s where `a` is zero (quantity.go Sub). */
export function subtractQuantities(a: KubernetesQuantity, b: KubernetesQuantity): KubernetesQuantity {
  return { nano: a.nano - b.nano, format: a.nano === 0n ? b.format : a.format };
}

/** The greater of the two; `a` where they are equal. */
export function maxQuantity(a: KubernetesQuantity, b: KubernetesQuantity): KubernetesQuantity {
  return b.nano > a.nano ? b : a;
}

/** Rounded away from zero to a multiple of 10^`exponent`; `exact` tells whether nothing was lost (quantity.go RoundUp). */
export function roundUpQuantity(
  quantity: KubernetesQuantity,
  exponent: number,
): { readonly quantity: KubernetesQuantity; readonly exact: boolean } {
  if (exponent <= -9) return { quantity, exact: true };
  const step = 10n ** BigInt(exponent + 9);
  const nano = divideUp(quantity.nano, step) * step;
  return { quantity: { ...quantity, nano }, exact: nano === quantity.nano };
}

/** Whole units (bytes, cores), rounded away from zero (quantity.go Value). */
export function wholeValue(quantity: KubernetesQuantity): bigint {
  return divideUp(quantity.nano, nanoPerUnit);
}

/** Thousandths (millicores), rounded away from zero (quantity.go MilliValue). */
export function milliValue(quantity: KubernetesQuantity): bigint {
  return divideUp(quantity.nano, nanoPerMilli);
}

/**
 * Whether the API server warns of a fraction of a byte: `memory: 400m` is admitted as four tenths of one
 * (kubernetes v1.36 pkg/api/pod/warnings.go:214). Meant for `memory` and `ephemeral-storage`.
 */
export function hasFractionalBytes(quantity: KubernetesQuantity): boolean {
  return milliValue(quantity) % 1000n !== 0n;
}

/** Makes a quantity of whole units, such as bytes. */
export function quantityOf(units: bigint, format: QuantityFormat): KubernetesQuantity {
  return { nano: units * nanoPerUnit, format };
}

/** Makes a quantity of thousandths, such as millicores. */
export function quantityOfMilli(milli: bigint, format: QuantityFormat): KubernetesQuantity {
  return { nano: milli * nanoPerMilli, format };
}
