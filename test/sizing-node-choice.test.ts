import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { demandsOn, presetNode, shapeNamed, shapesByCloud } from '../src/core/sizing/node-choice.ts';
import { pack, packer } from '../src/core/sizing/packing.ts';

describe('chosen nodes', () => {
  it('are the presets, each in one group', () => {
    const shapes = shapesByCloud().flatMap((group) => group.shapes);
    assert.equal(shapes.length, 97);
    assert.equal(new Set(shapes.map(({ name }) => name)).size, 97);
    assert.equal(shapeNamed('m7g.large')?.arch, 'arm64');
    assert.equal(shapeNamed('own'), undefined);
  });

  it('leave out demands on labels that are not known, and no others', () => {
    const affinityTerms = [
      [
        { key: 'pool', operator: 'In', values: ['web'] },
        { key: 'kubernetes.io/arch', operator: 'In', values: ['arm64'] },
      ],
    ] as const;
    const nodeSelector = new Map([
      ['kubernetes.io/os', 'linux'],
      ['disk', 'ssd'],
    ]);
    const { demands, left } = demandsOn({ nodeSelector, affinityTerms }, (label) => label.startsWith('kubernetes.io/'));
    assert.deepEqual([...(demands.nodeSelector ?? [])], [['kubernetes.io/os', 'linux']]);
    assert.deepEqual(demands.affinityTerms, [[affinityTerms[0][1]]]);
    assert.deepEqual(left, ['disk', 'pool']);
  });

  it('are taken to meet a term of unknown labels alone, but never an empty one', () => {
    const term = [{ key: 'pool', operator: 'Exists', values: [] }] as const;
    assert.equal(demandsOn({ affinityTerms: [term] }, () => false).demands.affinityTerms, undefined);
    assert.deepEqual(demandsOn({ affinityTerms: [[]] }, () => false).demands.affinityTerms, [[]]);
  });

  it('are counted by kind, and the same without the nodes one by one', () => {
    const shapes = ['c7g.large', 'r7g.xlarge'].flatMap((name) => shapeNamed(name) ?? []);
    const inputs = {
      workloads: [
        { name: 'large', requests: new Map([['memory', 20 * 2 ** 30]]), count: 2 },
        { name: 'small', requests: new Map([['cpu', 1500]]), count: 5 },
      ],
      templates: shapes.map((shape) => presetNode(shape).template),
    };
    const { nodes, ...summary } = pack(inputs);
    const { summary: summaryOf } = packer(inputs);
    assert.deepEqual(summaryOf(), summary);
    const [large, small] = inputs.workloads.map((workload) => ({ ...workload, count: 3 }));
    const { nodes: _, ...other } = pack({ ...inputs, workloads: [large, small].flatMap((one) => one ?? []) });
    assert.deepEqual(summaryOf([3, 3]), other);
    assert.deepEqual(summaryOf(), summary, 'other numbers of pods leave nothing behind');
    assert.equal(nodes.length, summary.nodeCount);
    // Two large ones on nodes of their own, which each take two small ones; the fifth gets the first kind.
    assert.deepEqual(
      [...summary.nodesOf],
      [
        ['r7g.xlarge', 2],
        ['c7g.large', 1],
      ],
    );
  });
});
