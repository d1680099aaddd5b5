import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { applyDefaults } from '../src/core/sizing/defaulting.ts';
import type { IntOrPercent } from '../src/core/sizing/int-or-percent.ts';
import { podQos } from '../src/core/sizing/qos.ts';
import {
  missingForQuota,
  quotaCounts,
  quotaLines,
  quotaScopes,
  quotaUsage,
  type ScopeRequirement,
  totalUsage,
} from '../src/core/sizing/quota.ts';
import { deploymentRollout } from '../src/core/sizing/rollout.ts';
import { nanosOf, podResources, resourceList, type SpelledPod } from './support/resources.ts';
import { runVectors } from './support/vectors.ts';

type Spelled = Readonly<Record<string, string>>;

interface QuotaInput {
  readonly spec?: SpelledPod;
  readonly phase?: string;
  readonly deletion?: { readonly state: string };
  readonly requests?: Spelled;
  readonly limits?: Spelled;
  readonly activeDeadlineSeconds?: number;
  readonly priorityClassName?: string;
  readonly crossNamespacePodAffinity?: boolean;
  readonly replicas?: number;
  readonly maxSurge?: IntOrPercent;
  readonly podRequests?: Spelled;
  readonly hardQuota?: Spelled;
  readonly limitRangeDefaultRequest?: Spelled;
}

interface QuotaExpected {
  readonly usage?: Spelled;
  readonly scopes?: readonly string[];
  readonly steady?: Spelled;
  readonly peak?: Spelled;
  readonly allowed?: boolean;
}

const oneContainer = (requests: Spelled = {}, limits: Spelled = {}) =>
  podResources({ containers: [{ name: 'web', resources: { requests, limits } }] });

runVectors<QuotaInput, QuotaExpected>('quota', 28, (input, expected) => {
  if (expected.usage !== undefined) {
    assert.ok(input.spec);
    const isOver = input.phase === 'Succeeded' || input.deletion?.state === 'past grace period';
    assert.deepEqual(nanosOf(quotaUsage(podResources(input.spec), isOver)), nanosOf(resourceList(expected.usage)));
  } else if (expected.scopes !== undefined) {
    const { qosClass } = podQos(oneContainer(input.requests, input.limits));
    assert.deepEqual(quotaScopes({ ...input, qosClass }), expected.scopes);
  } else if (expected.steady !== undefined) {
    const usage = quotaUsage(oneContainer(input.podRequests));
    const replicas = input.replicas ?? 0;
    const at = (pods: number, names: readonly string[]) =>
      nanosOf(new Map([...totalUsage([{ usage, pods }])].filter(([resource]) => names.includes(resource))));
    const peak = deploymentRollout({ maxSurge: input.maxSurge, maxUnavailable: '25%' }, replicas)?.peakPods ?? 0;
    assert.deepEqual(at(replicas, Object.keys(expected.steady)), nanosOf(resourceList(expected.steady)));
    assert.deepEqual(at(peak, Object.keys(expected.peak ?? {})), nanosOf(resourceList(expected.peak)));
  } else {
    const nothing = resourceList();
    const item = {
      type: 'Container',
      default: nothing,
      defaultRequest: resourceList(input.limitRangeDefaultRequest),
      min: nothing,
      max: nothing,
      maxLimitRequestRatio: nothing,
    };
    const { pod } = applyDefaults(oneContainer(input.podRequests), [item]);
    const hard = resourceList(input.hardQuota);
    const within = quotaLines(hard, [{ usage: quotaUsage(pod), pods: 1 }]).every(({ exceeded }) => !exceeded);
    assert.equal(missingForQuota(hard, pod).length === 0 && within, expected.allowed);
  }
});

describe('a quota', () => {
  it('is exceeded by one more than fits, and not by what fits', () => {
    const usage = quotaUsage(oneContainer({ cpu: '300m', memory: '64Mi' }, { memory: '128Mi' }));
    const pods = fc.integer({ min: 0, max: 1000 });
    fc.assert(
      fc.property(pods, pods, (count, more) => {
        const hard = new Map(totalUsage([{ usage, pods: count + 1 }]));
        const exceeded = (number: number) => quotaLines(hard, [{ usage, pods: number }]).some((line) => line.exceeded);
        assert.ok(!exceeded(count + 1));
        assert.ok(exceeded(count + 2 + more));
      }),
    );
  });

  it('counts the pods of its scopes', () => {
    const facts = { qosClass: 'Burstable', priorityClassName: 'high' } as const;
    const asks = (scope: ScopeRequirement['scope'], operator: ScopeRequirement['operator'], ...values: string[]) =>
      quotaCounts([{ scope, operator, values }], facts);
    assert.ok(quotaCounts([], facts));
    assert.ok(asks('NotTerminating', 'Exists'));
    assert.ok(!asks('BestEffort', 'Exists'));
    assert.ok(asks('PriorityClass', 'In', 'low', 'high'));
    assert.ok(!asks('PriorityClass', 'NotIn', 'high'));
    assert.ok(!asks('PriorityClass', 'DoesNotExist'));
    assert.ok(
      quotaCounts([{ scope: 'PriorityClass', operator: 'NotIn', values: ['high'] }], { qosClass: 'Burstable' }),
    );
  });

  it('names the containers that lack what it makes mandatory', () => {
    const pod = podResources({
      containers: [{ name: 'web', resources: { requests: { cpu: '1' } } }],
      initContainers: [{ name: 'setup' }],
    });
    const hard = resourceList({
      'requests.cpu': '4',
      'limits.memory': '1Gi',
      'requests.nvidia.com/gpu': '1',
      pods: '3',
    });
    assert.deepEqual(
      missingForQuota(hard, pod).map(({ resource, container }) => [resource, container.name]),
      [
        ['limits.memory', 'web'],
        ['requests.cpu', 'setup'],
        ['limits.memory', 'setup'],
      ],
    );
  });

  it("asks containers for nothing where the pod's own resources speak for them", () => {
    const hard = resourceList({ 'requests.cpu': '4', 'limits.memory': '1Gi' });
    const spec = { containers: [{ name: 'web', resources: { requests: { cpu: '1' } } }] };
    const missing = (own: Partial<SpelledPod>) => missingForQuota(hard, podResources({ ...spec, ...own })).length;
    assert.equal(missing({ resources: { requests: { memory: '1Gi' } } }), 0);
    assert.equal(missing({ resources: {} }), 1);
    assert.equal(missing({}), 1);
  });
});
