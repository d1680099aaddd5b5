import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { disruptions } from '../src/core/sizing/disruption.ts';
import { type IntOrPercent, scaledCount } from '../src/core/sizing/int-or-percent.ts';
import { type ConcurrencyPolicy, cronJobPeak, jobActivePods } from '../src/core/sizing/jobs.ts';
import {
  canRoll,
  daemonSetRollout,
  defaultRollingUpdate,
  deploymentMaxUnavailable,
  deploymentRollout,
  grownReplicaSet,
  newReplicaSetSize,
  oldReplicaSetSize,
  type RollingUpdate,
  recreateRollout,
  resolveFenceposts,
  statefulSetMaxUnavailable,
} from '../src/core/sizing/rollout.ts';
import { runVectors } from './support/vectors.ts';

interface Update {
  readonly maxSurge?: IntOrPercent | null;
  readonly maxUnavailable?: IntOrPercent | null;
}

type RolloutInput =
  | ({ readonly fn: 'resolveFenceposts'; readonly desired: number } & Update)
  | ({ readonly fn: 'deploymentRollout' | 'rolloutFootprint'; readonly replicas: number } & Update)
  | { readonly fn: 'intOrPercent'; readonly value: IntOrPercent; readonly total: number; readonly roundUp: boolean }
  | ({
      readonly fn: 'deploymentMaxUnavailable' | 'deploymentMinAvailable';
      readonly strategy: string;
      readonly replicas?: number;
    } & Update)
  | ({
      readonly fn: 'newRSReplicas';
      readonly strategy: string;
      readonly replicas: number;
      readonly newRS: number;
      readonly otherRS: number;
    } & Update)
  | ({
      readonly fn: 'reconcileNewRS';
      readonly replicas: number;
      readonly oldReplicas: number;
      readonly newReplicas: number;
    } & Update)
  | ({
      readonly fn: 'reconcileOldRS';
      readonly replicas: number;
      readonly oldReplicas: number;
      readonly newReplicas: number;
      readonly readyOld: number;
      readonly readyNew: number;
    } & Update)
  | ({ readonly fn: 'statefulSetMaxUnavailable'; readonly replicas: number } & Update)
  | ({ readonly fn: 'daemonSetRollout'; readonly nodes: number } & Update)
  | {
      readonly fn: 'pdb';
      readonly minAvailable?: IntOrPercent;
      readonly maxUnavailable?: IntOrPercent;
      readonly expectedPods: number;
      readonly healthyPods: number;
    }
  | {
      readonly fn: 'jobActive';
      readonly parallelism: number;
      readonly completions: number | null;
      readonly succeeded: number;
    }
  | {
      readonly fn: 'cronJobPeak';
      readonly policy: ConcurrencyPolicy;
      readonly periodSeconds: number;
      readonly durationSeconds: number;
      readonly parallelism: number;
    };

function rollingUpdate({ maxSurge, maxUnavailable }: Update): RollingUpdate {
  return { maxSurge: maxSurge ?? undefined, maxUnavailable: maxUnavailable ?? undefined };
}

function rolloutValues(input: RolloutInput): Readonly<Record<string, unknown>> | undefined {
  switch (input.fn) {
    case 'resolveFenceposts':
      return { ...resolveFenceposts(rollingUpdate(input), input.desired) };
    case 'deploymentRollout': {
      const update = rollingUpdate(input);
      return { ...deploymentRollout(update, input.replicas), valid: canRoll(update) };
    }
    case 'rolloutFootprint': {
      const rollout = deploymentRollout(rollingUpdate(input), input.replicas);
      return {
        peakPods: rollout?.peakPods,
        firstStepIncludingTerminating: rollout?.firstStepWithTerminating,
        worstCaseIncludingTerminating: rollout?.worstCaseWithTerminating,
      };
    }
    case 'intOrPercent':
      return { value: scaledCount(input.value, input.total, input.roundUp ? 'up' : 'down') };
    case 'deploymentMaxUnavailable':
      if (input.strategy === 'Recreate') return { maxUnavailable: recreateRollout(input.replicas ?? 0).unavailable };
      return { maxUnavailable: deploymentMaxUnavailable(rollingUpdate(input), input.replicas ?? 0) };
    case 'deploymentMinAvailable':
      if (input.strategy === 'Recreate') return { minAvailable: recreateRollout(input.replicas ?? 0).minAvailable };
      return { minAvailable: deploymentRollout(rollingUpdate(input), input.replicas ?? 0)?.minAvailable };
    case 'newRSReplicas':
      // Recreate scales the new ReplicaSet up at once.
      if (input.strategy === 'Recreate') return { newRS: recreateRollout(input.replicas).peakPods };
      return { newRS: grownReplicaSet(rollingUpdate(input), input.replicas, input.otherRS, input.newRS) };
    case 'reconcileNewRS': {
      const { replicas, oldReplicas, newReplicas } = input;
      const size = newReplicaSetSize(rollingUpdate(input), replicas, oldReplicas, newReplicas);
      return { newReplicas: size, scaled: size !== newReplicas };
    }
    case 'reconcileOldRS': {
      const old = { pods: input.oldReplicas, ready: input.readyOld };
      const next = { pods: input.newReplicas, ready: input.readyNew };
      const size = oldReplicaSetSize(rollingUpdate(input), input.replicas, old, next);
      const scaled = size !== old.pods;
      return { scaled, expectedOldReplicasInTable: scaled ? size : null };
    }
    case 'statefulSetMaxUnavailable':
      return { maxUnavailable: statefulSetMaxUnavailable(input.maxUnavailable ?? undefined, input.replicas) };
    case 'daemonSetRollout':
      return { ...daemonSetRollout(rollingUpdate(input), input.nodes) };
    case 'pdb': {
      const { minAvailable, maxUnavailable, expectedPods, healthyPods } = input;
      const budget =
        minAvailable === undefined
          ? ({ kind: 'max-unavailable', value: maxUnavailable ?? 0 } as const)
          : ({ kind: 'min-available', value: minAvailable } as const);
      const result = disruptions(budget, expectedPods, healthyPods);
      return { desiredHealthy: result?.desiredHealthy, disruptionsAllowed: result?.allowed };
    }
    case 'jobActive':
      return { active: jobActivePods(input.parallelism, input.completions ?? undefined, input.succeeded) };
    case 'cronJobPeak': {
      const peak = cronJobPeak({ ...input, pods: input.parallelism });
      return { ...peak, peakPodsIncludingTerminating: peak.peakPodsWithTerminating };
    }
  }
}

