import { type IntOrPercent, scaledCount } from './int-or-percent.ts';

/** What a PodDisruptionBudget says; the API takes one of the two. */
export type DisruptionBudget =
  | { readonly kind: 'min-available'; readonly value: IntOrPercent }
  | { readonly kind: 'max-unavailable'; readonly value: IntOrPercent };

export interface Disruptions {
  readonly desiredHealthy: number;
  /** Pods that an eviction, a drain for example, may take now. */
  readonly allowed: number;
}

/**
 * desiredHealthy = ⌈minAvailable⌉, or expected − ⌈maxUnavailable⌉, never below zero; allowed = healthy − desiredHealthy.
 * Undefined where the value is neither a count nor a percentage (kubernetes v1.36
 * pkg/controller/disruption/disruption.go:813; percentages are rounded up both ways).
 */
export function disruptions(budget: DisruptionBudget, expected: number, healthy: number): Disruptions | undefined {
  const count = scaledCount(budget.value, expected, 'up');
  if (count === undefined) return undefined;
  const desiredHealthy = budget.kind === 'min-available' ? count : Math.max(0, expected - count);
  return { desiredHealthy, allowed: expected <= 0 ? 0 : Math.max(0, healthy - desiredHealthy) };
}
