import { nanos } from './quantities.ts';
import type { Measure, Scale } from './quantity-places.ts';

/** Another way to write a quantity. `same`: nothing else can have been meant. */
export interface Rewrite {
  readonly value: string;
  readonly same: boolean;
}

/** What is wrong with a quantity. The first two are refused by the API server, the others are taken at their word. */
export type Mistake =
  | { readonly kind: 'invalid'; readonly rewrites: readonly Rewrite[] }
  | { readonly kind: 'unit'; readonly unit: string; readonly rewrites: readonly Rewrite[] }
  | { readonly kind: 'negative'; readonly rewrites: readonly Rewrite[] }
  | { readonly kind: 'fraction'; readonly rewrites: readonly Rewrite[] }
  | { readonly kind: 'thousandths'; readonly bytes: string; readonly rewrites: readonly Rewrite[] }
  | { readonly kind: 'few'; readonly bytes: string; readonly rewrites: readonly Rewrite[] }
  | { readonly kind: 'many'; readonly cores: string; readonly rewrites: readonly Rewrite[] }
  | { readonly kind: 'fine'; readonly rewrites: readonly Rewrite[] };

const one = 1_000_000_000n;
const mebibyte = one << 20n;
/** More CPUs than nearly any container is given; 100 or 500 of them are far more often millicores. */
const manyCores: Readonly<Record<Exclude<Scale, 'any'>, bigint>> = { one: 64n * one, machine: 4096n * one };

/** Judges a quantity as it is written; by its size only where the scale lets that tell. */
export function quantityMistake(text: string, measure: Measure, scale: Scale): Mistake | undefined {
  const value = nanos(text);
  if (value === undefined) return misspelt(text, measure);
  if (value < 0n) return { kind: 'negative', rewrites: [] };
  if (measure === 'whole' && value % one !== 0n)
    return { kind: 'fraction', rewrites: [{ value: String(value / one + 1n), same: false }] };
  if (scale === 'any') return undefined;
  if (measure === 'bytes') return tooFewBytes(text, value);
  return measure === 'cpu' ? oddCores(text, value, manyCores[scale]) : undefined;
}

/** `128m` of memory is 0.128 bytes, and `512` is 512 of them. */
function tooFewBytes(text: string, value: bigint): Mistake | undefined {
  if (value === 0n || value >= mebibyte) return undefined;
  const [, number = '', suffix] = /^([0-9]+(?:\.[0-9]+)?)(m|k|Ki|)$/.exec(text) ?? [];
  const rewrites = suffix === undefined ? [] : meant(number, suffix === '' ? ['Mi', 'Gi'] : ['Mi']);
  const kind = suffix === 'm' ? 'thousandths' : 'few';
  return { kind, bytes: decimal(value), rewrites };
}

/** `500` CPUs are 500 whole ones, and `0.5m` is half a thousandth. */
function oddCores(text: string, value: bigint, many: bigint): Mistake | undefined {
  if (value > many) {
    const number = /^([0-9]+)(?:k|K|M|Mi|G|Gi)?$/.exec(text)?.[1];
    return { kind: 'many', cores: decimal(value), rewrites: number === undefined ? [] : meant(number, ['m']) };
  }
  if (value === 0n || value % 1_000_000n === 0n) return undefined;
  const number = /^(0?\.[0-9]+)m$/.exec(text)?.[1];
  return value < 1_000_000n ? { kind: 'fine', rewrites: number === undefined ? [] : meant(number, ['']) } : undefined;
}

const binary: Readonly<Record<string, string>> = { k: 'Ki', m: 'Mi', g: 'Gi', t: 'Ti', p: 'Pi', e: 'Ei' };
const metric: Readonly<Record<string, string>> = { k: 'k', m: 'M', g: 'G', t: 'T', p: 'P', e: 'E' };

/** Refused by the API server: which spelling was meant. */
function misspelt(text: string, measure: Measure): Mistake {
  const [, written = '', unit = ''] = /^\s*([+-]?[0-9]*[.,]?[0-9]+)\s*([A-Za-z]*)\s*$/.exec(text) ?? [];
  if (written === '') return { kind: 'invalid', rewrites: [] };
  const number = written.replace(',', '.');
  // Only a comma or a blank was wrong.
  if (nanos(number + unit) !== undefined) return { kind: 'invalid', rewrites: [{ value: number + unit, same: true }] };
  const rewrites = unitsMeant(unit.toLowerCase(), measure).map(({ unit: known, same }) => ({
    value: number + known,
    same,
  }));
  const valid = rewrites.filter(({ value }) => nanos(value) !== undefined);
  return { kind: 'unit', unit, rewrites: valid };
}

interface MeantUnit {
  readonly unit: string;
  readonly same: boolean;
}

/** The units that a wrong one may stand for, the likeliest first. `mb` is most often a binary one. */
function unitsMeant(unit: string, measure: Measure): readonly MeantUnit[] {
  if (measure === 'cpu') {
    if (/^v?(?:cpus?|cores?)$/.test(unit)) return [{ unit: '', same: true }];
    return /^m(?:c|cpus?|illi|illicores?|illicpus?)$/.test(unit) ? [{ unit: 'm', same: true }] : [];
  }
  if (measure !== 'bytes') return [];
  if (/^b(?:ytes?)?$/.test(unit)) return [{ unit: '', same: true }];
  const [, letter = '', rest = ''] = /^([kmgtpe])(i|ib|b|)$/.exec(unit) ?? [];
  const inBinary = binary[letter];
  const inMetric = metric[letter];
  if (inBinary === undefined || inMetric === undefined) return [];
  if (rest.startsWith('i')) return [{ unit: inBinary, same: true }];
  return [
    { unit: inBinary, same: false },
    { unit: inMetric, same: false },
  ];
}

function meant(number: string, units: readonly string[]): readonly Rewrite[] {
  return units.map((unit) => ({ value: number + unit, same: false })).filter(({ value }) => nanos(value) !== undefined);
}

/** Billionths as a decimal number, without zeros at its end. */
function decimal(value: bigint): string {
  const rest = (value % one).toString().padStart(9, '0').replace(/0+$/, '');
  return rest === '' ? String(value / one) : `${value / one}.${rest}`;
}
