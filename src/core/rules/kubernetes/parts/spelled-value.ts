import { type Field, scalarText } from '../../../yaml/field.ts';
import { asMapping, asSequence, entries } from '../../../yaml/read.ts';

/** A value in one spelling, whatever the order of its keys; undefined where a template decides something of it. */
export function spelledValue(field: Field | null): string | undefined {
  if (field === undefined || field === null) return '';
  if (field === 'unknown') return undefined;
  const mapping = asMapping(field);
  if (mapping !== undefined) {
    if (mapping.open) return undefined;
    const pairs = entries(mapping).map(({ key, value }) => ({ key: key.text, value: spelledValue(value) }));
    if (pairs.some(({ value }) => value === undefined)) return undefined;
    const sorted = pairs.toSorted((a, b) => (a.key < b.key ? -1 : 1));
    return `{${sorted.map(({ key, value }) => `${JSON.stringify(key)}:${value}`).join()}}`;
  }
  const sequence = asSequence(field);
  if (sequence !== undefined) {
    const items = sequence.items.map(spelledValue);
    return sequence.open || items.includes(undefined) ? undefined : `[${items.join()}]`;
  }
  const text = scalarText(field);
  return text && JSON.stringify(text.value);
}
