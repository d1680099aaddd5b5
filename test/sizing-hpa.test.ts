import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  averageValueReplicas,
  clampReplicas,
  type HpaPod,
  type HpaResult,
  hpaRange,
  podsReplicas,
  replicasForRatio,
  resourceReplicas,
  scaleUpCeiling,
  valueReplicas,
} from '../src/core/sizing/hpa.ts';
import { runVectors } from './support/vectors.ts';

interface SpelledPodMetric {
  readonly value?: number;
  readonly request?: number;
  readonly unready?: boolean;
  readonly notReady?: boolean;
  readonly deleted?: boolean;
  readonly phase?: string;
}

type Measured = {
  readonly currentReplicas: number;
  readonly tolerance: readonly [number, number];
  readonly pods: readonly SpelledPodMetric[];
};

type HpaInput =
  | ({ readonly type: 'resource' | 'pods'; readonly target: number } & Measured)
  | ({
      readonly type: 'object' | 'external' | 'objectPerPod' | 'externalPerPod';
      readonly target: number | string;
      readonly usage: number | string;
    } & Measured)
  | ({
      readonly type: 'simple';
      readonly currentUtilization: number;
      readonly targetUtilization: number;
    } & Omit<Measured, 'pods'>)
  | {
      readonly type: 'clamp';
      readonly currentReplicas: number;
      readonly desired: number;
      readonly minReplicas: number;
      readonly maxReplicas: number;
    }
  | { readonly type: 'scaleUpCeiling'; readonly currentReplicas: number };

function hpaPod({ value, request = 0, unready, deleted, phase }: SpelledPodMetric): HpaPod {
  const ignored = deleted === true || phase === 'Failed';
  return {
    state: ignored ? 'ignored' : unready === true || phase === 'Pending' ? 'unready' : 'counted',
    metricMilli: value === undefined ? undefined : BigInt(value),
    requestMilli: BigInt(request),
  };
}

function spelled(result: HpaResult | undefined): Readonly<Record<string, unknown>> {
  assert.ok(result);
  const { replicas, averageMilli, utilizationPercent } = result;
  return { replicas, utilizationPercent, averageMilli: Number(averageMilli), average: averageMilli.toString() };
}

function hpaValues(input: HpaInput): Readonly<Record<string, unknown>> {
  if (input.type === 'scaleUpCeiling') return { maxReplicasAfter15s: scaleUpCeiling(input.currentReplicas) };
  if (input.type === 'clamp') {
    return { replicas: clampReplicas(input.desired, input) };
  }
  const tolerance = { scaleDown: input.tolerance[0], scaleUp: input.tolerance[1] };
  const current = input.currentReplicas;
  switch (input.type) {
    case 'simple':
      return {
        replicas: replicasForRatio(current, current, input.currentUtilization / input.targetUtilization, tolerance),
      };
    case 'resource':
      return spelled(resourceReplicas(current, input.pods.map(hpaPod), input.target, tolerance));
    case 'pods':
      return spelled(podsReplicas(current, input.pods.map(hpaPod), BigInt(input.target), tolerance));
    case 'object':
    case 'external': {
      const ready = input.pods.filter(({ notReady }) => notReady !== true).length;
      return spelled(valueReplicas(current, ready, BigInt(input.usage), BigInt(input.target), tolerance));
    }
    case 'objectPerPod':
    case 'externalPerPod': {
      return spelled(averageValueReplicas(current, BigInt(input.usage), BigInt(input.target), tolerance));
    }
  }
}

runVectors<HpaInput, Readonly<Record<string, unknown>>>('hpa', 87, (input, expected) => {
  const wanted = Object.entries(expected).map(([key, value]) => [key, key === 'average' ? `${value}` : value]);
  assert.ok(wanted.length > 0);
  assert.deepEqual(
    Object.fromEntries(Object.entries(hpaValues(input)).filter(([key]) => key in expected)),
    Object.fromEntries(wanted),
  );
});

const measured = fc
  .record({ metricMilli: fc.bigInt(0n, 4000n), requestMilli: fc.bigInt(1n, 4000n) })
  .map((pod): HpaPod => ({ ...pod, state: 'counted' }));
const pods = fc.array(
  fc.oneof(
    measured,
    measured.map((pod): HpaPod => ({ ...pod, metricMilli: undefined })),
    measured.map((pod): HpaPod => ({ ...pod, state: 'unready' })),
    measured.map((pod): HpaPod => ({ ...pod, state: 'ignored' })),
  ),
  { maxLength: 12 },
);

describe('the autoscaler', () => {
  it('brings the average to the target or below it, with no pod more than that takes', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 500 }),
        fc.integer({ min: 1, max: 1000 }),
        fc.integer({ min: 1, max: 300 }),
        (current, used, target) => {
          const replicas = replicasForRatio(current, current, used / target, { scaleDown: 0, scaleUp: 0 });
          // The controller's floats may add one pod where the quotient is whole, never take one away.
          assert.ok(replicas * target >= used * current * (1 - 1e-12));
          assert.ok((replicas - 1) * target < used * current * (1 + 1e-12));
        },
      ),
    );
  });

  it('never scales up where less is used than wanted, nor down where more is', () => {
    fc.assert(
      fc.property(pods, fc.integer({ min: 1, max: 300 }), (all, target) => {
        const current = all.filter(({ state }) => state !== 'ignored').length;
        const result = resourceReplicas(current, all, target);
        if (result?.utilizationPercent === undefined) return;
        if (result.utilizationPercent < target) assert.ok(result.replicas <= current);
        if (result.utilizationPercent > target) {
          const unready = all.filter(({ state }) => state === 'unready').length;
          assert.ok(result.replicas >= current - unready);
        }
      }),
    );
  });

  it('does not scale without metrics, nor without requests', () => {
    const pod: HpaPod = { state: 'counted', metricMilli: 100n, requestMilli: 0n };
    assert.equal(resourceReplicas(3, [pod], 80), undefined);
    assert.equal(resourceReplicas(3, [], 80), undefined);
    assert.equal(podsReplicas(3, [{ ...pod, metricMilli: undefined }], 100n), undefined);
  });

  it('keeps to its range, where there is one', () => {
    assert.deepEqual(hpaRange(5), { minReplicas: 1, maxReplicas: 5 });
    assert.equal(hpaRange(2, 3), undefined);
    assert.equal(hpaRange(0), undefined);
    const count = fc.integer({ min: 1, max: 100 });
    fc.assert(
      fc.property(count, count, fc.integer({ min: 0, max: 200 }), (least, more, desired) => {
        const range = hpaRange(least + more, least);
        assert.ok(range);
        const replicas = clampReplicas(desired, range);
        assert.ok(replicas >= least && replicas <= least + more);
        assert.equal(clampReplicas(replicas, range), replicas);
      }),
    );
  });

  it('starts from nothing by the whole ratio', () => {
    assert.equal(valueReplicas(0, 0, 2500n, 1000n).replicas, 3);
    assert.equal(averageValueReplicas(0, 2500n, 1000n).replicas, 3);
  });
});
