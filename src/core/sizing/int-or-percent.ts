/** A count, or a share such as `25%` (`IntOrString` of the API). */
export type IntOrPercent = number | string;

/**
 * The count that a share of `total` stands for: value × total ÷ 100, rounded as told; a count stands for itself. Undefined
 * where a text is no whole percentage (apimachinery pkg/util/intstr GetScaledValueFromIntOrPercent).
 */
export function scaledCount(value: IntOrPercent, total: number, rounding: 'up' | 'down'): number | undefined {
  if (typeof value === 'number') return value;
  if (!/^[+-]?\d+%$/.test(value)) return undefined;
  const share = (Number.parseInt(value, 10) * total) / 100;
  return rounding === 'up' ? Math.ceil(share) : Math.floor(share);
}
