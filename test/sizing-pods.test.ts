import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { compareQuantities } from '../src/core/quantity/kubernetes.ts';
import { applyDefaults, defaultedAmount } from '../src/core/sizing/defaulting.ts';
import {
  defaultLimitRangeItem,
  type LimitRangeItem,
  limitRangeViolations,
  requestProblems,
} from '../src/core/sizing/limit-range.ts';
import { oomScore } from '../src/core/sizing/oom-score.ts';
import { amountsOf, effectiveLimits, effectiveRequests } from '../src/core/sizing/pod-requests.ts';
import { podQos } from '../src/core/sizing/qos.ts';
import { everyContainer, type PodResources } from '../src/core/sizing/resources.ts';
import {
  nanosOf,
  podResources,
  quantity,
  requirements,
  resourceList,
  type SpelledPod,
  type SpelledResources,
} from './support/resources.ts';
import { runVectors } from './support/vectors.ts';

interface RequestOptions {
  readonly excludeOverhead?: boolean;
  readonly skipPodLevelResources?: boolean;
  readonly aggregateOnly?: boolean;
}

runVectors<{ readonly spec: SpelledPod; readonly options?: RequestOptions }, SpelledResources>(
  'pod-requests',
  61,
  ({ spec, options = {} }, expected) => {
    const aggregate = options.aggregateOnly === true;
    const chosen = {
      overhead: !aggregate && options.excludeOverhead !== true,
      podLevel: !aggregate && options.skipPodLevelResources !== true,
    };
    const pod = podResources(spec);
    const { requests, limits } = requirements(expected);
    if (expected.requests) assert.deepEqual(nanosOf(amountsOf(effectiveRequests(pod, chosen))), nanosOf(requests));
    if (expected.limits) assert.deepEqual(nanosOf(amountsOf(effectiveLimits(pod, chosen))), nanosOf(limits));
    assert.ok(expected.requests ?? expected.limits);
  },
);

runVectors<{ readonly spec: SpelledPod }, { readonly qosClass: string }>('qos', 27, ({ spec }, { qosClass }) => {
  const qos = podQos(podResources(spec));
  assert.equal(qos.qosClass, qosClass);
  assert.equal(qos.obstacles.length === 0, qosClass === 'Guaranteed');
});

interface OomInput {
  readonly spec: SpelledPod;
  readonly container: string;
  readonly nodeMemoryCapacityBytes: number;
}

runVectors<OomInput, { readonly min: number; readonly max: number; readonly exactByFormula: number }>(
  'oom-score',
  59,
  ({ spec, container, nodeMemoryCapacityBytes }, { min, max, exactByFormula }) => {
    const pod = podResources(spec);
    const placed = everyContainer(pod).find(({ ref }) => ref.name === container);
    assert.ok(placed);
    const nodeMemoryBytes = BigInt(nodeMemoryCapacityBytes);
    const score = oomScore(pod, placed.ref, { nodeMemoryBytes, priorityClassName: spec.priorityClassName });
    assert.equal(score?.adj, exactByFormula);
    assert.ok(exactByFormula >= min && exactByFormula <= max);
  },
);

type SpelledItem = { readonly type: string } & {
  readonly [key in 'default' | 'defaultRequest' | 'min' | 'max' | 'maxLimitRequestRatio']?: Readonly<
    Record<string, string>
  >;
};

function limitRangeItem(spelled: SpelledItem): LimitRangeItem {
  return {
    type: spelled.type,
    default: resourceList(spelled.default),
    defaultRequest: resourceList(spelled.defaultRequest),
    min: resourceList(spelled.min),
    max: resourceList(spelled.max),
    maxLimitRequestRatio: resourceList(spelled.maxLimitRequestRatio),
  };
}

interface DefaultingInput {
  readonly spec?: SpelledPod;
  readonly containerResources?: SpelledResources;
  readonly limitRangeItem?: SpelledItem;
}

interface DefaultingExpected {
  readonly spec?: SpelledPod;
  readonly allowed?: boolean;
  readonly default?: Readonly<Record<string, string>>;
  readonly defaultRequest?: Readonly<Record<string, string>>;
  readonly containerResources?: SpelledResources;
  readonly valid?: boolean;
  readonly error?: string;
}

function plainPod(pod: PodResources): unknown {
  const plain = ({ requests, limits }: { requests: PodResources['overhead']; limits: PodResources['overhead'] }) => {
    return { requests: nanosOf(requests), limits: nanosOf(limits) };
  };
  const podLevel = pod.podLevel ?? requirements();
  return { containers: pod.containers.map(plain), init: pod.initContainers.map(plain), podLevel: plain(podLevel) };
}

