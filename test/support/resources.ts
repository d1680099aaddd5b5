import assert from 'node:assert/strict';
import { type KubernetesQuantity, parseKubernetesQuantity } from '../../src/core/quantity/kubernetes.ts';

/** The quantity that `text` stands for; fails the test where it stands for none. */
export function quantity(text: string): KubernetesQuantity {
  const parsed = parseKubernetesQuantity(text);
  assert.ok(parsed.ok, `${text} is no quantity`);
  return parsed.quantity;
}
