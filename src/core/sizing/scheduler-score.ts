import type { SchedulerAmounts } from './scheduler-units.ts';

/** A node and a pod that may go there. */
export interface ScoreInputs {
  readonly allocatable: SchedulerAmounts;
  /** What the node's pods request together. */
  readonly existing: SchedulerAmounts;
  readonly pod: SchedulerAmounts;
  /** Weight of each resource; CPU and memory, 1 each, unless the profile says otherwise. */
  readonly weights?: SchedulerAmounts | undefined;
}

/** The profile's own (kubernetes v1.36 pkg/scheduler/apis/config/v1/defaults.go). */
export const defaultScoreWeights: SchedulerAmounts = new Map([
  ['cpu', 1],
  ['memory', 1],
]);

interface Scored {
  readonly capacity: number;
  readonly before: number;
  readonly after: number;
  readonly weight: number;
}

/**
 * Σ weight × ⌊(capacity − requested) × 100 ÷ capacity⌋ ÷ Σ weight, cut off, 0 to 100: emptier nodes win. What does not
 * fit scores zero; what the node lacks does not count (noderesources/least_allocated.go).
 */
export function leastAllocated(inputs: ScoreInputs): number {
  return weighted(inputs, ({ after, capacity }) => (after > capacity ? 0 : percent(capacity - after, capacity)));
}

/**
 * Σ weight × ⌊requested × 100 ÷ capacity⌋ ÷ Σ weight, cut off, 0 to 100: fuller nodes win; more than the capacity counts
 * as the capacity (noderesources/most_allocated.go).
 */
export function mostAllocated(inputs: ScoreInputs): number {
  return weighted(inputs, ({ after, capacity }) => percent(Math.min(after, capacity), capacity));
}

/** A corner of the line from utilization, 0 to 100, to score, 0 to 10. */
export interface ShapePoint {
  readonly utilization: number;
  readonly score: number;
}

/**
 * The weighted mean, rounded half up, of the scores that a line through `shape` gives each resource's utilization after
 * the pod; resources that score nothing do not count (noderesources/requested_to_capacity_ratio.go). 0 to 100.
 */
export function requestedToCapacityRatio(inputs: ScoreInputs, shape: readonly ShapePoint[]): number {
  let score = 0;
  let weights = 0;
  for (const { after, capacity, weight } of scoredResources(inputs)) {
    const value = onLine(shape, after > capacity ? 100 : percent(after, capacity));
    if (value <= 0) continue;
    score += value * weight;
    weights += weight;
  }
  return weights === 0 ? 0 : Math.round(score / weights);
}

/**
 * 50 + ⌊(50 + with − without) ÷ 2⌋, where `with` and `without` the pod are ⌊(1 − σ) × 100⌋ and σ the standard deviation
 * of the used fractions: pods go where they even a node out. Undefined for a pod that requests nothing, which is not
 * scored (kubernetes v1.36 noderesources/balanced_allocation.go; before, `with` alone).
 */
export function balancedAllocation(inputs: ScoreInputs): number | undefined {
  const resources = scoredResources(inputs);
  if (resources.every(({ before, after }) => before === after)) return undefined;
  const evenness = (used: (resource: Scored) => number) =>
    Math.trunc((1 - deviation(resources.map((each) => Math.min(1, used(each) / each.capacity)))) * 100);
  const gain = evenness(({ after }) => after) - evenness(({ before }) => before);
  return 50 + Math.trunc((50 + gain) / 2);
}

function deviation(fractions: readonly number[]): number {
  const [first = 0, second = 0] = fractions;
  if (fractions.length === 2) return Math.abs((first - second) / 2);
  if (fractions.length < 2) return 0;
  const mean = fractions.reduce((sum, fraction) => sum + fraction, 0) / fractions.length;
  return Math.sqrt(fractions.reduce((sum, fraction) => sum + (fraction - mean) ** 2, 0) / fractions.length);
}

const alwaysScored = ['cpu', 'memory', 'ephemeral-storage'];

/** The weighted resources of the node; extended ones only where the pod asks for them. */
function scoredResources({
  allocatable,
  existing,
  pod,
  weights = defaultScoreWeights,
}: ScoreInputs): readonly Scored[] {
  const resources: Scored[] = [];
  for (const [resource, weight] of weights) {
    const capacity = allocatable.get(resource) ?? 0;
    const asked = pod.get(resource) ?? 0;
    if (capacity === 0 || (asked === 0 && !alwaysScored.includes(resource))) continue;
    const before = existing.get(resource) ?? 0;
    resources.push({ capacity, before, after: before + asked, weight });
  }
  return resources;
}

function weighted(inputs: ScoreInputs, scoreOf: (resource: Scored) => number): number {
  let score = 0;
  let weights = 0;
  for (const resource of scoredResources(inputs)) {
    score += scoreOf(resource) * resource.weight;
    weights += resource.weight;
  }
  return weights === 0 ? 0 : Math.trunc(score / weights);
}

/** ⌊part × 100 ÷ whole⌋, exact beyond 2⁵³ ÷ 100. */
function percent(part: number, whole: number): number {
  return Number((BigInt(part) * 100n) / BigInt(whole));
}

/** Ten times the line's value, cut off between the corners (plugins/helper/shape_score.go). */
function onLine(shape: readonly ShapePoint[], utilization: number): number {
  let previous: ShapePoint | undefined;
  for (const point of shape) {
    if (utilization <= point.utilization) {
      if (previous === undefined) return point.score * 10;
      const rise = 10 * (point.score - previous.score) * (utilization - previous.utilization);
      return previous.score * 10 + Math.trunc(rise / (point.utilization - previous.utilization));
    }
    previous = point;
  }
  return previous === undefined ? 0 : previous.score * 10;
}
