import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  type Buckets,
  bucketCount,
  bucketEnd,
  bucketStart,
  findBucket,
  histogramPercentile,
} from '../src/core/sizing/histogram.ts';
import {
  boundMultiplier,
  cpuBuckets,
  dailyPeaks,
  leastAmounts,
  oomSample,
  proportionalLimit,
  recommendVpa,
  scaleAmount,
  vpaConfidence,
  withMargin,
} from '../src/core/sizing/vpa.ts';
import { runVectors } from './support/vectors.ts';

interface SpelledBuckets {
  readonly type: 'linear' | 'exponential';
  readonly max: number;
  readonly size?: number;
  readonly first?: number;
  readonly ratio?: number;
}

function bucketsOf({ type, max, size = 1, first = 1, ratio = 2 }: SpelledBuckets): Buckets {
  return type === 'linear' ? { kind: 'linear', max, size } : { kind: 'exponential', max, first, ratio };
}

type VpaInput =
  | {
      readonly fn: 'percentile' | 'decayingPercentile';
      readonly buckets: SpelledBuckets;
      readonly samples: readonly (readonly [number, number, number?])[];
      readonly percentile: number;
      readonly halfLifeHours?: number;
    }
  | { readonly fn: 'bucketStart'; readonly buckets: SpelledBuckets; readonly bucket: number }
  | { readonly fn: 'findBucket' | 'bucketEnd'; readonly buckets: SpelledBuckets; readonly value: number }
  | {
      readonly fn: 'confidence';
      readonly samples: number;
      readonly spanMinutes: number;
      readonly intervalMinutes: number;
    }
  | {
      readonly fn: 'confidenceMultiplier';
      readonly base: number;
      readonly confidence: number;
      readonly multiplier: number;
      readonly exponent: number;
    }
  | { readonly fn: 'margin'; readonly cpuCores: number; readonly memoryBytes: number; readonly margin: number }
  | {
      readonly fn: 'minResources';
      readonly containers: number;
      readonly minCpuMilli: number;
      readonly minMemoryMb: number;
      readonly cpuCores: number;
      readonly memoryBytes: number;
    }
  | {
      readonly fn: 'oomBump';
      readonly requestMiB: number;
      readonly recentPeakMiB: number;
      readonly ratio: number;
      readonly minBumpMiB: number;
    }
  | {
      readonly fn: 'boundMultiplier';
      readonly confidenceDays: number;
      readonly multiplier: number;
      readonly exponent: number;
    }
  | {
      readonly fn: 'recommend';
      readonly cpuSamples: string | readonly { readonly cores: number; readonly hour: number }[];
      readonly memoryPeaks: string | readonly { readonly bytes: number; readonly hour: number }[];
      readonly spanDays: number;
      readonly samples: number;
      readonly containers: number;
    };

const mib = 2 ** 20;

function vpaValues(input: VpaInput): Readonly<Record<string, unknown>> {
  switch (input.fn) {
    case 'percentile':
    case 'decayingPercentile': {
      const samples = input.samples.map(([value, weight, hour = 0]) => ({ value, weight, hour }));
      const value = histogramPercentile(bucketsOf(input.buckets), samples, input.percentile, input.halfLifeHours);
      return { value };
    }
    case 'bucketStart': {
      const buckets = bucketsOf(input.buckets);
      return { value: bucketStart(buckets, input.bucket), numBuckets: bucketCount(buckets) };
    }
    case 'findBucket':
    case 'bucketEnd': {
      const buckets = bucketsOf(input.buckets);
      const bucket = findBucket(buckets, input.value);
      return { bucket, numBuckets: bucketCount(buckets), end: bucketEnd(buckets, bucket) };
    }
    case 'confidence':
      return { confidence: vpaConfidence(input.samples, input.spanMinutes, input.intervalMinutes) };
    case 'confidenceMultiplier': {
      const factor = boundMultiplier(input.confidence, input.multiplier, input.exponent);
      return {
        cpuCores: scaleAmount(input.base * 1000, factor) / 1000,
        memoryBytesForBase3_14e9: scaleAmount(3.14e9, factor),
        amountCap: scaleAmount(input.base * 1000, factor),
      };
    }
    case 'margin':
      return {
        cpuCores: withMargin(input.cpuCores * 1000, input.margin) / 1000,
        memoryBytes: withMargin(input.memoryBytes, input.margin),
      };
    case 'minResources': {
      const least = leastAmounts(input.containers, input.minCpuMilli, input.minMemoryMb);
      return {
        cpuMilli: Math.max(least.cpuMilli, input.cpuCores * 1000),
        memoryBytes: Math.max(least.memoryBytes, input.memoryBytes),
      };
    }
    case 'oomBump': {
      const { requestMiB, recentPeakMiB, ratio, minBumpMiB } = input;
      return { sampleMiB: oomSample(requestMiB * mib, recentPeakMiB * mib, ratio, minBumpMiB * mib) / mib };
    }
    case 'boundMultiplier':
      return { multiplier: boundMultiplier(input.confidenceDays, input.multiplier, input.exponent) };
    case 'recommend': {
      const { cpuSamples, memoryPeaks, spanDays, samples, containers } = input;
      // The second entry tells its samples in words.
      const steadyCpu = Array.from({ length: 192 }, (_, hour) => ({ cores: 0.5, hour }));
      const steadyMemory = Array.from({ length: 8 }, (_, day) => ({ bytes: 2e9, hour: day * 24 }));
      const recommendation = recommendVpa({
        cpu: typeof cpuSamples === 'string' ? steadyCpu : cpuSamples,
        memoryPeaks: typeof memoryPeaks === 'string' ? steadyMemory : memoryPeaks,
        days: spanDays,
        samples,
        containers,
      });
      return { ...recommendation };
    }
  }
}

