import { parseQuantityList } from '../quantity/list.ts';
import { parseEvictionThreshold } from '../sizing/node-allocatable.ts';
import type { NodeSaid } from '../sizing/node-choice.ts';

/** Assumptions about nodes that are in no preset. */
export type NodeAssumption = 'nodeReserved' | 'nodeEviction' | 'nodeMaxPods' | 'nodeMore';

/** What somebody has said of nodes; `text` gives an assumption's text where it is a value, and nothing else. */
export function saidOfNodes(text: (name: NodeAssumption) => string | undefined, minor: number): NodeSaid {
  const maxPods = text('nodeMaxPods') ?? '';
  return {
    maxPods: maxPods === '' ? undefined : BigInt(maxPods),
    // The rules of AKS have been what they are since 1.29.
    minor: minor < 29 ? minor : undefined,
    more: parseQuantityList(text('nodeMore') ?? ''),
    reserved: parseQuantityList(text('nodeReserved') ?? ''),
    eviction: parseEvictionThreshold(text('nodeEviction') ?? ''),
  };
}
