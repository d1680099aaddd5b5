import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { milliValue, wholeValue } from '../src/core/quantity/kubernetes.ts';
import { articleCpu, articleMemory, articleTcp } from '../src/core/sizing/article.ts';
import {
  blkioToIoWeight,
  containerCpu,
  contend,
  cpuMax,
  milliCpuToQuota,
  milliCpuToShares,
  sharesToWeightLinear,
  sharesToWeightQuadratic,
  weightToShares,
} from '../src/core/sizing/cgroup-cpu.ts';
import {
  containerMemory,
  convertMemorySwap,
  limitedSwap,
  memoryHigh,
  swapShare,
} from '../src/core/sizing/cgroup-memory.ts';
import { burstableShares, podCgroup } from '../src/core/sizing/cgroup-pod.ts';
import { leastConnections } from '../src/core/sizing/load-balancing.ts';
import { leastRecentlyUsed } from '../src/core/sizing/lru.ts';
import { oomScore } from '../src/core/sizing/oom-score.ts';
import type { QosClass } from '../src/core/sizing/qos.ts';
import { podResources, quantity, requirements, type SpelledPod, type SpelledResources } from './support/resources.ts';
import { runVectors } from './support/vectors.ts';

type CpuInput =
  | { readonly fn: 'milliCPUToQuota'; readonly milliCPU: number; readonly periodMicros: number }
  | { readonly fn: 'milliCPUToShares'; readonly milliCPU: number }
  | { readonly fn: 'containerWeights'; readonly milliCPU: number }
  | { readonly fn: 'kubeletPodCgroupWeight'; readonly milliCPU: number }
  | { readonly fn: 'sharesToWeightQuadratic'; readonly shares: number }
  | { readonly fn: 'kubeletWeightToShares'; readonly weight: number }
  | { readonly fn: 'blkioToIoWeight'; readonly blkio: number }
  | {
      readonly fn: 'cpuMax';
      readonly milliCPULimit: number;
      readonly enforceCPULimits: boolean;
      readonly periodMicros: number;
    }
  | {
      readonly fn: 'calculateLinuxResources';
      readonly cpuRequest: string | null;
      readonly cpuLimit: string;
      readonly memoryLimit: string;
    }
  | {
      readonly fn: 'containerLinuxResources';
      readonly containerResources: SpelledResources;
      readonly podResources?: SpelledResources | null;
      readonly nodeMemoryCapacityBytes?: number;
    }
  | { readonly fn: 'contention'; readonly requestsMilli: readonly number[]; readonly cores: number };

/** Values of a container's cgroup as the vectors call them; those that `expected` leaves out are not compared. */
function containerValues(
  resources: SpelledResources,
  podLevel: SpelledResources | null | undefined,
  nodeMemoryBytes = 1,
): Readonly<Record<string, unknown>> {
  const container = requirements(resources);
  const own = podLevel ? requirements(podLevel) : undefined;
  const cpu = containerCpu(container, own);
  const memory = containerMemory(container, own);
  const pod = podResources({ containers: [{ resources }] });
  const score = oomScore(pod, { list: 'containers', index: 0, name: '' }, { nodeMemoryBytes: BigInt(nodeMemoryBytes) });
  return {
    cpuShares: cpu.shares,
    cpuQuota: Number(cpu.quotaMicros),
    cpuPeriod: Number(cpu.periodMicros),
    memoryLimitBytes: Number(memory.maxBytes),
    oomScoreAdj: score?.adj,
    unified: memory.oomGroup ? { 'memory.oom.group': '1' } : {},
  };
}

