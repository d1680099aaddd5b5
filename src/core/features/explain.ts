import type { Figure } from './load-view.ts';

/** Quantities are held as whole billionths: of a core, of a byte. */
export const nano = 1_000_000_000n;

const binaryUnits = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'] as const;
const unitSizes = binaryUnits.map((_, power) => nano * 1024n ** BigInt(power));
/** 1 to a billion. */
const powersOfTen = Array.from({ length: 10 }, (_, power) => 10n ** BigInt(power));

/** Cores for people: `300m`, `1.5`, `0.1m`. Docker's 32-bit fractions are rounded to millionths of a core. */
export function cores(amount: bigint): string {
  if (amount === 0n) return '0';
  return amount < nano && amount > -nano ? `${decimal(amount, 1_000_000n, 6)}m` : decimal(amount, nano, 6);
}

/** Bytes for people, in the largest binary unit that leaves a number of at least one: `768Mi`, `953.7Mi`, `0.128 bytes`. */
export function bytes(amount: bigint): string {
  if (amount < 0n) return `-${bytes(-amount)}`;
  if (amount === 0n) return '0';
  const unit = Math.max(
    0,
    unitSizes.findLastIndex((one) => amount >= one),
  );
  const size = unitSizes[unit] ?? nano;
  if (unit === 0) {
    const number = decimal(amount, nano, 3);
    return `${number} ${number === '1' ? 'byte' : 'bytes'}`;
  }
  if ((amount * 100n) % size === 0n) return decimal(amount, size, 2) + binaryUnits[unit];
  // 1120Mi says more than 1.1Gi, and is what one would write.
  const smaller = unitSizes[unit - 1] ?? nano;
  if (unit > 1 && amount % smaller === 0n && amount / smaller < 10_000n)
    return `${amount / smaller}${binaryUnits[unit - 1]}`;
  return decimal(amount, size, 1) + binaryUnits[unit];
}

/** As it stands in a sentence. */
export function resourceName(resource: 'cpu' | 'memory'): string {
  return resource === 'cpu' ? 'CPU' : 'memory';
}

/** CPU as `300m` or `1.5`, memory as `768Mi`. */
export function amountText(resource: 'cpu' | 'memory', amount: bigint): string {
  return resource === 'cpu' ? cores(amount) : bytes(amount);
}

/** The exact value in base units: `0.3 cores`, `805,306,368 bytes`. */
export function exactText(resource: 'cpu' | 'memory', amount: bigint): string {
  const number = grouped(amount);
  if (resource === 'cpu') return `${number} ${number === '1' ? 'core' : 'cores'}`;
  return `${number} ${number === '1' ? 'byte' : 'bytes'}`;
}

/** A whole number of the base unit with its fraction, in groups of three: `1,500.25`. */
export function grouped(amount: bigint): string {
  const [whole = '', fraction] = decimal(amount, nano, 9).split('.');
  const groups = whole.replace(/\B(?=(?:\d{3})+$)/g, ',');
  return fraction === undefined ? groups : `${groups}.${fraction}`;
}

/** `20 %`, `33.3 %`; undefined where the whole is zero. */
export function percent(part: bigint, whole: bigint): string | undefined {
  return whole === 0n ? undefined : `${decimal(part * 100n, whole, 1)} %`;
}

/** `amount / unit` with at most `digits` decimals, rounded half up, without trailing zeros. */
export function decimal(amount: bigint, unit: bigint, digits: number): string {
  if (amount < 0n) return `-${decimal(-amount, unit, digits)}`;
  const scale = powersOfTen[digits] ?? 10n ** BigInt(digits);
  const scaled = (amount * scale * 2n + unit) / (unit * 2n);
  const whole = (scaled / scale).toString();
  const rest = scaled % scale;
  return rest === 0n ? whole : `${whole}.${rest.toString().padStart(digits, '0').replace(/0+$/, '')}`;
}

/** For bars: cores or bytes as a plain number, near enough. */
export function plainNumber(amount: bigint): number {
  return Number(amount) / 1e9;
}

/** The figure with what it was before, where that is something else. */
export function withBefore(now: Figure, before: Figure | undefined): Figure {
  return before === undefined || before.text === now.text ? now : { ...now, before: before.text };
}

/** Text of a document inside Markdown: nothing in it is a link, a tag, code or emphasis. */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/[\\`*_{}[\]()#+.!|~<>&$:@]/g, (character) => `&#${character.charCodeAt(0)};`);
}
