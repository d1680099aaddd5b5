import { type KubernetesQuantity, parseKubernetesQuantity } from './kubernetes.ts';

/** Quantities by name, as `cpu=500m, memory=1Gi` says them; undefined where a part is no such pair, or below zero. */
export function parseQuantityList(text: string): ReadonlyMap<string, KubernetesQuantity> | undefined {
  const amounts = new Map<string, KubernetesQuantity>();
  for (const part of text.split(',')) {
    if (part.trim() === '') continue;
    const [, name, value] = /^\s*([^\s=]+)\s*=\s*(\S+)\s*$/.exec(part) ?? [];
    const parsed = value === undefined ? undefined : parseKubernetesQuantity(value);
    if (name === undefined || parsed?.ok !== true || parsed.quantity.nano < 0n) return undefined;
    amounts.set(name, parsed.quantity);
  }
  return amounts;
}
