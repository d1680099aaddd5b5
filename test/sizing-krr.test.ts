import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type KrrRecommendation, krrCpu, krrLimitedCpu, krrMemory } from '../src/core/sizing/krr.ts';
import { type KrrQueries, krrQueries } from '../src/core/sizing/krr-queries.ts';
import { runVectors } from './support/vectors.ts';

type KrrInput =
  | {
      readonly fn: 'krrSimpleCpu';
      readonly perPodPercentileCores?: readonly number[];
      readonly points?: number;
      readonly hpaTargetsCpu?: boolean;
    }
  | {
      readonly fn: 'krrSimpleMemory';
      readonly perPodMaxBytes: readonly number[];
      readonly oomKilledLimitBytes: number;
      readonly useOomKillData: boolean;
    }
  | { readonly fn: 'krrSimpleLimitCpu'; readonly samplesCores: readonly number[] }
  | {
      readonly fn: 'krrPromQL';
      readonly metric: string;
      readonly namespace: string;
      readonly pods: readonly string[];
      readonly container: string;
      readonly historyHours: number;
      readonly stepMinutes: number;
    };

const queryOf: Readonly<Record<string, keyof KrrQueries>> = {
  'cpu percentile': 'cpuPercentile',
  'cpu points': 'cpuPoints',
  'memory max': 'memoryMax',
  'memory points': 'memoryPoints',
  'oom-killed limit': 'killedLimit',
};

function spelled(result: KrrRecommendation, unit: 'Cores' | 'Bytes'): Readonly<Record<string, unknown>> {
  if (result.kind === 'undefined') return { recommendation: '?', info: result.info };
  const { request, limit = null } = result;
  return { [`request${unit}`]: request, [`limit${unit}`]: limit, limit };
}

function krrValues(input: KrrInput): Readonly<Record<string, unknown>> {
  switch (input.fn) {
    case 'krrSimpleCpu': {
      const { perPodPercentileCores = [], points = 100, hpaTargetsCpu = false } = input;
      return spelled(krrCpu(perPodPercentileCores, { points, hpa: hpaTargetsCpu }), 'Cores');
    }
    case 'krrSimpleMemory': {
      const killedAt = input.useOomKillData ? input.oomKilledLimitBytes : 0;
      return spelled(krrMemory(input.perPodMaxBytes, killedAt), 'Bytes');
    }
    case 'krrSimpleLimitCpu':
      return spelled(krrLimitedCpu(input.samplesCores), 'Cores');
    case 'krrPromQL': {
      const key = queryOf[input.metric];
      assert.ok(key);
      return { query: krrQueries(input)[key] };
    }
  }
}

runVectors<KrrInput, Readonly<Record<string, unknown>>>('krr', 17, (input, { note, ...expected }) => {
  assert.ok(Object.keys(expected).length > 0);
  assert.deepEqual(Object.fromEntries(Object.entries(krrValues(input)).filter(([key]) => key in expected)), expected);
});

describe('krr', () => {
  it('rounds up, and by less than a step', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 100, noNaN: true }), (cores) => {
        const result = krrCpu([cores]);
        assert.ok(result.kind === 'recommended');
        assert.ok(result.request >= cores - 1e-9 && result.request < cores + 0.001 + 1e-9);
      }),
    );
    fc.assert(
      fc.property(fc.integer({ min: 2 ** 27, max: 2 ** 40 }), (bytes) => {
        const result = krrMemory([bytes]);
        assert.ok(result.kind === 'recommended');
        assert.equal(result.request % 2 ** 20, 0);
        assert.ok(result.request >= bytes * 1.15 && result.request < bytes * 1.15 + 2 ** 20);
      }),
    );
  });

  it('recommends nothing without data, and beside an HPA', () => {
    assert.deepEqual(krrMemory([1], 0, { points: 0, hpa: true }), { kind: 'undefined', info: 'No data' });
    assert.deepEqual(krrMemory([1], 0, { points: 100, hpa: true }), { kind: 'undefined', info: 'HPA detected' });
    assert.deepEqual(krrLimitedCpu([1], { points: 1, hpa: false }), { kind: 'undefined', info: 'Not enough data' });
  });

  it('asks about hours in seconds', () => {
    const { memoryMax } = krrQueries({ namespace: 'n"', pods: ['p'], container: 'c', historyHours: 6, stepMinutes: 5 });
    assert.ok(memoryMax.endsWith('[21600s:300s])') && memoryMax.includes('namespace="n\\""'));
  });
});
