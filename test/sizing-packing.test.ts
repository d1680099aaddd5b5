import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { nodeMismatch, type Taint } from '../src/core/sizing/node-match.ts';
import { pack, podsPerNode } from '../src/core/sizing/packing.ts';
import type { ExistingNode, PackedWorkload, Packing, PackingInputs, Spread } from '../src/core/sizing/packing-model.ts';
import type { SchedulerAmounts } from '../src/core/sizing/scheduler-units.ts';
import { runVectors } from './support/vectors.ts';

type Spelled = Readonly<Record<string, number>>;

interface SpelledGroup {
  readonly name: string;
  readonly count?: number;
  readonly requests: Spelled;
  readonly hostPorts?: readonly number[];
  readonly antiAffinityHost?: boolean;
  readonly spread?: Spread;
}

interface PackingVector {
  readonly groups: readonly SpelledGroup[];
  readonly node: { readonly allocatable: Spelled };
  readonly daemonSets?: readonly SpelledGroup[];
  readonly maxNodes?: number;
  readonly zones?: readonly string[];
  readonly newNodeZone?: string;
  readonly existingEmptyZones?: readonly string[];
  readonly existingEmptyDomains?: number;
}

interface CapacityVector {
  readonly nodes: number;
  readonly allocatable: Spelled;
  readonly pod: Spelled;
}

function amounts(spelled: Spelled): SchedulerAmounts {
  return new Map(Object.entries(spelled).map(([name, value]) => [name === 'cpuMilli' ? 'cpu' : name, value]));
}

function workload({ name, count = 0, requests, hostPorts, antiAffinityHost, spread }: SpelledGroup): PackedWorkload {
  return {
    name,
    count,
    requests: amounts(requests),
    hostPorts: hostPorts?.map((port) => `TCP/${port}`),
    antiAffinity: antiAffinityHost === true ? [{ key: 'hostname', workloads: [name] }] : [],
    spread: spread === undefined ? [] : [spread],
  };
}

// Upstream's snapshot holds one node of 100m, 100 MiB and 10 pods, which the estimator counts once it has pods.
const oldNode: ExistingNode = {
  template: { name: 'oldnode', allocatable: new Map([...amounts({ cpu: 100, memory: 100 * 2 ** 20, pods: 10 })]) },
  zone: 'jupiter',
};

function inputsOf(vector: PackingVector): PackingInputs {
  const { newNodeZone } = vector;
  return {
    workloads: vector.groups.map(workload),
    daemonSets: vector.daemonSets?.map(workload),
    templates: [{ name: 'template', allocatable: amounts(vector.node.allocatable) }],
    existing: Array.from({ length: vector.existingEmptyDomains ?? 0 }, () => oldNode),
    zones: newNodeZone === undefined ? vector.zones : [newNodeZone],
    closedZones: vector.existingEmptyZones,
    maxNewNodes: vector.maxNodes,
  };
}

function values(input: PackingVector | CapacityVector): Readonly<Record<string, unknown>> {
  if ('pod' in input) {
    const perNode = podsPerNode(amounts(input.pod), { name: 'node', allocatable: amounts(input.allocatable) });
    return { perNode, totalReplicas: input.nodes * perNode };
  }
  const packing = pack(inputsOf(input));
  const [bound] = packing.bounds;
  const volume = [...(bound?.volume ?? [])].map(([name, nodes]) => [name === 'cpu' ? 'cpuMilli' : name, nodes]);
  return {
    nodes: packing.nodes.length,
    placed: packing.placed,
    unplaced: packing.unplaced.reduce((sum, { count }) => sum + count, 0),
    lowerBound: packing.lowerBound,
    lowerBoundVolume: Object.fromEntries(volume),
    lowerBoundOther: { homogeneous: bound?.homogeneous ?? 0, martelloTothL2: bound?.sharing ?? 0 },
  };
}

runVectors<PackingVector | CapacityVector, Readonly<Record<string, unknown>>>(
  'binpacking',
  20,
  (input, { lowerBoundIs, ...expected }) => {
    assert.ok(Object.keys(expected).length > 0);
    assert.deepEqual(Object.fromEntries(Object.entries(values(input)).filter(([key]) => key in expected)), expected);
  },
);

