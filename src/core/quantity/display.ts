import { formatKubernetesQuantity } from './kubernetes.ts';

/** CPU for reading, from billionths of a core: `500m`, `1.5`, `0.1m`. Always exact. */
export function formatCpu(nano: bigint): string {
  const magnitude = nano < 0n ? -nano : nano;
  return magnitude >= 1_000_000_000n || nano === 0n ? decimal(nano, 9) : `${decimal(nano, 6)}m`;
}

/** Bytes as one would write them in a manifest, from billionths of a byte: `256Mi`, `1536Mi`, `1000`. Always exact. */
export function formatBytes(nano: bigint): string {
  const binary = formatKubernetesQuantity({ nano, format: 'BinarySI' });
  // A manifest may say 1k; for bytes that reads as a thousand of something else.
  return binary.endsWith('k') ? `${nano / 1_000_000_000n}` : binary;
}

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'];

/** Bytes for people, from billionths of a byte: `1.5 GiB`, `256 MiB`; with `≈` in front where three digits are not all. */
export function formatHumanBytes(nano: bigint): string {
  const magnitude = nano < 0n ? -nano : nano;
  const unitNano = (index: number) => 1_000_000_000n << BigInt(10 * index);
  let index = 0;
  while (index + 1 < units.length && magnitude >= unitNano(index + 1)) index++;
  const thousandths = magnitude * 1000n;
  const sign = nano < 0n ? '-' : '';
  const unit = units[index] ?? 'B';
  if (thousandths % unitNano(index) === 0n) return `${sign}${decimal(thousandths / unitNano(index), 3)} ${unit}`;
  const rounded = threeDigits(Number(thousandths) / Number(unitNano(index)) / 1000);
  const carry = rounded === '1024' && index + 1 < units.length;
  return `≈${sign}${carry ? '1' : rounded} ${carry ? units[index + 1] : unit}`;
}

function threeDigits(value: number): string {
  return value >= 100 ? `${Math.round(value)}` : `${Number(value.toPrecision(3))}`;
}

/** `value` ÷ 10^`places`, as decimal text without trailing zeros. */
function decimal(value: bigint, places: number): string {
  const sign = value < 0n ? '-' : '';
  const digits = `${value < 0n ? -value : value}`.padStart(places + 1, '0');
  const fraction = digits.slice(-places).replace(/0+$/, '');
  return `${sign}${digits.slice(0, -places)}${fraction === '' ? '' : `.${fraction}`}`;
}
