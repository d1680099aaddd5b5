const initialCounter = 5;
const mostCounter = 255;

/**
 * The logarithmic counter of Redis's LFU after some hits, on average: from c it takes (c − 5) × factor + 1 hits to count
 * one more, so n counts take n + factor × n × (n − 1) ÷ 2 hits; 255 at most. New keys start at 5; time takes one off a
 * minute (`lfu-decay-time`), which is not counted here (redis evict.c LFULogIncr; redis.conf's table was measured).
 */
export function lfuCounter(hits: number, factor: number): number {
  // The positive root of factor ÷ 2 × n² + (1 − factor ÷ 2) × n = hits.
  const [a, b] = [factor / 2, 1 - factor / 2];
  const counts = a === 0 ? hits : (Math.sqrt(b * b + 4 * a * hits) - b) / (2 * a);
  return Math.min(mostCounter, initialCounter + counts);
}
