import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { bestHitRatio, lruHitRatio, sampledHitRatio } from '../src/core/sizing/cache.ts';
import { leastRecentlyUsed } from '../src/core/sizing/lru.ts';
import { zipfPopularity } from '../src/core/sizing/popularity.ts';
import {
  randomNumbers,
  type Simulation,
  simulateLru,
  simulateRedis,
  zipfRequests,
} from './support/cache-simulation.ts';

const keys = 2000;
const questions = [0.6, 0.9, 1.2].flatMap((exponent) => [0.05, 0.3].map((share) => ({ exponent, room: share * keys })));

/** 120,000 requests that count, after 60,000 that fill the cache. */
function simulation(exponent: number, room: number, random: () => number): Simulation {
  return { next: zipfRequests(keys, exponent, random), room, warmUp: 60_000, requests: 120_000 };
}

function near(value: number, simulated: number, tolerance: number): void {
  assert.ok(Math.abs(value - simulated) <= tolerance, `${value} against ${simulated} simulated`);
}

describe('the popularity', () => {
  it('adds up, falls, and comes to what every rank by itself comes to', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20_000 }),
        fc.double({ min: 0, max: 2, noNaN: true }),
        (count, exponent) => {
          const groups = zipfPopularity(count, exponent);
          assert.equal(
            groups.reduce((sum, group) => sum + group.keys, 0),
            count,
          );
          near(
            groups.reduce((sum, group) => sum + group.keys * group.probability, 0),
            1,
            1e-9,
          );
          let total = 0;
          for (let rank = 1; rank <= count; rank++) total += rank ** -exponent;
          near((groups[0]?.probability ?? 0) * total, 1, 1e-4);
          groups.forEach((group, index) => {
            assert.ok(group.probability <= (groups[index - 1]?.probability ?? 1) * (1 + 1e-9));
          });
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe('a cache', () => {
  it('has the hit ratio that an exact LRU has, by Che', () => {
    for (const { exponent, room } of questions) {
      const simulated = simulateLru(simulation(exponent, room, randomNumbers(1)));
      near(lruHitRatio(zipfPopularity(keys, exponent), room), simulated, 0.006);
    }
  });

  it('has the hit ratio of random replacement with one sample, and of five as sampling has it', () => {
    for (const { exponent, room } of questions) {
      const popularity = zipfPopularity(keys, exponent);
      for (const samples of [1, 5]) {
        const random = randomNumbers(2);
        const policy = { policy: 'lru', samples, pool: 0, requestsPerMinute: 60_000 } as const;
        const simulated = simulateRedis(simulation(exponent, room, random), policy, random);
        near(sampledHitRatio(popularity, room, samples), simulated, 0.008);
      }
    }
  });

  it('of Redis lies between plain sampling and LRU, or with LFU between sampling and the best', () => {
    for (const { exponent, room } of questions) {
      const popularity = zipfPopularity(keys, exponent);
      const [sampled, lru, best] = [
        sampledHitRatio(popularity, room),
        lruHitRatio(popularity, room),
        bestHitRatio(popularity, room),
      ];
      const redis = (policy: 'lru' | 'lfu') => {
        const random = randomNumbers(3);
        const asked = { policy, samples: 5, pool: 16, requestsPerMinute: 60_000 };
        return simulateRedis(simulation(exponent, room, random), asked, random);
      };
      const [byAge, byCount] = [redis('lru'), redis('lfu')];
      assert.ok(byAge >= sampled - 0.008 && byAge <= lru + 0.008, `LRU ${byAge}: ${sampled} to ${lru}`);
      assert.ok(byCount >= sampled && byCount <= best + 0.008, `LFU ${byCount}: ${sampled} to ${best}`);
    }
  });

  it('never does worse with more room, more samples or the most popular keys kept', () => {
    const size = fc.integer({ min: 1, max: 3000 });
    fc.assert(
      fc.property(
        size,
        size,
        fc.double({ min: 0, max: 1.6, noNaN: true }),
        fc.integer({ min: 1, max: 20 }),
        (room, more, exponent, samples) => {
          const popularity = zipfPopularity(keys, exponent);
          const lru = lruHitRatio(popularity, room);
          assert.ok(lru >= 0 && lru <= 1);
          assert.ok(lruHitRatio(popularity, room + more) >= lru - 1e-9);
          assert.ok(bestHitRatio(popularity, room) >= lru - 1e-9);
          // The mean field is computed in steps.
          const sampled = sampledHitRatio(popularity, room, samples);
          assert.ok(sampledHitRatio(popularity, room, samples + 5) >= sampled - 0.003);
          assert.ok(sampled <= lru + 0.003);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('holds nothing without room, and everything when it is large enough', () => {
    const popularity = zipfPopularity(100, 1);
    for (const ratio of [lruHitRatio, sampledHitRatio, bestHitRatio]) {
      assert.equal(ratio(popularity, 0), 0);
      assert.ok(ratio(popularity, 100) > 1 - 1e-9);
    }
  });

  it('steps as the simulation does', () => {
    const next = zipfRequests(50, 0.8, randomNumbers(4));
    const trace = Array.from({ length: 2000 }, next);
    const hits = leastRecentlyUsed(10, trace.map(String)).filter(({ hit }) => hit).length;
    let turn = 0;
    const again = simulateLru({ next: () => trace[turn++] ?? 0, room: 10, warmUp: 0, requests: 2000 });
    assert.equal(hits / 2000, again);
  });
});