runVectors<DefaultingInput, DefaultingExpected>('defaulting-limitrange', 114, (input, expected) => {
  const item = input.limitRangeItem === undefined ? undefined : limitRangeItem(input.limitRangeItem);
  if (input.containerResources !== undefined) {
    assert.ok(item && expected.containerResources);
    const { pod } = applyDefaults(podResources({ containers: [{ resources: input.containerResources }] }), [item]);
    assert.deepEqual(
      plainPod(pod),
      plainPod(podResources({ containers: [{ resources: expected.containerResources }] })),
    );
    const [problem] = requestProblems(pod.containers[0] ?? requirements());
    if (expected.valid !== undefined) assert.equal(problem === undefined, expected.valid);
    if (expected.error) {
      assert.equal(problem?.rule.replace('the limit', `${problem.resource} limit`), expected.error);
    }
  } else if (input.spec !== undefined && item !== undefined) {
    assert.equal(limitRangeViolations(podResources(input.spec), item).length === 0, expected.allowed);
  } else if (input.spec !== undefined) {
    assert.ok(expected.spec);
    assert.deepEqual(plainPod(applyDefaults(podResources(input.spec)).pod), plainPod(podResources(expected.spec)));
  } else {
    assert.ok(item);
    const stored = defaultLimitRangeItem(item);
    assert.deepEqual(nanosOf(stored.default), nanosOf(resourceList(expected.default)));
    assert.deepEqual(nanosOf(stored.defaultRequest), nanosOf(resourceList(expected.defaultRequest)));
  }
});

const amounts = fc.constantFrom('0', '10m', '500m', '1', '2', '64Mi', '1Gi', '1.5Gi', '100u');
const lists = fc.record(
  { cpu: amounts, memory: amounts, 'hugepages-2Mi': amounts, 'nvidia.com/gpu': amounts },
  { requiredKeys: [] },
);
const spelledResources = fc.record({ requests: lists, limits: lists }, { requiredKeys: [] });
const spelledContainers = fc.array(
  fc.record({ resources: spelledResources, restartPolicy: fc.constantFrom('Always', 'OnFailure') }),
  { maxLength: 4 },
);
const pods = fc
  .record(
    { containers: spelledContainers, initContainers: spelledContainers, resources: spelledResources, overhead: lists },
    { requiredKeys: ['containers'] },
  )
  .map(podResources);

describe('effective requests and limits', () => {
  it('name the winner, whose parts add up to it', () => {
    fc.assert(
      fc.property(pods, (pod) => {
        for (const [, { term, terms, quantity: total, overhead }] of effectiveRequests(pod)) {
          assert.ok(terms.includes(term));
          assert.equal(total.nano, term.quantity.nano + (overhead?.nano ?? 0n));
          for (const each of terms) {
            if (each.kind === 'pod-level') continue;
            const parts = each.parts.reduce((sum, part) => sum + part.quantity.nano, 0n);
            assert.equal(parts, each.quantity.nano);
            if (term.kind !== 'pod-level') assert.ok(compareQuantities(each.quantity, term.quantity) <= 0);
          }
        }
      }),
    );
  });

  it('name the init container that wins, with the sidecars before it', () => {
    const pod = podResources({
      containers: [{ name: 'web', resources: { requests: { memory: '256Mi' } } }],
      initContainers: [
        { name: 'proxy', restartPolicy: 'Always', resources: { requests: { memory: '64Mi' } } },
        { name: 'migrate', resources: { requests: { memory: '1Gi' } } },
        { name: 'logs', restartPolicy: 'Always', resources: { requests: { memory: '32Mi' } } },
      ],
    });
    const amount = effectiveRequests(pod).get('memory');
    assert.equal(amount?.quantity.nano, quantity('1088Mi').nano);
    assert.ok(amount.term.kind === 'init');
    assert.equal(amount.term.container.name, 'migrate');
    assert.deepEqual(
      amount.term.parts.map(({ container }) => container.name),
      ['proxy', 'migrate'],
    );
  });

  it('say who leaves a limit open', () => {
    const limits = { limits: { cpu: '1', memory: '1Gi' } };
    const pod = podResources({
      containers: [
        { name: 'web', resources: limits },
        { name: 'cache', resources: { limits: { memory: '0', cpu: '1' } } },
      ],
      initContainers: [{ name: 'setup' }],
    });
    const open = (resource: string) =>
      effectiveLimits(pod)
        .get(resource)
        ?.unboundedBy.map(({ name }) => name);
    assert.deepEqual(open('memory'), ['cache', 'setup']);
    assert.deepEqual(open('cpu'), ['setup']);
    const bounded = effectiveLimits({ ...pod, podLevel: requirements(limits) }).get('cpu');
    assert.deepEqual(bounded?.unboundedBy, []);
    assert.equal(bounded.term.kind, 'pod-level');
  });
});

