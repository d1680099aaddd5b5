/** One access of a trace. */
export interface CacheStep {
  readonly key: string;
  readonly hit: boolean;
  readonly evicted: string | undefined;
  /** After the access, from the least to the most recently used. */
  readonly keys: readonly string[];
}

/**
 * An exact least-recently-used cache, step by step: a hit makes its key the most recent; a miss inserts it, and drops
 * the least recent one where the cache is full. Redis samples five keys instead, memcached keeps segments. A cache
 * without room keeps nothing.
 */
export function leastRecentlyUsed(capacity: number, trace: readonly string[]): readonly CacheStep[] {
  const recency = new Set<string>();
  return trace.map((key) => {
    const hit = recency.delete(key);
    const [oldest] = recency;
    const evicted = !hit && recency.size >= capacity ? oldest : undefined;
    if (evicted !== undefined) recency.delete(evicted);
    if (capacity > 0) recency.add(key);
    return { key, hit, evicted, keys: [...recency] };
  });
}