const size = fc.integer({ min: 0, max: 40 });
const spreads = fc.record({
  key: fc.constantFrom('hostname' as const, 'zone' as const),
  maxSkew: fc.integer({ min: 1, max: 3 }),
  minDomains: fc.integer({ min: 1, max: 4 }),
});
const workloads = fc
  .array(
    fc.record({
      cpu: size,
      memory: size,
      gpu: fc.integer({ min: 0, max: 1 }),
      count: fc.integer({ min: 0, max: 12 }),
      spread: fc.array(spreads, { maxLength: 2 }),
      apart: fc.constantFrom(undefined, 'hostname' as const, 'zone' as const),
      other: fc.integer({ min: 0, max: 6 }),
      port: fc.constantFrom<readonly string[]>([], [], ['TCP/80'], ['TCP/81']),
      arm: fc.boolean(),
    }),
    { maxLength: 7 },
  )
  .map((all) =>
    all.map((each, index): PackedWorkload => {
      return {
        name: `w${index}`,
        requests: amounts({ cpu: each.cpu, memory: each.memory, gpu: each.gpu }),
        count: each.count,
        spread: each.spread,
        antiAffinity: each.apart === undefined ? [] : [{ key: each.apart, workloads: [`w${each.other}`] }],
        hostPorts: each.port,
        nodeSelector: each.arm ? new Map([['arch', 'arm64']]) : undefined,
      };
    }),
  );
const questions = fc
  .record({
    workloads,
    limit: fc.option(fc.integer({ min: 0, max: 9 }), { nil: undefined }),
    expander: fc.constantFrom('first' as const, 'least-waste' as const),
  })
  .map(({ workloads: all, limit, expander }): PackingInputs => {
    return {
      workloads: all,
      daemonSets: [{ name: 'agent', requests: amounts({ cpu: 3, memory: 2 }) }],
      templates: [
        { name: 'small', allocatable: amounts({ cpu: 30, memory: 40, pods: 6 }), labels: new Map([['arch', 'amd64']]) },
        {
          name: 'large',
          allocatable: amounts({ cpu: 60, memory: 50, pods: 9, gpu: 2 }),
          labels: new Map([['arch', 'arm64']]),
        },
      ],
      zones: ['a', 'b'],
      maxNewNodes: limit,
      expander,
    };
  });

const byWorkload = (packing: Packing, name: string, key: 'template' | 'zone' | undefined) => {
  const counts = new Map<string, number>();
  packing.nodes.forEach((node, index) => {
    const domain = key === undefined ? `${index}` : node[key];
    const here = node.pods.find((pods) => pods.workload === name)?.count ?? 0;
    counts.set(domain, (counts.get(domain) ?? 0) + here);
  });
  return counts;
};

/** By trying every place of every pod; each node has 20 of both and takes four pods. */
function fewestNodes(
  pods: readonly (readonly [number, number])[],
  nodes: readonly (readonly (readonly [number, number])[])[],
): number {
  const [pod, ...rest] = pods;
  if (pod === undefined) return nodes.length;
  const sum = (node: readonly (readonly [number, number])[], index: 0 | 1) =>
    node.reduce((total, each) => total + each[index], 0);
  let fewest = fewestNodes(rest, [...nodes, [pod]]);
  nodes.forEach((node, index) => {
    const fits = node.length < 4 && sum(node, 0) + pod[0] <= 20 && sum(node, 1) + pod[1] <= 20;
    if (fits) fewest = Math.min(fewest, fewestNodes(rest, nodes.with(index, [...node, pod])));
  });
  return fewest;
}