function cpuValues(input: CpuInput): Readonly<Record<string, unknown>> {
  switch (input.fn) {
    case 'milliCPUToQuota':
      return { quotaMicros: Number(milliCpuToQuota(BigInt(input.milliCPU), BigInt(input.periodMicros))) };
    case 'milliCPUToShares':
      return { shares: milliCpuToShares(BigInt(input.milliCPU)) };
    case 'containerWeights': {
      const shares = milliCpuToShares(BigInt(input.milliCPU));
      return {
        shares,
        weightLinear: sharesToWeightLinear(shares),
        weightQuadratic: sharesToWeightQuadratic(shares),
      };
    }
    case 'kubeletPodCgroupWeight': {
      const shares = milliCpuToShares(BigInt(input.milliCPU));
      return { shares, weight: sharesToWeightLinear(shares) };
    }
    case 'sharesToWeightQuadratic':
      return { weight: sharesToWeightQuadratic(input.shares) };
    case 'kubeletWeightToShares':
      return { shares: weightToShares(input.weight) };
    case 'blkioToIoWeight':
      return { ioWeight: blkioToIoWeight(input.blkio) };
    case 'cpuMax': {
      const limits = { cpu: `${input.milliCPULimit}m` };
      const options = { enforceLimits: input.enforceCPULimits, periodMicros: BigInt(input.periodMicros) };
      return { cpuMax: containerCpu(requirements({ limits }), undefined, options).cpuMax };
    }
    case 'calculateLinuxResources': {
      const requests = input.cpuRequest === null ? {} : { cpu: input.cpuRequest };
      return containerValues({ requests, limits: { cpu: input.cpuLimit, memory: input.memoryLimit } }, undefined);
    }
    case 'containerLinuxResources':
      return containerValues(input.containerResources, input.podResources, input.nodeMemoryCapacityBytes);
    case 'contention': {
      const cores = (weigh: (shares: number) => number) =>
        contend(
          input.requestsMilli.map((milli) => ({ weight: weigh(milliCpuToShares(BigInt(milli))) })),
          input.cores,
        ).map((amount) => Math.round(amount * 1e6) / 1e6);
      return {
        coresV1: cores((shares) => shares),
        coresV2Linear: cores(sharesToWeightLinear),
        coresV2Quadratic: cores(sharesToWeightQuadratic),
      };
    }
  }
}

/** Every key of `expected` is in `actual`, with the same value. */
function assertIncludes(actual: Readonly<Record<string, unknown>>, expected: Readonly<Record<string, unknown>>): void {
  const picked = Object.fromEntries(Object.keys(expected).map((key) => [key, actual[key]]));
  assert.ok(Object.keys(expected).length > 0);
  assert.deepEqual(picked, expected);
}

runVectors<CpuInput, Readonly<Record<string, unknown>>>('cgroup-cpu', 134, (input, expected) => {
  assertIncludes(cpuValues(input), expected);
});

type MemoryInput =
  | {
      readonly fn: 'memoryHigh';
      readonly requestBytes: number;
      readonly limitBytes: number;
      readonly nodeAllocatableBytes?: number;
      readonly factor: number;
      readonly pageSize: number;
    }
  | {
      readonly fn: 'limitedSwap';
      readonly cgroupVersion: 1 | 2;
      readonly qos: QosClass;
      readonly requestBytes: number;
      readonly limitBytes: number;
      readonly nodeMemoryBytes: number;
      readonly nodeSwapBytes: number;
      readonly critical: boolean;
      readonly behavior?: 'NoSwap';
    }
  | {
      readonly fn: 'limitedSwapKEP';
      readonly requestBytes: number;
      readonly nodeMemoryBytes: number;
      readonly nodeSwapBytes: number;
    }
  | { readonly fn: 'convertMemorySwap'; readonly memorySwap: number; readonly memory: number };

interface MemoryExpected {
  readonly memoryHighBytes?: number | null;
  readonly note?: string | null;
  readonly memorySwapMax?: number;
  readonly error?: true;
}

