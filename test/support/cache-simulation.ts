/** Numbers from 0 to below 1, the same ones for the same seed. */
export function randomNumbers(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Keys, as numbers from 0, of independent requests with a Zipf popularity. */
export function zipfRequests(keys: number, exponent: number, random: () => number): () => number {
  const sums = new Float64Array(keys);
  let sum = 0;
  for (let rank = 1; rank <= keys; rank++) {
    sum += rank ** -exponent;
    sums[rank - 1] = sum;
  }
  return () => {
    const wanted = random() * sum;
    let [low, high] = [0, keys - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sums[middle] ?? 0) < wanted) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}

export interface Simulation {
  readonly next: () => number;
  readonly room: number;
  /** Requests before those that count. */
  readonly warmUp: number;
  readonly requests: number;
}

/** The hit ratio of an exact least-recently-used cache. */
export function simulateLru({ next, room, warmUp, requests }: Simulation): number {
  const recency = new Set<number>();
  let hits = 0;
  for (let turn = 0; turn < warmUp + requests; turn++) {
    const key = next();
    const hit = recency.delete(key);
    const [oldest] = recency;
    if (!hit && recency.size >= room && oldest !== undefined) recency.delete(oldest);
    recency.add(key);
    if (hit && turn >= warmUp) hits++;
  }
  return hits / requests;
}

export interface RedisPolicy {
  readonly policy: 'lru' | 'lfu';
  readonly samples: number;
  /** Best candidates kept from one eviction to the next; 16 in Redis, none for plain sampling. */
  readonly pool: number;
  readonly requestsPerMinute: number;
}

interface Entry {
  readonly key: number;
  place: number;
  usedAt: number;
  counter: number;
  countedAt: number;
}

/** The hit ratio of a cache that evicts as Redis does (evict.c): from random keys, the idlest or the least counted one. */
export function simulateRedis(
  { next, room, warmUp, requests }: Simulation,
  { policy, samples, pool: poolSize, requestsPerMinute }: RedisPolicy,
  random: () => number,
): number {
  const entries = new Map<number, Entry>();
  const kept: Entry[] = [];
  let pool: { readonly entry: Entry; readonly idle: number }[] = [];
  let hits = 0;
  const minute = (turn: number) => Math.floor(turn / requestsPerMinute);
  const decayed = (entry: Entry, turn: number) => Math.max(0, entry.counter - (minute(turn) - entry.countedAt));
  const idle = (entry: Entry, turn: number) => (policy === 'lru' ? turn - entry.usedAt : 255 - decayed(entry, turn));

  const victim = (turn: number): Entry => {
    for (;;) {
      for (let sample = 0; sample < samples; sample++) {
        const entry = kept[Math.floor(random() * kept.length)];
        if (entry !== undefined && pool.every((candidate) => candidate.entry !== entry)) {
          pool.push({ entry, idle: idle(entry, turn) });
        }
      }
      pool = pool.sort((a, b) => a.idle - b.idle).slice(-Math.max(poolSize, 1));
      for (let best = pool.pop(); best !== undefined; best = pool.pop()) {
        if (entries.get(best.entry.key) !== best.entry) continue;
        if (poolSize === 0) pool = [];
        return best.entry;
      }
    }
  };
  const evict = (entry: Entry) => {
    entries.delete(entry.key);
    const last = kept.pop();
    if (last === undefined || last === entry) return;
    kept[entry.place] = last;
    last.place = entry.place;
  };

  for (let turn = 0; turn < warmUp + requests; turn++) {
    const key = next();
    const entry = entries.get(key);
    if (entry === undefined) {
      if (kept.length >= room) evict(victim(turn));
      const fresh = { key, place: kept.length, usedAt: turn, counter: 5, countedAt: minute(turn) };
      entries.set(key, fresh);
      kept.push(fresh);
      continue;
    }
    const counter = decayed(entry, turn);
    const grows = counter < 255 && random() < 1 / (Math.max(0, counter - 5) * 10 + 1);
    entry.usedAt = turn;
    entry.counter = grows ? counter + 1 : counter;
    entry.countedAt = minute(turn);
    if (turn >= warmUp) hits++;
  }
  return hits / requests;
}