describe('a packing', () => {
  it('never exceeds a node, loses no pod, and never beats its lower bound', () => {
    fc.assert(
      fc.property(questions, (question) => {
        const packing = pack(question);
        for (const { allocatable, used } of packing.nodes) {
          for (const [resource, amount] of used) assert.ok(amount <= (allocatable.get(resource) ?? 0), resource);
        }
        for (const { name, count } of question.workloads) {
          const there = [...byWorkload(packing, name, undefined).values()].reduce((sum, each) => sum + each, 0);
          const missing = packing.unplaced.find((pods) => pods.workload === name)?.count ?? 0;
          assert.equal(there + missing, count);
        }
        const everything = packing.unplaced.every(({ reason }) => reason.kind === 'impossible');
        if (everything) assert.ok(packing.lowerBound <= packing.nodes.length);
        assert.deepEqual(pack(question), packing);
      }),
      { numRuns: 400 },
    );
  });

  it('keeps pods where they match, apart where they must be, and within their skew', () => {
    fc.assert(
      fc.property(questions, (question) => {
        const packing = pack(question);
        for (const each of question.workloads) {
          const byNode = byWorkload(packing, each.name, undefined);
          const byZone = byWorkload(packing, each.name, 'zone');
          if (each.nodeSelector !== undefined) {
            assert.equal(byWorkload(packing, each.name, 'template').get('small') ?? 0, 0);
          }
          if ((each.hostPorts ?? []).length > 0) assert.ok([...byNode.values()].every((count) => count <= 1));
          for (const {
            key,
            workloads: [other = ''],
          } of each.antiAffinity ?? []) {
            const [mine, theirs] =
              key === 'zone'
                ? [byZone, byWorkload(packing, other, 'zone')]
                : [byNode, byWorkload(packing, other, undefined)];
            for (const [domain, count] of mine) {
              if (other === each.name) assert.ok(count <= 1);
              else assert.ok(count === 0 || (theirs.get(domain) ?? 0) === 0);
            }
          }
          for (const { key, maxSkew, minDomains = 1 } of each.spread ?? []) {
            const zones = ['a', 'b'].map((zone) => byZone.get(zone) ?? 0);
            const counts = key === 'zone' ? zones : [...byNode.values()];
            // A node that came later for another workload is a domain that was not there yet.
            const least = key === 'zone' && zones.length >= minDomains ? Math.min(...counts) : undefined;
            if (least !== undefined) assert.ok(Math.max(...counts) - least <= maxSkew);
          }
        }
      }),
      { numRuns: 400 },
    );
  });

  it('of alike pods onto one kind of node is the least that is possible, and needs no more nodes when these are larger', () => {
    const amount = fc.integer({ min: 1, max: 100 });
    fc.assert(
      fc.property(
        amount,
        amount,
        amount,
        amount,
        amount,
        amount,
        amount,
        (cpu, memory, count, more, wholeCpu, wholeMemory, pods) => {
          const nodes = (extra: number) => {
            const allocatable = amounts({
              cpu: wholeCpu + cpu + extra,
              memory: wholeMemory + memory + extra,
              pods: pods + extra,
            });
            const workloads = [{ name: 'web', requests: amounts({ cpu, memory }), count }];
            const packing = pack({ workloads, templates: [{ name: 'node', allocatable }] });
            assert.equal(packing.nodes.length, packing.lowerBound);
            return packing.nodes.length;
          };
          assert.ok(nodes(more) <= nodes(0));
        },
      ),
    );
  });

  it('lies with its bound on both sides of the least that is possible', () => {
    const amount = fc.integer({ min: 1, max: 20 });
    const pods = fc.array(fc.tuple(amount, amount), { minLength: 1, maxLength: 7 });
    fc.assert(
      fc.property(pods, (all) => {
        const allocatable = amounts({ cpu: 20, memory: 20, pods: 4 });
        const workloads = all.map(([cpu, memory], index) => {
          return { name: `w${index}`, requests: amounts({ cpu, memory }), count: 1 };
        });
        const packing = pack({ workloads, templates: [{ name: 'node', allocatable }] });
        const least = fewestNodes(all, []);
        assert.ok(packing.lowerBound <= least, `bound ${packing.lowerBound} of ${least}`);
        assert.ok(packing.nodes.length >= least, `${packing.nodes.length} nodes of ${least}`);
        assert.ok(packing.nodes.length <= 2 * least);
      }),
      { numRuns: 300 },
    );
  });

  it('onto several kinds takes the first that fits, or the one that leaves the least idle', () => {
    const node = (name: string, cpu: number) => ({ name, allocatable: amounts({ cpu, memory: cpu, pods: 10 }) });
    const kinds = (count: number, expander?: 'least-waste') =>
      pack({
        workloads: [{ name: 'web', requests: amounts({ cpu: 10, memory: 10 }), count }],
        templates: [node('large', 100), node('small', 20)],
        expander,
      }).nodes.map(({ template }) => template);
    assert.deepEqual(kinds(12), ['large', 'large']);
    assert.deepEqual(kinds(12, 'least-waste'), ['large', 'small']);
  });

  it('says why pods have no place', () => {
    const template = { name: 'node', allocatable: amounts({ cpu: 1000, memory: 1000, pods: 10 }) };
    const taint: Taint = { key: 'gpu', value: '', effect: 'NoSchedule' };
    const ask = (more: Partial<PackedWorkload>, inputs: Partial<PackingInputs> = {}) => {
      const requests = amounts({ cpu: 100, memory: 100 });
      const workloads = [{ name: 'web', requests, count: 3, ...more }];
      return pack({ workloads, templates: [template], ...inputs }).unplaced[0];
    };
    assert.equal(ask({}), undefined);
    assert.deepEqual(ask({ requests: amounts({ cpu: 1001, 'nvidia.com/gpu': 1 }) })?.reason, {
      kind: 'impossible',
      templates: [{ template: 'node', mismatch: undefined, insufficient: ['cpu', 'nvidia.com/gpu'] }],
    });
    assert.deepEqual(ask({}, { templates: [{ ...template, taints: [taint] }] })?.reason, {
      kind: 'impossible',
      templates: [{ template: 'node', mismatch: { kind: 'taint', taint }, insufficient: [] }],
    });
    const alone = { antiAffinity: [{ key: 'hostname', workloads: ['web'] }] } as const;
    assert.deepEqual(ask(alone, { maxNewNodes: 2 })?.reason, { kind: 'node-limit' });
    const perZone = { antiAffinity: [{ key: 'zone', workloads: ['web'] }] } as const;
    assert.deepEqual(ask(perZone, { zones: ['a', 'b'] }), { workload: 'web', count: 1, reason: { kind: 'topology' } });
  });

  it('names what binds', () => {
    const template = { name: 'node', allocatable: amounts({ cpu: 1000, memory: 1000, pods: 10 }) };
    const binding = (requests: Spelled, more: Partial<PackedWorkload> = {}) =>
      pack({ workloads: [{ name: 'web', count: 12, requests: amounts(requests), ...more }], templates: [template] })
        .binding;
    assert.equal(binding({ cpu: 300, memory: 100 }), 'cpu');
    assert.equal(binding({ cpu: 100, memory: 300 }), 'memory');
    assert.equal(binding({ cpu: 1 }), 'pods');
    assert.equal(binding({ cpu: 1 }, { hostPorts: ['TCP/80'] }), 'one-per-node');
    assert.equal(pack({ workloads: [], templates: [template] }).binding, undefined);
  });

  it('adds the bounds of workloads that share no kind of node', () => {
    const node = (name: string, arch: string) => {
      return { name, allocatable: amounts({ cpu: 1000, memory: 1000, pods: 10 }), labels: new Map([['arch', arch]]) };
    };
    const web = (name: string, arch: string) => {
      return { name, count: 1, requests: amounts({ cpu: 1 }), nodeSelector: new Map([['arch', arch]]) };
    };
    const packing = pack({
      workloads: [web('a', 'arm64'), web('b', 'amd64')],
      templates: [node('x', 'amd64'), node('y', 'arm64')],
    });
    assert.equal(packing.lowerBound, 2);
    assert.deepEqual(
      packing.nodes.map(({ template }) => template),
      ['y', 'x'],
    );
  });
});

