import { parseKubernetesQuantity } from '../../../quantity/kubernetes.ts';

/** A quantity in billionths; undefined where the text is none. */
export function nanos(text: string): bigint | undefined {
  const parsed = parseKubernetesQuantity(text);
  return parsed.ok ? parsed.quantity.nano : undefined;
}

/** Negative where `a` is the smaller one, zero where they are equal; undefined where one is no quantity. */
export function compareQuantities(a: string, b: string): number | undefined {
  const [first, second] = [nanos(a), nanos(b)];
  if (first === undefined || second === undefined) return undefined;
  return first < second ? -1 : first > second ? 1 : 0;
}
