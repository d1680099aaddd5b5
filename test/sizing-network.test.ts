import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { replicasForCpu, replicasForLoad } from '../src/core/sizing/load.ts';
import { busiestAtRandom, smoothRoundRobin } from '../src/core/sizing/load-balancing.ts';
import {
  bandwidthDelay,
  conntrackMax,
  ephemeralPorts,
  lossRate,
  tcpRate,
  windowRate,
} from '../src/core/sizing/network.ts';
import { podBandwidth, tokenBucket } from '../src/core/sizing/pod-bandwidth.ts';
import { runVectors } from './support/vectors.ts';

type NetworkInput =
  | { readonly fn: 'bdp'; readonly bandwidthBitPerSec: number; readonly rttMs: number }
  | { readonly fn: 'windowThroughput'; readonly windowBytes: number; readonly rttMs: number }
  | { readonly fn: 'mathis'; readonly mssBytes: number; readonly rttMs: number; readonly loss: number }
  | {
      readonly fn: 'tcpSendRate';
      readonly bandwidthBitPerSec: number;
      readonly rttMs: number;
      readonly windowBytes: number;
      readonly mssBytes: number;
      readonly loss: number;
    }
  | {
      readonly fn: 'replicasForLoad';
      readonly rps: number;
      readonly latencySeconds: number;
      readonly concurrencyPerReplica: number;
      readonly headroom: number;
    }
  | {
      readonly fn: 'replicasForCpu';
      readonly rps: number;
      readonly cpuMsPerRequest: number;
      readonly cpuLimitMilli: number;
      readonly targetUtilisation: number;
    }
  | { readonly fn: 'conntrackMax'; readonly maxPerCore: number; readonly min: number; readonly cores: number }
  | { readonly fn: 'bandwidthAnnotation'; readonly value: string }
  | { readonly fn: 'tbf'; readonly rateBits: number; readonly burstBits: number }
  | { readonly fn: 'ephemeralPorts'; readonly low: number; readonly high: number }
  | { readonly fn: 'smoothWeightedRoundRobin'; readonly weights: readonly number[]; readonly requests: number };

function networkValues(input: NetworkInput): Readonly<Record<string, unknown>> {
  switch (input.fn) {
    case 'bdp': {
      const { bytes, needsWindowScaling } = bandwidthDelay(input.bandwidthBitPerSec, input.rttMs);
      return { bytes, windowScaleNeeded: needsWindowScaling };
    }
    case 'windowThroughput':
      return { bitPerSec: windowRate(input.windowBytes, input.rttMs) };
    case 'mathis':
      return { bitPerSec: lossRate(input.mssBytes, input.rttMs, input.loss) };
    case 'tcpSendRate': {
      const { bitsPerSecond, limitedBy } = tcpRate({
        bitsPerSecond: input.bandwidthBitPerSec,
        roundTripMs: input.rttMs,
        windowBytes: input.windowBytes,
        segmentBytes: input.mssBytes,
        loss: input.loss,
      });
      return { bitPerSec: bitsPerSecond, limitedBy };
    }
    case 'replicasForLoad': {
      const { rps, latencySeconds, concurrencyPerReplica: concurrency, headroom } = input;
      return { ...replicasForLoad({ requestsPerSecond: rps, latencySeconds, concurrency, headroom }) };
    }
    case 'replicasForCpu': {
      const { rps, targetUtilisation, ...rest } = input;
      const load = replicasForCpu({ ...rest, requestsPerSecond: rps, targetUtilization: targetUtilisation });
      return { coresNeeded: load.cores, replicas: load.replicas };
    }
    case 'conntrackMax':
      return { max: conntrackMax(input.cores, input.maxPerCore, input.min) };
    case 'bandwidthAnnotation': {
      const bits = podBandwidth(input.value);
      return { valid: bits !== undefined, bitPerSec: bits === undefined ? null : Number(bits) };
    }
    case 'tbf': {
      const { rateBytes, limitBytes } = tokenBucket(BigInt(input.rateBits), BigInt(input.burstBits));
      return { rateBytes: Number(rateBytes), limitBytes: Number(limitBytes) };
    }
    case 'ephemeralPorts': {
      const { ports, connectionsPerSecond } = ephemeralPorts(input.low, input.high);
      return { ports, newConnPerSecPerDestinationWith60sTimeWait: connectionsPerSecond };
    }
    case 'smoothWeightedRoundRobin': {
      const picks = smoothRoundRobin(input.weights, input.requests);
      const counts = input.weights.map((_, index) => picks.filter((pick) => pick === index).length);
      return { counts, first10: picks.slice(0, 10) };
    }
  }
}

/** Rates stand in the vectors with three digits after the point. */
const rounded = (value: unknown) => (typeof value === 'number' ? Math.round(value * 1000) / 1000 : value);

