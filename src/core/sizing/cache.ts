import type { KeyGroup } from './popularity.ts';

/** Room for so many keys, and the share of requests that find theirs, 0 to 1. */
interface CachePoint {
  readonly keys: number;
  readonly hitRatio: number;
}

/**
 * The hit ratio of a least-recently-used cache by Che's approximation: a key stays for a time T after its last request,
 * the same for every key, such that Σ (1 − e^(−p T)) is the room; the ratio is Σ p (1 − e^(−p T)). For independent
 * requests to keys of one size (Che, Tung, Wang 2002; Fricker, Robert, Roberts 2012). An estimate.
 */
export function lruHitRatio(popularity: readonly KeyGroup[], room: number): number {
  if (room <= 0) return 0;
  if (room >= keyCount(popularity)) return 1;
  return lruPoint(popularity, characteristicTime(popularity, room)).hitRatio;
}

/** Che's T, in requests. */
function characteristicTime(popularity: readonly KeyGroup[], room: number): number {
  return solveLog((time) => lruPoint(popularity, time).keys - room);
}

/**
 * The hit ratio when the most popular keys are kept for good, which no cache betters for independent requests: what a
 * least-frequently-used cache comes to. Redis's LFU, which samples and counts by chance, stays below.
 */
export function bestHitRatio(popularity: readonly KeyGroup[], room: number): number {
  const falling = [...popularity].sort((a, b) => b.probability - a.probability);
  let left = Math.max(0, room);
  let ratio = 0;
  for (const { keys, probability } of falling) {
    const kept = Math.min(keys, left);
    ratio += kept * probability;
    left -= kept;
  }
  return Math.min(1, ratio);
}

const steps = 128;

/**
 * The hit ratio of a cache that evicts the oldest of `samples` random keys, as Redis does (`maxmemory-samples`, 5): by the
 * mean field, in which a key of age t is evicted at the rate m ÷ C × k × F(t)^(k − 1), F being the share of the C kept
 * keys that are younger and m the share of misses, chosen such that F ends at 1. One sample is random replacement, many
 * are LRU. Redis keeps the best 16 candidates of earlier samples too, which brings it nearer to LRU. An estimate.
 */
export function sampledHitRatio(popularity: readonly KeyGroup[], room: number, samples = 5): number {
  if (room <= 0) return 0;
  if (room >= keyCount(popularity)) return 1;
  const field = ageField(popularity, characteristicTime(popularity, room));
  // Fewer misses than there are would leave keys too long, so that more than the room were kept.
  let [low, high] = [0, 1];
  for (let round = 0; round < 40; round++) {
    const misses = (low + high) / 2;
    if (keptKeys(field, misses, room, samples) > room) low = misses;
    else high = misses;
  }
  return 1 - (low + high) / 2;
}

/** Keys requested for the last time between two ages, by age: what S(t), the share not evicted, is weighed with. */
interface AgeField {
  readonly ages: Float64Array;
  /** Σ (e^(−p a) − e^(−p b)) of each step. */
  readonly keys: Float64Array;
}

/** Ages around Che's T, where evictions happen, even in their logarithm. */
function ageField(popularity: readonly KeyGroup[], time: number): AgeField {
  const [first, last] = [Math.log(time / 50), Math.log(time * 30)];
  const ages = Float64Array.from({ length: steps + 1 }, (_, index) =>
    index === 0 ? 0 : Math.exp(first + ((last - first) * (index - 1)) / (steps - 1)),
  );
  const older = ages.map((age) =>
    popularity.reduce((sum, { keys, probability }) => sum + keys * Math.exp(-probability * age), 0),
  );
  return {
    ages,
    keys: Float64Array.from({ length: steps }, (_, index) => (older[index] ?? 0) - (older[index + 1] ?? 0)),
  };
}

function keptKeys({ ages, keys }: AgeField, misses: number, room: number, samples: number): number {
  let kept = 0;
  let stays = 1;
  for (let index = 0; index < steps; index++) {
    const width = (ages[index + 1] ?? 0) - (ages[index] ?? 0);
    // Half a step with the share at its beginning, then the other half with what has come to be younger.
    const before = Math.min(1, kept / room);
    const early = stays * Math.exp(-((misses / room) * samples * before ** (samples - 1) * width) / 2);
    const after = Math.min(1, (kept + (keys[index] ?? 0) * early) / room);
    kept += (keys[index] ?? 0) * early;
    stays = early * Math.exp(-((misses / room) * samples * after ** (samples - 1) * width) / 2);
  }
  return kept;
}

function lruPoint(popularity: readonly KeyGroup[], time: number): CachePoint {
  let keys = 0;
  let hitRatio = 0;
  for (const { keys: count, probability } of popularity) {
    const present = -Math.expm1(-probability * time);
    keys += count * present;
    hitRatio += count * probability * present;
  }
  return { keys, hitRatio: Math.min(1, hitRatio) };
}

function keyCount(popularity: readonly KeyGroup[]): number {
  return popularity.reduce((sum, { keys }) => sum + keys, 0);
}

/** Where a growing function of a positive number is zero. */
function solveLog(grows: (value: number) => number): number {
  let [low, high] = [-50, 100];
  for (let round = 0; round < 60; round++) {
    const middle = (low + high) / 2;
    if (grows(Math.exp(middle)) > 0) high = middle;
    else low = middle;
  }
  return Math.exp((low + high) / 2);
}