runVectors<MemoryInput, MemoryExpected>('cgroup-memory', 38, (input, expected) => {
  switch (input.fn) {
    case 'memoryHigh': {
      const high = memoryHigh({
        requestBytes: BigInt(input.requestBytes),
        limitBytes: BigInt(input.limitBytes),
        nodeAllocatableBytes: BigInt(input.nodeAllocatableBytes ?? 0),
        factor: input.factor,
        pageBytes: input.pageSize,
      });
      assert.equal(high.kind === 'set' ? Number(high.bytes) : null, expected.memoryHighBytes);
      if (expected.note) assert.deepEqual(high, { kind: 'unset', reason: 'request-equals-limit' });
      break;
    }
    case 'limitedSwap': {
      const swap = limitedSwap({
        qosClass: input.qos,
        requestBytes: BigInt(input.requestBytes),
        limitBytes: BigInt(input.limitBytes),
        nodeMemoryBytes: BigInt(input.nodeMemoryBytes),
        nodeSwapBytes: BigInt(input.nodeSwapBytes),
        behavior: input.behavior ?? 'LimitedSwap',
        cgroupVersion: input.cgroupVersion,
        critical: input.critical,
      });
      assert.equal(Number(swap.bytes), expected.memorySwapMax);
      assert.equal(swap.refused === undefined, expected.memorySwapMax !== 0);
      break;
    }
    case 'limitedSwapKEP': {
      const bytes = swapShare({
        requestBytes: BigInt(input.requestBytes),
        nodeMemoryBytes: BigInt(input.nodeMemoryBytes),
        nodeSwapBytes: BigInt(input.nodeSwapBytes),
      });
      assert.equal(Number(bytes), expected.memorySwapMax);
      break;
    }
    case 'convertMemorySwap': {
      const swap = convertMemorySwap(BigInt(input.memorySwap), BigInt(input.memory));
      assert.equal(swap.ok ? Number(swap.bytes) : 'error', expected.error ? 'error' : expected.memorySwapMax);
      break;
    }
  }
});

type PodCgroupInput =
  | {
      readonly fn?: undefined;
      readonly spec: SpelledPod;
      readonly enforceCPULimits?: boolean;
      readonly cfsQuotaPeriodMicros?: number;
      readonly memoryQoS?: boolean;
    }
  | { readonly fn: 'qosBurstableShares'; readonly burstablePodRequestsMilli: readonly number[] };

interface PodCgroupExpected {
  readonly cpuShares?: number;
  readonly cpuQuota?: number;
  readonly cpuPeriod?: number;
  readonly memory?: number;
  readonly unified?: Readonly<Record<string, string>>;
  readonly cpuWeightLinear?: number;
}

runVectors<PodCgroupInput, PodCgroupExpected>('cgroup-pod', 38, (input, expected) => {
  if (input.fn !== undefined) {
    const shares = burstableShares(input.burstablePodRequestsMilli.map(BigInt));
    assert.deepEqual({ cpuShares: shares, cpuWeightLinear: sharesToWeightLinear(shares) }, expected);
    return;
  }
  const cgroup = podCgroup(podResources(input.spec), {
    enforceCpuLimits: input.enforceCPULimits !== false,
    tieredReservation: input.memoryQoS === true,
    ...(input.cfsQuotaPeriodMicros !== undefined && { periodMicros: BigInt(input.cfsQuotaPeriodMicros) }),
  });
  const { cpu, memoryMaxBytes, reservation } = cgroup;
  if (expected.unified !== undefined) {
    assert.deepEqual(reservation ? { [reservation.file]: `${reservation.bytes}` } : {}, expected.unified);
    return;
  }
  assert.deepEqual(
    {
      cpuShares: cgroup.cpuShares,
      ...(cpu && { cpuQuota: Number(cpu.quotaMicros), cpuPeriod: Number(cpu.periodMicros) }),
      ...(memoryMaxBytes !== undefined && { memory: Number(memoryMaxBytes) }),
    },
    expected,
  );
});

