/** What krr prints: an amount, or a question mark and why. */
export type KrrRecommendation =
  | { readonly kind: 'recommended'; readonly request: number; readonly limit: number | undefined }
  | { readonly kind: 'undefined'; readonly info: 'No data' | 'Not enough data' | 'HPA detected' };

export interface KrrFacts {
  /** Samples of all pods together. */
  readonly points: number;
  /** Whether an HPA scales by this resource, which forbids a recommendation. */
  readonly hpa: boolean;
}

const pointsRequired = 100;

/** Enough points for one that says nothing of them. */
const enough: KrrFacts = { points: pointsRequired, hpa: false };

function undefinedFor({ points, hpa }: KrrFacts): KrrRecommendation | undefined {
  if (points === 0) return { kind: 'undefined', info: 'No data' };
  if (points < pointsRequired) return { kind: 'undefined', info: 'Not enough data' };
  return hpa ? { kind: 'undefined', info: 'HPA detected' } : undefined;
}

/**
 * krr's strategy `simple` for CPU, in cores: the greatest over the pods of their 95th percentile, rounded up to a
 * thousandth, 10m at least; no limit (robusta-dev/krr robusta_krr/strategies/simple.py, core/runner.py).
 */
export function krrCpu(podPercentiles: readonly number[], facts: KrrFacts = enough): KrrRecommendation {
  const refused = undefinedFor(facts);
  return refused ?? { kind: 'recommended', request: roundedCores(Math.max(...podPercentiles)), limit: undefined };
}

/**
 * krr's strategy `simple` for memory, in bytes: the greatest over the pods × 1.15, or the limit at which one was killed ×
 * 1.25 where that is more, rounded up to a MiB, 100 MiB at least; request and limit alike (simple.py).
 */
export function krrMemory(podPeaks: readonly number[], killedAt = 0, facts: KrrFacts = enough): KrrRecommendation {
  const refused = undefinedFor(facts);
  if (refused !== undefined) return refused;
  const bytes = roundedBytes(Math.max(Math.max(...podPeaks) * 1.15, killedAt * 1.25));
  return { kind: 'recommended', request: bytes, limit: bytes };
}

/** krr's strategy `simple_limit` for CPU: the 66th percentile as request, the 96th as limit (simple_limit.py). */
export function krrLimitedCpu(samples: readonly number[], facts: KrrFacts = enough): KrrRecommendation {
  const refused = undefinedFor(facts);
  if (refused !== undefined) return refused;
  const at = (percent: number) => roundedCores(linearPercentile(samples, percent));
  return { kind: 'recommended', request: at(66), limit: at(96) };
}

/** In 64-bit floats as krr does it, so that a sum of fractions may round up by a thousandth. */
function roundedCores(cores: number): number {
  return Math.max(0.01, Math.ceil(cores * 1000) / 1000);
}

const mib = 2 ** 20;

function roundedBytes(bytes: number): number {
  return Math.max(100, Math.ceil(bytes / mib)) * mib;
}

/** A percentile, 0 to 100, on a line between its neighbours, with numpy's arithmetic (numpy.percentile, `linear`). */
export function linearPercentile(samples: readonly number[], percent: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const position = (sorted.length - 1) * (percent / 100);
  const below = sorted[Math.floor(position)] ?? 0;
  const above = sorted[Math.floor(position) + 1] ?? below;
  const part = position - Math.floor(position);
  return part >= 0.5 ? above - (above - below) * (1 - part) : below + (above - below) * part;
}
