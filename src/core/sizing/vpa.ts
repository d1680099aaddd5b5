import { type Buckets, histogramPercentile, type WeightedSample } from './histogram.ts';

/** Cores: the first bucket 0.01, the greatest value 1000 (model/aggregations_config.go). */
export const cpuBuckets: Buckets = { kind: 'exponential', max: 1000, first: 0.01, ratio: 1.05 };
/** Bytes: the first bucket 10 MB, the greatest value 1 TB. */
export const memoryBuckets: Buckets = { kind: 'exponential', max: 1e12, first: 1e7, ratio: 1.05 };

const halfLifeHours = 24;
const sampleWeight = 0.1;
const greatestAmount = 1e14;

/** Thousandths of a CPU, and bytes. */
export interface VpaAmounts {
  readonly cpuMilli: number;
  readonly memoryBytes: number;
}

export interface CpuSample {
  readonly cores: number;
  readonly hour: number;
}

export interface MemorySample {
  readonly bytes: number;
  readonly hour: number;
}

export interface VpaHistory {
  readonly cpu: readonly CpuSample[];
  /** One for each window of 24 hours; see {@link dailyPeaks}. */
  readonly memoryPeaks: readonly MemorySample[];
  /** From the first sample to the last. */
  readonly days: number;
  /** How many samples there were; one a minute is 1440 a day. */
  readonly samples: number;
  /** Of the pod; the least amounts are shared among them. */
  readonly containers: number;
}

export interface VpaRecommendation {
  readonly target: VpaAmounts;
  readonly lowerBound: VpaAmounts;
  readonly upperBound: VpaAmounts;
}

/**
 * What the Vertical Pod Autoscaler recommends by default: the percentile 90 (lower bound 50, upper 95) of decaying
 * histograms, + 15 %, the bounds widened by {@link boundMultiplier} and none below {@link leastAmounts}; every amount cut
 * off (vertical-pod-autoscaler/pkg/recommender/logic/recommender.go, estimator.go).
 */
export function recommendVpa(history: VpaHistory): VpaRecommendation {
  const confidence = vpaConfidence(history.samples, history.days * 1440);
  const cpu = history.cpu.map(({ cores, hour }): WeightedSample => ({ value: cores, weight: sampleWeight, hour }));
  const memory = history.memoryPeaks.map(({ bytes, hour }): WeightedSample => ({ value: bytes, weight: 1, hour }));
  const least = leastAmounts(history.containers);
  const estimate = (percentile: number, multiplier: number): VpaAmounts => {
    const cores = histogramPercentile(cpuBuckets, cpu, percentile, halfLifeHours);
    const bytes = histogramPercentile(memoryBuckets, memory, percentile, halfLifeHours);
    return {
      cpuMilli: Math.max(least.cpuMilli, scaleAmount(withMargin(amount(cores * 1000)), multiplier)),
      memoryBytes: Math.max(least.memoryBytes, scaleAmount(withMargin(amount(bytes)), multiplier)),
    };
  };
  return {
    target: estimate(0.9, 1),
    lowerBound: estimate(0.5, boundMultiplier(confidence, 0.001, -2)),
    upperBound: estimate(0.95, boundMultiplier(confidence, 1, 1)),
  };
}

/** min(minutes between first and last, samples) ÷ interval: days of history at a sample a minute (estimator.go getConfidence). */
export function vpaConfidence(samples: number, spanMinutes: number, intervalMinutes = 1440): number {
  return Math.min(spanMinutes, samples) / intervalMinutes;
}

/** (1 + multiplier ÷ confidence)^exponent: the less is known, the wider the bounds (estimator.go). */
export function boundMultiplier(confidence: number, multiplier: number, exponent: number): number {
  return (1 + multiplier / confidence) ** exponent;
}

/** amount × factor, cut off, 10¹⁴ at most (model/types.go ScaleResource). */
export function scaleAmount(units: number, factor: number): number {
  return amount(units * factor);
}

/** amount + ⌊amount × margin⌋, 15 % unless said otherwise (estimator.go WithCPUMargin). */
export function withMargin(units: number, margin = 0.15): number {
  return units + scaleAmount(units, margin);
}

function amount(units: number): number {
  return Math.min(greatestAmount, Math.max(0, Math.trunc(units)));
}

/** 25m and 250 MiB for the pod, an equal part for each container, cut off (recommender.go). */
export function leastAmounts(containers: number, cpuMilli = 25, memoryMiB = 250): VpaAmounts {
  const share = 1 / containers;
  return { cpuMilli: scaleAmount(cpuMilli, share), memoryBytes: scaleAmount(memoryMiB * 2 ** 20, share) };
}

/**
 * The sample that an OOM kill counts as: max(used + 100 MiB, used × 1.2), where used is the larger of the request and the
 * recent peak; in bytes, cut off (model/container.go RecordOOM).
 */
export function oomSample(requestBytes: number, peakBytes: number, ratio = 1.2, bumpBytes = 100 * 2 ** 20): number {
  const used = Math.max(requestBytes, peakBytes);
  return Math.trunc(Math.max(used + bumpBytes, used * ratio));
}

const windowHours = 24;
const windows = 8;

/** The greatest sample of each window of 24 hours, of the last eight windows; oldest first (model/aggregations_config.go). */
export function dailyPeaks(samples: readonly MemorySample[]): readonly MemorySample[] {
  const first = samples.reduce((least, { hour }) => Math.min(least, hour), Number.POSITIVE_INFINITY);
  const peaks = new Map<number, MemorySample>();
  for (const sample of samples) {
    const window = Math.floor((sample.hour - first) / windowHours);
    const peak = peaks.get(window);
    if (peak === undefined || sample.bytes > peak.bytes) peaks.set(window, sample);
  }
  const newest = Math.max(...peaks.keys());
  return [...peaks]
    .filter(([window]) => window > newest - windows)
    .sort(([a], [b]) => a - b)
    .map(([, peak]) => peak);
}

/**
 * The limit that goes with a recommended request: it keeps limit ÷ request, cut off; the request itself where none was
 * written (`controlledValues: RequestsAndLimits`, vertical-pod-autoscaler/pkg/utils/vpa/limit_and_request_scaling.go). In
 * thousandths of a CPU or bytes.
 */
export function proportionalLimit(recommended: bigint, request: bigint | undefined, limit: bigint): bigint {
  return request === undefined || request === 0n ? recommended : (recommended * limit) / request;
}