runVectors<VpaInput, Readonly<Record<string, unknown>>>('vpa', 74, (input, { note, tolerance = 0, ...expected }) => {
  const actual = vpaValues(input);
  assert.ok(Object.keys(expected).length > 0);
  for (const [key, wanted] of Object.entries(expected)) {
    const value = actual[key];
    if (typeof wanted !== 'number' || typeof value !== 'number' || value === wanted) {
      assert.deepEqual(value, wanted, key);
      continue;
    }
    // What is no whole number stands with nine digits, or with six.
    assert.ok(!Number.isInteger(value), `${key}: ${value}`);
    const digits = input.fn === 'boundMultiplier' ? 1e-6 : 1e-9;
    assert.ok(
      Math.abs(value - wanted) <= Math.max(Number(tolerance), digits * Math.max(1, wanted)),
      `${key}: ${value}`,
    );
  }
});

describe('a histogram', () => {
  const value = fc.double({ min: 0, max: 900, noNaN: true });

  it('puts a value between the ends of its bucket', () => {
    fc.assert(
      fc.property(value, (cores) => {
        const bucket = findBucket(cpuBuckets, cores);
        assert.ok(bucketStart(cpuBuckets, bucket) <= cores * (1 + 1e-9));
        assert.ok(bucketEnd(cpuBuckets, bucket) >= cores * (1 - 1e-9));
      }),
    );
  });

  it('grows with the percentile, up to the greatest sample and one bucket', () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 20 }), value, value, (values, a, b) => {
        const samples = values.map((each, hour) => ({ value: each, weight: 1, hour }));
        const at = (percentile: number) => histogramPercentile(cpuBuckets, samples, percentile, 24);
        const [low, high] = [Math.min(a, b) / 900, Math.max(a, b) / 900];
        assert.ok(at(low) <= at(high));
        assert.equal(at(1), bucketEnd(cpuBuckets, findBucket(cpuBuckets, Math.max(...values))));
      }),
    );
  });
});

describe('a VPA recommendation', () => {
  it('lies between its bounds, and these come closer with time', () => {
    const cores = fc.array(fc.double({ min: 0, max: 64, noNaN: true }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(cores, fc.integer({ min: 1, max: 20 }), (all, days) => {
        const cpu = all.map((each, hour) => ({ cores: each, hour }));
        const memoryPeaks = all.map((each, hour) => ({ bytes: each * 1e9, hour: hour * 24 }));
        const after = (time: number) =>
          recommendVpa({ cpu, memoryPeaks, days: time, samples: time * 1440, containers: 1 });
        const [early, late] = [after(days), after(days + 1)];
        for (const key of ['cpuMilli', 'memoryBytes'] as const) {
          assert.ok(early.lowerBound[key] <= early.target[key] && early.target[key] <= early.upperBound[key]);
          assert.ok(late.upperBound[key] <= early.upperBound[key] && late.lowerBound[key] >= early.lowerBound[key]);
        }
      }),
    );
  });

  it('looks at the peak of each day, of eight days', () => {
    const samples = Array.from({ length: 240 }, (_, hour) => ({ bytes: hour % 24 === 5 ? 1000 + hour : 10, hour }));
    assert.deepEqual(
      dailyPeaks(samples).map(({ hour }) => hour),
      [53, 77, 101, 125, 149, 173, 197, 221],
    );
    assert.deepEqual(dailyPeaks([]), []);
  });

  it('keeps the share of the limit', () => {
    assert.equal(proportionalLimit(300n, 100n, 250n), 750n);
    assert.equal(proportionalLimit(300n, undefined, 250n), 300n);
  });
});