runVectors<NetworkInput, Readonly<Record<string, unknown>>>('network', 60, (input, expected) => {
  const actual = networkValues(input);
  assert.ok(Object.keys(expected).length > 0);
  for (const [key, value] of Object.entries(expected)) assert.deepEqual(rounded(actual[key]), value, key);
});

const positive = fc.double({ min: 0.001, max: 1e6, noNaN: true });

describe('a service', () => {
  it('has the replicas that its load needs, and no more', () => {
    fc.assert(
      fc.property(
        positive,
        positive,
        positive,
        fc.integer({ min: 0, max: 90 }),
        (rate, latency, concurrency, percent) => {
          const headroom = percent / 100;
          const { inFlight, replicas } = replicasForLoad({
            requestsPerSecond: rate,
            latencySeconds: latency,
            concurrency,
            headroom,
          });
          const each = concurrency * (1 - headroom);
          assert.ok(replicas * each >= inFlight * (1 - 1e-9));
          assert.ok((replicas - 1) * each < inFlight);
        },
      ),
    );
  });

  it('is not given a replica more by a binary fraction', () => {
    assert.equal(
      replicasForLoad({ requestsPerSecond: 30, latencySeconds: 1, concurrency: 10, headroom: 0.7 }).replicas,
      10,
    );
  });
});

describe('a connection', () => {
  it('is never faster than its slowest bound, and more window or less loss never slows it', () => {
    fc.assert(
      fc.property(
        positive,
        positive,
        positive,
        fc.double({ min: 1e-6, max: 0.1, noNaN: true }),
        (bits, trip, window, loss) => {
          const path = { bitsPerSecond: bits, roundTripMs: trip, windowBytes: window, segmentBytes: 1460, loss };
          const { bitsPerSecond } = tcpRate(path);
          assert.ok(bitsPerSecond <= bits);
          assert.ok(tcpRate({ ...path, windowBytes: window * 2 }).bitsPerSecond >= bitsPerSecond);
          assert.ok(tcpRate({ ...path, loss: loss / 2 }).bitsPerSecond >= bitsPerSecond);
          assert.equal(
            tcpRate({ ...path, windowBytes: bandwidthDelay(bits, trip).bytes * 2, loss: 0 }).limitedBy,
            'bandwidth',
          );
        },
      ),
    );
  });
});

describe('smooth weighted round robin', () => {
  it('gives each backend its share in every full turn', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 6 }), (weights) => {
        const total = weights.reduce((sum, weight) => sum + weight, 0);
        const picks = smoothRoundRobin(weights, total);
        weights.forEach((weight, index) => {
          assert.equal(picks.filter((pick) => pick === index).length, weight);
        });
      }),
    );
    assert.deepEqual(smoothRoundRobin([], 3), []);
  });
});

describe('the busiest of replicas that are picked at random', () => {
  it('has what the tables of Poisson give', () => {
    assert.equal(busiestAtRandom(1, 1), 3);
    assert.equal(busiestAtRandom(20, 10), 6);
    assert.equal(busiestAtRandom(0, 5), 0);
    assert.equal(busiestAtRandom(5, 0), undefined);
    assert.equal(busiestAtRandom(Number.NaN, 2), undefined);
    assert.equal(busiestAtRandom(1e12, 2), undefined);
  });

  it('is not exceeded in 95 of 100 moments of a simulation', () => {
    // A small generator with a fixed seed: the same draws in every run.
    let state = 12_345;
    const random = () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state / 2 ** 32;
    };
    const arrivals = (mean: number) => {
      let [count, product] = [0, random()];
      while (product > Math.exp(-mean)) {
        count++;
        product *= random();
      }
      return count;
    };
    for (const [mean, replicas] of [
      [0.5, 3],
      [4, 8],
      [30, 20],
    ] as const) {
      const most = busiestAtRandom(mean * replicas, replicas) ?? assert.fail('there are replicas');
      const within = (bound: number) =>
        Array.from({ length: 4000 }, () => Math.max(...Array.from({ length: replicas }, () => arrivals(mean)))).filter(
          (busiest) => busiest <= bound,
        ).length / 4000;
      assert.ok(within(most) > 0.94);
      assert.ok(within(most - 1) < 0.955);
    }
  });

  it('has no less where there are more of the same mean, and no less than that mean', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 5000, noNaN: true }),
        fc.integer({ min: 1, max: 500 }),
        (mean, replicas) => {
          const [few, many] = [
            busiestAtRandom(mean * replicas, replicas),
            busiestAtRandom(mean * replicas * 2, replicas * 2),
          ];
          assert.ok(few !== undefined && many !== undefined && many >= few && few >= Math.floor(mean));
        },
      ),
    );
  });
});
