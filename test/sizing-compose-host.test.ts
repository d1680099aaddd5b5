import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { composeLoad } from '../src/core/sizing/compose.ts';
import { composeTotals } from '../src/core/sizing/compose-host.ts';

const host = { cpus: 4, memoryBytes: 8n << 30n };

describe('services against a host', () => {
  it('add up, and those without a limit are named', () => {
    const totals = composeTotals(
      new Map([
        ['web', composeLoad({ cpus: '1.5', memLimit: '1g', replicas: '2' })],
        ['db', composeLoad({ memLimit: '7g' })],
        ['off', composeLoad({ scale: '0' })],
      ]),
      host,
    );
    assert.deepEqual(totals.cpu, { limited: 3_000_000_000n, unbounded: ['db'], host: 4_000_000_000n, exceeds: false });
    assert.deepEqual(totals.memory, { limited: 9n << 30n, unbounded: [], host: 8n << 30n, exceeds: true });
    assert.deepEqual(totals.tooLarge, []);
  });

  it('are too large by themselves where one container is', () => {
    const { tooLarge } = composeTotals(new Map([['web', composeLoad({ cpus: '5', memLimit: '9g' })]]), host);
    assert.deepEqual(tooLarge, [
      { service: 'web', resource: 'cpu' },
      { service: 'web', resource: 'memory' },
    ]);
  });

  it('exceed a host only if they exceed every smaller one', () => {
    const sizes = fc.record({
      cpus: fc.constantFrom('0.5', '2'),
      memLimit: fc.constantFrom('512m', '3g'),
      replicas: fc.constantFrom('0', '1', '4'),
    });
    fc.assert(
      fc.property(fc.array(sizes, { maxLength: 6 }), fc.integer({ min: 1, max: 16 }), (all, cpus) => {
        const services = new Map(all.map((each, index) => [`s${index}`, composeLoad(each)]));
        const at = (factor: number) =>
          composeTotals(services, { cpus: cpus * factor, memoryBytes: BigInt(cpus * factor) << 30n });
        assert.ok(!at(2).cpu.exceeds || at(1).cpu.exceeds);
        assert.ok(!at(2).memory.exceeds || at(1).memory.exceeds);
      }),
    );
  });
});