describe('defaulting', () => {
  it('never lifts a container request above its limit', () => {
    fc.assert(
      fc.property(pods, (pod) => {
        const after = everyContainer(applyDefaults(pod).pod);
        everyContainer(pod).forEach(({ container }, index) => {
          const before = requestProblems(container).map(({ resource }) => resource);
          const now = requestProblems(after[index]?.container ?? requirements()).map(({ resource }) => resource);
          assert.deepEqual(now, before);
        });
      }),
    );
  });

  it('keeps what is written, and does nothing the second time', () => {
    const item = limitRangeItem({ type: 'Container', default: { cpu: '1' }, min: { memory: '16Mi' } });
    fc.assert(
      fc.property(pods, (pod) => {
        const { pod: once, filled } = applyDefaults(pod, [item]);
        const containers = everyContainer(once);
        everyContainer(pod).forEach(({ container }, index) => {
          for (const part of ['requests', 'limits'] as const) {
            for (const [resource, written] of container[part]) {
              assert.equal(containers[index]?.container[part].get(resource), written);
            }
          }
        });
        assert.ok(filled.every(({ container }) => container !== undefined || pod.podLevel !== undefined));
        const again = applyDefaults({ ...once, podLevel: undefined }, [item]);
        // A limit that the LimitRange gave comes with a request of its own, so nothing is left to fill.
        assert.deepEqual(again.filled, []);
      }),
    );
  });

  it('tells where a value came from', () => {
    const pod = podResources({ containers: [{ name: 'web', resources: { limits: { memory: '1Gi' } } }] });
    const item = limitRangeItem({
      type: 'Container',
      max: { cpu: '2' },
      defaultRequest: { memory: '64Mi', cpu: '10m' },
    });
    const defaulted = applyDefaults(pod, [item]);
    const ref = { list: 'containers', index: 0, name: 'web' } as const;
    const from = (part: 'requests' | 'limits', resource: string) =>
      defaultedAmount(defaulted, ref, part, resource)?.from;
    assert.equal(from('limits', 'memory'), 'manifest');
    assert.equal(from('requests', 'memory'), 'limit');
    assert.equal(from('limits', 'cpu'), 'limit-range-default');
    assert.equal(from('requests', 'cpu'), 'limit-range-default-request');
    assert.equal(from('requests', 'ephemeral-storage'), undefined);
  });

  it('says what a LimitRange refuses, and in which container', () => {
    const item = limitRangeItem({ type: 'Container', max: { cpu: '1' }, maxLimitRequestRatio: { memory: '2' } });
    const resources = { requests: { memory: '1Gi' }, limits: { memory: '3Gi' } };
    const found = limitRangeViolations(podResources({ containers: [{ name: 'web', resources }] }), item);
    assert.deepEqual(
      found.map(({ constraint, resource, fault, container }) => [constraint, resource, fault, container?.name]),
      [
        ['max', 'cpu', 'no-limit', 'web'],
        ['maxLimitRequestRatio', 'memory', 'ratio', 'web'],
      ],
    );
  });

  it('wants equal requests and limits of what cannot be overcommitted', () => {
    const resources = { 'nvidia.com/gpu': '1', 'hugepages-2Mi': '2Mi', cpu: '1' };
    const limits = { 'nvidia.com/gpu': '2', 'hugepages-2Mi': '4Mi', cpu: '2' };
    assert.deepEqual(
      requestProblems(requirements({ requests: resources, limits })).map(({ resource }) => resource),
      ['nvidia.com/gpu', 'hugepages-2Mi'],
    );
  });
});

describe('QoS', () => {
  it('says what stands in the way of Guaranteed', () => {
    const pod = podResources({
      containers: [{ name: 'web', resources: { requests: { cpu: '1' }, limits: { cpu: '2', memory: '1Gi' } } }],
      initContainers: [{ name: 'setup' }],
    });
    const { qosClass, obstacles } = podQos(applyDefaults(pod).pod);
    assert.equal(qosClass, 'Burstable');
    assert.deepEqual(
      obstacles.map((obstacle) => [
        obstacle.kind,
        obstacle.resource,
        obstacle.kind === 'missing-limit' ? obstacle.container?.name : undefined,
      ]),
      [
        ['missing-limit', 'cpu', 'setup'],
        ['missing-limit', 'memory', 'setup'],
        ['unequal', 'cpu', undefined],
      ],
    );
  });

  it('tells what bounds an OOM score', () => {
    const pod = podResources({
      containers: [{ name: 'web', resources: { requests: { memory: '2Gi' } } }],
      initContainers: [{ name: 'proxy', restartPolicy: 'Always', resources: { requests: { memory: '1Gi' } } }],
    });
    const score = oomScore(pod, { list: 'initContainers', index: 0, name: 'proxy' }, { nodeMemoryBytes: 4n << 30n });
    assert.deepEqual(score, {
      kind: 'burstable',
      adj: 500,
      requestBytes: 1n << 30n,
      shareOfPodBytes: 0n,
      formula: 750,
      boundedBy: 'sidecar',
    });
    const inputs = { nodeMemoryBytes: 4n << 30n };
    assert.equal(oomScore(pod, { list: 'containers', index: 7, name: '' }, inputs), undefined);
    assert.equal(oomScore(pod, { list: 'containers', index: 0, name: '' }, { nodeMemoryBytes: 0n }), undefined);
  });
});
