import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  balancedAllocation,
  leastAllocated,
  mostAllocated,
  requestedToCapacityRatio,
  type ScoreInputs,
} from '../src/core/sizing/scheduler-score.ts';
import {
  insufficient,
  podAmounts,
  type SchedulerAmounts,
  schedulerAmounts,
  scoredAmounts,
} from '../src/core/sizing/scheduler-units.ts';
import { podResources, resourceList } from './support/resources.ts';
import { runVectors } from './support/vectors.ts';

type Spelled = Readonly<Record<string, number>>;

interface ScoreVector {
  readonly strategy: 'LeastAllocated' | 'MostAllocated' | 'RequestedToCapacityRatio' | 'BalancedAllocation';
  readonly pod: Spelled;
  readonly existing: Spelled;
  readonly allocatable: Spelled;
  readonly weights?: Spelled;
}

const amounts = (spelled: Spelled): SchedulerAmounts => new Map(Object.entries(spelled));

function score({ strategy, pod, existing, allocatable, weights }: ScoreVector): number | undefined {
  // BalancedAllocation weighs every resource of the node alike.
  const even = new Map(Object.keys(allocatable).map((resource) => [resource, 1]));
  const inputs: ScoreInputs = {
    pod: amounts(pod),
    existing: amounts(existing),
    allocatable: amounts(allocatable),
    weights: weights === undefined ? even : amounts(weights),
  };
  switch (strategy) {
    case 'LeastAllocated':
      return leastAllocated(inputs);
    case 'MostAllocated':
      return mostAllocated(inputs);
    case 'RequestedToCapacityRatio':
      return requestedToCapacityRatio(inputs, [
        { utilization: 0, score: 10 },
        { utilization: 100, score: 0 },
      ]);
    case 'BalancedAllocation':
      return balancedAllocation(inputs);
  }
}

runVectors<ScoreVector, { readonly score: number }>('scheduler-score', 43, (input, expected) => {
  assert.equal(score(input), expected.score);
});

const part = fc.integer({ min: 0, max: 1_000_000 });
const inputs = fc
  .record({ cpu: part, memory: part, usedCpu: part, usedMemory: part, wholeCpu: part, wholeMemory: part })
  .map(({ cpu, memory, usedCpu, usedMemory, wholeCpu, wholeMemory }): ScoreInputs => {
    return {
      pod: amounts({ cpu, memory }),
      existing: amounts({ cpu: usedCpu, memory: usedMemory }),
      allocatable: amounts({ cpu: wholeCpu, memory: wholeMemory }),
    };
  });

describe('scores', () => {
  it('are whole numbers from 0 to 100, and least and most allocated mirror each other', () => {
    fc.assert(
      fc.property(inputs, (each) => {
        const [least, most, even] = [leastAllocated(each), mostAllocated(each), balancedAllocation(each) ?? 0];
        for (const value of [least, most, even]) assert.ok(Number.isInteger(value) && value >= 0 && value <= 100);
        // What does not fit scores as if the node were full, and each resource is cut off on its own.
        assert.ok(least + most <= 100);
      }),
    );
  });

  it('leave out a pod that requests nothing', () => {
    const nothing: ScoreInputs = { pod: new Map(), existing: new Map(), allocatable: amounts({ cpu: 1, memory: 1 }) };
    assert.equal(balancedAllocation(nothing), undefined);
  });
});

describe('what the scheduler counts', () => {
  it('is rounded up, to thousandths of a CPU and to bytes', () => {
    const list = resourceList({ cpu: '100u', memory: '1m', 'nvidia.com/gpu': '2' });
    assert.deepEqual(Object.fromEntries(schedulerAmounts(list)), { cpu: 1, memory: 1, 'nvidia.com/gpu': 2 });
  });

  it('takes a container without requests at 100m and 200 MiB in scores, and at nothing in the filter', () => {
    const pod = podResources({ containers: [{}, { resources: { requests: { cpu: '0', memory: '1Gi' } } }] });
    assert.deepEqual(Object.fromEntries(scoredAmounts(pod)), { cpu: 100, memory: (200 << 20) + 2 ** 30 });
    assert.deepEqual(Object.fromEntries(podAmounts(pod)), { cpu: 0, memory: 2 ** 30 });
  });

  it('does not fit where one resource is short', () => {
    const free = amounts({ cpu: 1000, memory: 100, pods: 1 });
    assert.deepEqual(insufficient(amounts({ cpu: 1000, memory: 100, pods: 1 }), free), []);
    assert.deepEqual(insufficient(amounts({ cpu: 1001, 'nvidia.com/gpu': 1, 'hugepages-2Mi': 0 }), free), [
      'cpu',
      'nvidia.com/gpu',
    ]);
  });
});
