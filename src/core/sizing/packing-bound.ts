import type { NodeBound } from './packing-model.ts';

/** Pods that are alike, with what one needs of each resource. */
export interface BoundGroup {
  readonly need: Float64Array;
  readonly count: number;
  /** One pod to a node, whatever it requests. */
  readonly onePerNode: boolean;
}

/**
 * How many alike pods fit: the least of ⌊free ÷ need⌋ over what they need (cluster-capacity). Amounts are whole numbers.
 */
export function podsThatFit(free: Float64Array, need: Float64Array): number {
  let most = Number.POSITIVE_INFINITY;
  for (let index = 0; index < need.length; index++) {
    const each = need[index] ?? 0;
    if (each === 0) continue;
    const left = free[index] ?? 0;
    if (left < each) return 0;
    const count = Math.floor(left / each);
    if (count < most) most = count;
  }
  return most;
}

/**
 * The least nodes that the groups need when every node has `capacity`: the greatest of volume, homogeneous and Martello-
 * Toth bound. Exact while the sums stay below 2⁵³; every group must fit a node.
 */
export function nodeBound(
  groups: readonly BoundGroup[],
  capacity: Float64Array,
  resources: readonly string[],
): NodeBound {
  const volume = new Map<string, number>();
  let sharing = 0;
  resources.forEach((resource, index) => {
    const whole = capacity[index] ?? 0;
    const total = groups.reduce((sum, { need, count }) => sum + (need[index] ?? 0) * count, 0);
    if (total === 0 || whole === 0) return;
    volume.set(resource, Math.ceil(total / whole));
    // Pods count one each, so that their volume says it all.
    if (resource !== 'pods') sharing = Math.max(sharing, martelloToth(groups, index, whole));
  });
  const homogeneous = groups.reduce((most, { need, count, onePerNode }) => {
    const perNode = onePerNode ? 1 : podsThatFit(capacity, need);
    return Math.max(most, Math.ceil(count / perNode));
  }, 0);
  return { nodes: Math.max(homogeneous, sharing, ...volume.values()), volume, homogeneous, sharing };
}

interface Sizes {
  readonly size: number;
  readonly count: number;
}

/**
 * Martello and Toth's L2 of one resource: for a size α up to half a node, pods above c − α stand alone, those above c ÷ 2
 * stand apart, and what those from α to c ÷ 2 need beyond the room beside them takes further nodes; the greatest over
 * every α (Knapsack Problems, 1990, section 8.3.2).
 */
function martelloToth(groups: readonly BoundGroup[], index: number, capacity: number): number {
  const sizes: Sizes[] = [];
  for (const { need, count } of groups) {
    const size = need[index] ?? 0;
    if (size > 0) sizes.push({ size, count });
  }
  sizes.sort((a, b) => b.size - a.size);
  const large = sizes.filter(({ size }) => 2 * size > capacity);
  const small = sizes.filter(({ size }) => 2 * size <= capacity);
  const largeCount = large.reduce((sum, { count }) => sum + count, 0);
  let most = 0;
  // As α falls from c ÷ 2, `alone` shrinks and `smallSum` grows.
  let smallSum = 0;
  let apartSum = 0;
  let alone = large.length;
  let aloneCount = largeCount;
  const consider = (alpha: number) => {
    for (let last = large[alone - 1]; last !== undefined && last.size <= capacity - alpha; last = large[alone - 1]) {
      alone--;
      aloneCount -= last.count;
      apartSum += last.size * last.count;
    }
    const beside = (largeCount - aloneCount) * capacity - apartSum;
    most = Math.max(most, largeCount + Math.max(0, Math.ceil((smallSum - beside) / capacity)));
  };
  for (const { size, count } of small) {
    smallSum += size * count;
    consider(size);
  }
  consider(0);
  return most;
}