runVectors<RolloutInput, Readonly<Record<string, unknown>>>('rolling-surge', 103, (input, expected) => {
  const actual = rolloutValues(input);
  if (expected.error === true) {
    assert.ok(Object.values(actual ?? {}).every((value) => value === undefined));
    return;
  }
  assert.ok(Object.keys(expected).length > 0);
  assert.deepEqual(Object.fromEntries(Object.entries(actual ?? {}).filter(([key]) => key in expected)), expected);
});

const shares = fc.oneof(
  fc.integer({ min: 0, max: 40 }),
  fc.integer({ min: 0, max: 100 }).map((percent) => `${percent}%`),
);
const updates = fc.record({ maxSurge: shares, maxUnavailable: shares });
const replicas = fc.integer({ min: 0, max: 60 });

describe('a rolling update', () => {
  it('rounds surge up and unavailable down', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 1_000_000 }), (percent, total) => {
        const [up, down] = [scaledCount(`${percent}%`, total, 'up'), scaledCount(`${percent}%`, total, 'down')];
        assert.ok(up !== undefined && down !== undefined);
        assert.ok(up * 100 >= percent * total && (up - 1) * 100 < percent * total);
        assert.ok(down * 100 <= percent * total && (down + 1) * 100 > percent * total);
      }),
    );
  });

  it('ends with the new version alone, and stays between its least and its peak on the way', () => {
    fc.assert(
      fc.property(updates, replicas, (update, count) => {
        const rollout = deploymentRollout(update, count);
        assert.ok(rollout);
        let [old, next] = [count, 0];
        for (let step = 0; step < 4 * count + 4 && (old > 0 || next < count); step++) {
          next = newReplicaSetSize(update, count, old, next);
          assert.ok(old + next <= rollout.peakPods);
          old = oldReplicaSetSize(update, count, { pods: old, ready: old }, { pods: next, ready: next });
          assert.ok(old + next >= rollout.minAvailable);
        }
        assert.deepEqual([old, next], [0, count]);
        assert.ok(rollout.peakPods <= rollout.firstStepWithTerminating);
        assert.ok(rollout.firstStepWithTerminating <= rollout.worstCaseWithTerminating);
      }),
    );
  });

  it('of one replica needs room for two by default, and stops nothing before the new pod answers', () => {
    const rollout = deploymentRollout(defaultRollingUpdate, 1);
    assert.deepEqual([rollout?.peakPods, rollout?.minAvailable], [2, 1]);
  });

  it('is not computed from what is no count', () => {
    assert.equal(deploymentRollout({ maxSurge: 'lots' }, 3), undefined);
    assert.equal(deploymentMaxUnavailable({ maxUnavailable: '5' }, 3), undefined);
    assert.equal(daemonSetRollout({ maxSurge: '1.5%' }, 3), undefined);
    assert.equal(statefulSetMaxUnavailable('x', 3), undefined);
    assert.equal(disruptions({ kind: 'min-available', value: '%' }, 3, 3), undefined);
  });
});

describe('jobs', () => {
  it('of a CronJob overlap only when a run outlasts the period', () => {
    const runs = { periodSeconds: 60, durationSeconds: 30, pods: 3 };
    for (const policy of ['Allow', 'Forbid', 'Replace'] as const) {
      assert.equal(cronJobPeak({ ...runs, policy }).peakPodsWithTerminating, 3);
    }
  });
});