type ArticleInput =
  | {
      readonly formula: 'CPU_core = CPU_request / CPU_limit * CPU_total';
      readonly requestMilli: number;
      readonly limitMilli: number | null;
      readonly nodeMilli: number;
      readonly neighbourRequestsMilli: readonly number[];
    }
  | {
      readonly formula: 'Memory_limit = Memory_request + Memory_overhead';
      readonly request: string;
      readonly overhead: string;
      readonly limit: string | null;
    }
  | {
      readonly formula: 'TCP_send_rate = min(TCP_receive_rate + TCP_delay, TCP_bandwidth)';
      readonly receiveWindowBytes: number;
      readonly rttSeconds: number;
      readonly bandwidthBitPerSec: number;
    }
  | { readonly formula?: undefined; readonly algorithm: 'LRU (exact)'; capacity: number; trace: readonly string[] }
  | {
      readonly formula?: undefined;
      readonly algorithm: 'leastConnections';
      readonly active: readonly number[];
      readonly weights: readonly number[];
    };

function articleValues(input: ArticleInput): Readonly<Record<string, unknown>> {
  const rounded = (value: number) => Math.round(value * 1000) / 1000;
  switch (input.formula) {
    case 'CPU_core = CPU_request / CPU_limit * CPU_total': {
      const cpu = articleCpu({
        requestMilli: BigInt(input.requestMilli),
        limitMilli: input.limitMilli === null ? undefined : BigInt(input.limitMilli),
        nodeMilli: BigInt(input.nodeMilli),
        neighbourRequestsMilli: input.neighbourRequestsMilli.map(BigInt),
      });
      return {
        articleMilli: cpu.articleMilli ?? null,
        idleNodeMilli: cpu.ceilingMilli,
        contendedWithOtherPodsMilli: rounded(cpu.contendedWithPodsMilli),
        contendedWithContainersOfSamePodMilli: rounded(cpu.contendedWithContainersMilli),
        requestMilli: cpu.reservedMilli,
        articleExceedsHardCap: cpu.exceedsCeiling,
      };
    }
    case 'Memory_limit = Memory_request + Memory_overhead': {
      const limit = input.limit === null ? undefined : quantity(input.limit);
      const memory = articleMemory(quantity(input.request), quantity(input.overhead), limit);
      const bytes = (amount: typeof limit) => (amount === undefined ? null : Number(wholeValue(amount)));
      return {
        articleLimitBytes: bytes(memory.suggestedLimit),
        runtimeClassPodRequestBytes: bytes(memory.podRequest),
        runtimeClassPodLimitBytes: bytes(memory.podLimit),
        containerMemoryMaxBytes: bytes(memory.containerMax),
      };
    }
    case 'TCP_send_rate = min(TCP_receive_rate + TCP_delay, TCP_bandwidth)': {
      const tcp = articleTcp({
        receiveWindowBytes: input.receiveWindowBytes,
        roundTripSeconds: input.rttSeconds,
        bandwidthBitsPerSecond: input.bandwidthBitPerSec,
      });
      return {
        dimensionCheck: tcp.flaw,
        sensibleReadingBitPerSec: tcp.rateBitsPerSecond,
        windowOverRttBitPerSec: tcp.windowBitsPerSecond,
        bdpBytes: tcp.bandwidthDelayBytes,
      };
    }
    case undefined: {
      if (input.algorithm === 'leastConnections') {
        const backends = input.active.map((activeConnections, index) => {
          return { activeConnections, weight: input.weights[index] ?? 1 };
        });
        return { pick: leastConnections(backends) };
      }
      const steps = leastRecentlyUsed(input.capacity, input.trace);
      return {
        hits: steps.filter(({ hit }) => hit).length,
        misses: steps.filter(({ hit }) => !hit).length,
        evicted: steps.flatMap(({ evicted }) => evicted ?? []),
        finalLeastToMostRecent: steps.at(-1)?.keys ?? [],
      };
    }
  }
}

runVectors<ArticleInput, Readonly<Record<string, unknown>>>('article-formulas', 19, (input, { note, ...expected }) => {
  assertIncludes(articleValues(input), expected);
});