describe('what a node takes', () => {
  const taint: Taint = { key: 'dedicated', value: 'db', effect: 'NoSchedule' };

  it('is bounded by taints', () => {
    const kept = (toleration: object) => nodeMismatch({ tolerations: [toleration] }, { taints: [taint] })?.kind;
    assert.equal(nodeMismatch({}, { taints: [{ ...taint, effect: 'PreferNoSchedule' }] }), undefined);
    assert.equal(nodeMismatch({}, { taints: [taint] })?.kind, 'taint');
    assert.equal(kept({ key: 'dedicated', value: 'db' }), undefined);
    assert.equal(kept({ key: 'dedicated', value: 'web' }), 'taint');
    assert.equal(kept({ key: 'dedicated', operator: 'Exists', effect: 'NoExecute' }), 'taint');
    assert.equal(kept({ key: 'dedicated', operator: 'Exists' }), undefined);
    assert.equal(kept({ operator: 'Exists' }), undefined);
  });

  it('is bounded by labels', () => {
    const labels = new Map([
      ['arch', 'arm64'],
      ['gen', '7'],
    ]);
    const term = (
      key: string,
      operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist' | 'Gt' | 'Lt',
      ...values: string[]
    ) => nodeMismatch({ affinityTerms: [[{ key, operator, values }]] }, { labels }) === undefined;
    assert.ok(term('arch', 'In', 'arm64') && !term('arch', 'In', 'amd64') && !term('disk', 'In', ''));
    assert.ok(term('arch', 'NotIn', 'amd64') && term('disk', 'NotIn', 'ssd') && !term('arch', 'NotIn', 'arm64'));
    assert.ok(term('gen', 'Exists') && !term('disk', 'Exists') && term('disk', 'DoesNotExist'));
    assert.ok(term('gen', 'Gt', '6') && !term('gen', 'Gt', '7') && term('gen', 'Lt', '8') && !term('arch', 'Lt', '8'));
    assert.equal(nodeMismatch({ affinityTerms: [[]] }, { labels })?.kind, 'affinity');
    assert.equal(nodeMismatch({ nodeSelector: new Map([['gen', '8']]) }, { labels })?.kind, 'selector');
  });
});
