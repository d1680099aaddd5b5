/**
 * How values fall into buckets: all of one size; or the first of one size and each next one `ratio` times as large. The
 * last one has no end (kubernetes/autoscaler vertical-pod-autoscaler/pkg/recommender/util/histogram_options.go).
 */
export type Buckets =
  | { readonly kind: 'linear'; readonly max: number; readonly size: number }
  | { readonly kind: 'exponential'; readonly max: number; readonly first: number; readonly ratio: number };

/** How many, so that the last one begins at the greatest value or above it (histogram_options.go NumBuckets). */
export function bucketCount(buckets: Buckets): number {
  if (buckets.kind === 'linear') return Math.ceil(buckets.max / buckets.size) + 1;
  return Math.ceil(growths(buckets.max, buckets)) + 1;
}

/** Linear: index × size. Exponential: first × (ratio^index − 1) ÷ (ratio − 1) (histogram_options.go GetBucketStart). */
export function bucketStart(buckets: Buckets, index: number): number {
  if (buckets.kind === 'linear') return index * buckets.size;
  return index === 0 ? 0 : (buckets.first * (buckets.ratio ** index - 1)) / (buckets.ratio - 1);
}

/**
 * The bucket that a value falls into, cut off in 64-bit floats as the recommender does; the nearest one beyond the ends
 * (histogram_options.go FindBucket).
 */
export function findBucket(buckets: Buckets, value: number): number {
  const position =
    buckets.kind === 'linear' ? value / buckets.size : value < buckets.first ? 0 : growths(value, buckets);
  return Math.min(bucketCount(buckets) - 1, Math.max(0, Math.trunc(position)));
}

/** Where the bucket ends, which is what a percentile returns; its start, of the last one (util/histogram.go Percentile). */
export function bucketEnd(buckets: Buckets, index: number): number {
  return bucketStart(buckets, Math.min(index + 1, bucketCount(buckets) - 1));
}

function growths(value: number, { first, ratio }: Extract<Buckets, { readonly kind: 'exponential' }>): number {
  return Math.log((value * (ratio - 1)) / first + 1) / Math.log(ratio);
}

export interface WeightedSample {
  readonly value: number;
  readonly weight: number;
  /** Hours from any beginning. */
  readonly hour: number;
}

/**
 * The end of the bucket in which the share `percentile` (0 to 1) of the weight is reached; 0 without samples. A weight
 * halves every `halfLifeHours`; it does not where that is undefined (util/histogram.go Percentile, decaying_histogram.go).
 */
export function histogramPercentile(
  buckets: Buckets,
  samples: readonly WeightedSample[],
  percentile: number,
  halfLifeHours?: number,
): number {
  const newest = samples.reduce((latest, { hour }) => Math.max(latest, hour), Number.NEGATIVE_INFINITY);
  const weights = new Map<number, number>();
  let total = 0;
  for (const { value, weight, hour } of samples) {
    const decayed = halfLifeHours === undefined ? weight : weight * 2 ** ((hour - newest) / halfLifeHours);
    const bucket = findBucket(buckets, value);
    weights.set(bucket, (weights.get(bucket) ?? 0) + decayed);
    total += decayed;
  }
  let reached = 0;
  const filled = [...weights].sort(([a], [b]) => a - b);
  const last = filled.at(-1);
  if (last === undefined) return 0;
  for (const [bucket, weight] of filled) {
    reached += weight;
    if (reached >= percentile * total) return bucketEnd(buckets, bucket);
  }
  return bucketEnd(buckets, last[0]);
}