describe('cgroup values', () => {
  const milli = fc.bigInt(0n, 1_000_000n);

  it('round CPU down, but never below what the kernel takes', () => {
    fc.assert(
      fc.property(
        milli.filter((amount) => amount > 0n),
        fc.bigInt(1000n, 1_000_000n),
        (amount, period) => {
          const quota = milliCpuToQuota(amount, period);
          assert.ok(quota >= 1000n);
          assert.ok(quota === 1000n || (quota * 1000n <= amount * period && (quota + 1n) * 1000n > amount * period));
        },
      ),
    );
  });

  it('weigh more for more CPU, between 1 and 10000', () => {
    fc.assert(
      fc.property(milli, milli, (a, b) => {
        const [less, more] = a < b ? [a, b] : [b, a];
        for (const weigh of [sharesToWeightLinear, sharesToWeightQuadratic]) {
          const [light, heavy] = [weigh(milliCpuToShares(less)), weigh(milliCpuToShares(more))];
          assert.ok(light >= 1 && light <= heavy && heavy <= 10_000);
        }
      }),
    );
  });

  it('share out all of the capacity, no one above its cap', () => {
    const contenders = fc.array(
      fc.record({
        weight: fc.integer({ min: 1, max: 10_000 }),
        cap: fc.option(fc.integer({ min: 0, max: 5000 }), { nil: undefined }),
      }),
      { minLength: 1, maxLength: 6 },
    );
    fc.assert(
      fc.property(contenders, fc.integer({ min: 0, max: 8000 }), (all, capacity) => {
        const shares = contend(all, capacity);
        const wanted = all.reduce((sum, { cap }) => sum + (cap ?? Number.POSITIVE_INFINITY), 0);
        const given = shares.reduce((sum, share) => sum + share, 0);
        assert.ok(Math.abs(given - Math.min(wanted, capacity)) < 1e-6);
        all.forEach(({ cap }, index) => {
          assert.ok((shares[index] ?? -1) >= 0 && (shares[index] ?? 0) <= (cap ?? capacity) + 1e-9);
        });
      }),
    );
  });

  it('say what they came from', () => {
    const pod = requirements({ limits: { cpu: '2', memory: '1Gi' } });
    const none = containerCpu(requirements(), undefined);
    assert.deepEqual(
      [none.shares, none.sharesFrom, none.quotaFrom, none.cpuMax],
      [2, 'nothing', 'nothing', 'max 100000'],
    );
    const inherited = containerCpu(requirements({ requests: { cpu: '1' } }), pod);
    assert.deepEqual([inherited.sharesFrom, inherited.quotaFrom], ['request', 'pod-limit']);
    assert.equal(containerMemory(requirements(), pod).from, 'pod-limit');
    const raised = containerCpu(requirements({ limits: { cpu: '5m' } }), undefined);
    assert.deepEqual([raised.sharesFrom, raised.quotaRaised, raised.cpuMax], ['limit', true, cpuMax(1000n)]);
    assert.equal(
      containerCpu(requirements({ limits: { cpu: '2' } }), undefined, { exclusiveCpus: true }).cpuMax,
      'max 100000',
    );
    const { unboundedBy } = podCgroup(podResources({ containers: [{ name: 'web' }] }));
    assert.deepEqual([unboundedBy.cpu[0]?.name, unboundedBy.memory[0]?.name], ['web', 'web']);
  });

  it('take numbers beyond 64 bits without a throw', () => {
    const huge = wholeValue(quantity('1e300'));
    assert.equal(memoryHigh({ requestBytes: huge, limitBytes: 0n, nodeAllocatableBytes: huge * 2n }).kind, 'unset');
    assert.ok(swapShare({ requestBytes: huge, nodeMemoryBytes: 1n, nodeSwapBytes: huge }) > 0n);
    const all = { cpu: '1e300', memory: '1e300' };
    const pod = podResources({ containers: [{ resources: { requests: all, limits: all } }] });
    assert.equal(podCgroup(pod).memoryMaxBytes, huge);
    assert.equal(milliCpuToShares(milliValue(quantity('1e300'))), 262_144);
  });
});
