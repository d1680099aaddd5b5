import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { defaultSettings } from '../src/core/engine/settings.ts';
import type { Inputs } from '../src/core/features/assumptions.ts';
import type { Draft } from '../src/core/features/load-view.ts';
import { computePreview } from '../src/core/features/preview.ts';
import type { SectionView } from '../src/core/features/sections/section-view.ts';
import { parseFile } from '../src/core/parsed.ts';
import { createYamlCache } from '../src/core/yaml/parse.ts';

function pod(resources: string, more = ''): string {
  return `apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
${more}  containers:
    - name: web
      image: web:1
      resources: ${resources}
`;
}

function sectionOf(id: 'shares' | 'nodes', text: string, inputs: Inputs = {}): SectionView {
  const parsed = parseFile({ path: 'web.yaml', languageId: '', text }, createYamlCache(10));
  const { sections } = computePreview({ parsed, others: [], settings: defaultSettings, draft: {}, inputs });
  return sections.find((one) => one.id === id) ?? assert.fail(`there is no section ${id}`);
}

/** The texts of a row, and all that explains them. */
function cells(view: SectionView, caption: string, head: string) {
  const table = view.blocks.find((block) => block.kind === 'table' && block.caption === caption);
  const row = table?.kind === 'table' ? table.rows.find((one) => one.head === head) : undefined;
  assert.ok(row, `there is no row ${head} of ${caption}`);
  const figures = row.cells.flatMap((cell) => (cell.kind === 'figure' ? [cell.figure] : []));
  return {
    texts: figures.map(({ text }) => text),
    why: figures.flatMap(({ explanation }) => explanation).join('\n'),
  };
}

const settings = 'With these settings of the kubelet';

describe('the cgroup of a pod', () => {
  it('is bounded where every container is, overhead in it', () => {
    const text = pod(
      '{requests: {cpu: 500m}, limits: {cpu: 1, memory: 1Gi}}',
      '  overhead: {cpu: 100m, memory: 64Mi}\n',
    );
    // 600m are 614 shares: 1 + ⌊612 × 9999 ÷ 262142⌋ = 24.
    const { texts } = cells(sectionOf('shares', text), 'Cgroups of pods', 'web');
    assert.deepEqual(texts, ['24', '110 ms / 100 ms', '1088Mi']);
  });

  it('is not where one container is not', () => {
    const text = pod('{limits: {cpu: 1, memory: 1Gi}}', '  initContainers: [{name: setup, image: x}]\n');
    const { texts, why } = cells(sectionOf('shares', text), 'Cgroups of pods', 'web');
    assert.deepEqual(texts, ['39', 'max', 'max']);
    assert.match(why, /Not every container is limited, so that the pod is not: setup\./);
  });
});

describe('the formulas of the article', () => {
  const text = ['a', 'b']
    .map((name) => pod('{requests: {cpu: 100m}, limits: {cpu: 1}}').replace('{name: web}', `{name: ${name}}`))
    .join('---\n');
  const parsed = parseFile({ path: 'web.yaml', languageId: '', text }, createYamlCache(10));
  const of = (draft: Draft) => {
    const { load, sections } = computePreview({ parsed, others: [], settings: defaultSettings, draft, inputs: {} });
    const blocks = sections.find(({ id }) => id === 'shares')?.blocks ?? [];
    return { load, formulas: blocks.flatMap((block) => (block.kind === 'formula' ? [block] : [])) };
  };

  it('tell the pods apart whose containers have one name', () => {
    assert.deepEqual(
      of({}).formulas.map(({ formula }) => formula.split(':')[0]),
      ['a', 'a', 'b', 'b'],
    );
  });

  it('are compared with what they were themselves', () => {
    const { load } = of({});
    const second = load.kind === 'load' ? load.workloads[1]?.containers[0]?.resources[0]?.request.id : undefined;
    assert.ok(second);
    assert.deepEqual(
      of({ [second]: '200m' }).formulas.map(({ result: { before, text: now } }) => [before, now]),
      [
        [undefined, '400m'],
        [undefined, '96Mi'],
        ['400m', '800m'],
        [undefined, '96Mi'],
      ],
    );
  });

  it('are compared in their order where even the pods have one name', () => {
    const twins = parseFile(
      { path: 'web.yaml', languageId: '', text: text.replace('{name: b}', '{name: a}') },
      createYamlCache(10),
    );
    const results = (draft: Draft) =>
      computePreview({ parsed: twins, others: [], settings: defaultSettings, draft, inputs: {} });
    const { load } = results({});
    const second = load.kind === 'load' ? load.workloads[1]?.containers[0]?.resources[0]?.request.id : undefined;
    assert.ok(second);
    const blocks = results({ [second]: '200m' }).sections.find(({ id }) => id === 'shares')?.blocks ?? [];
    assert.deepEqual(
      blocks.flatMap((block) => (block.kind === 'formula' ? [block.result.before] : [])),
      [undefined, undefined, '400m', undefined],
    );
  });
});

describe('settings of the kubelet', () => {
  const guaranteed = (cpu: string) => pod(`{limits: {cpu: ${cpu}, memory: 1Gi}}`);
  const own = (text: string, inputs: Inputs) =>
    cells(sectionOf('shares', text, { cpuManager: 'static', nodeReserved: 'cpu=500m', ...inputs }), settings, 'web');

  it('say nothing while they are the defaults', () => {
    assert.ok(
      sectionOf('shares', guaranteed('2')).blocks.every(
        (block) => block.kind !== 'table' || block.caption !== settings,
      ),
    );
  });

  it('give whole CPUs to Guaranteed pods, as far as there are', () => {
    assert.deepEqual(own(guaranteed('2'), {}).texts, ['2']);
    assert.deepEqual(own(guaranteed('1500m'), {}).texts, ['none']);
    assert.deepEqual(own(pod('{requests: {cpu: 2}}'), {}).texts, ['none']);
    // 4 CPUs, of which ⌈500m⌉ stay with the system.
    const tooMany = own(guaranteed('4'), {});
    assert.deepEqual(tooMany.texts, ['rejected']);
    assert.match(tooMany.why, /4 CPUs − 1 reserved = 3/);
    assert.match(own(guaranteed('2'), { nodeReserved: '' }).why, /does not start where nothing is reserved/);
  });

  it('keep CPUs on one NUMA node where the policy says so', () => {
    const large = { nodeCpu: '16', numaNodes: '2' };
    assert.deepEqual(own(guaranteed('10'), large).texts, ['10']);
    assert.deepEqual(own(guaranteed('10'), { ...large, topologyManager: 'single-numa-node' }).texts, ['rejected']);
    assert.deepEqual(own(guaranteed('8'), { ...large, topologyManager: 'single-numa-node' }).texts, ['8']);
    assert.deepEqual(own(guaranteed('10'), { ...large, topologyManager: 'restricted' }).texts, ['10']);
  });

  it('slow down before the limit, and share out swap', () => {
    const text = pod('{requests: {memory: 500Mi}, limits: {memory: 1000Mi}}');
    const inputs = { memoryQos: 'true', nodeSwap: '5Gi', nodeMemory: '40Gi' };
    // 500 + 0.9 × 500 Mi; 500 Mi ÷ 40 Gi × 5 Gi.
    assert.deepEqual(cells(sectionOf('shares', text, inputs), settings, 'web').texts, ['950Mi', '62.5Mi']);
    const equal = cells(sectionOf('shares', guaranteed('1'), inputs), settings, 'web');
    assert.deepEqual(equal.texts, ['unset', '0']);
    assert.match(equal.why, /Only Burstable pods get swap/);
  });
});

describe('a node of one’s own', () => {
  const text = pod('{requests: {cpu: 1, memory: 1Gi, ephemeral-storage: 60Gi, hugepages-2Mi: 1Gi}}');

  it('leaves what it does not keep', () => {
    const view = sectionOf('nodes', text, {
      nodeReserved: 'cpu=300m, memory=1Gi',
      nodeEviction: '5%',
      nodeMore: 'hugepages-2Mi=2Gi',
      nodeMaxPods: '40',
    });
    // 16 − 1 − 0.8 − 2 Gi; 5 % are held in 32 bits.
    const { texts, why } = cells(view, 'For pods, of each node', 'own node');
    assert.deepEqual(texts, ['3700m', '12.2Gi', '40']);
    assert.match(why, /− 2Gi huge-pages/);
    assert.match(JSON.stringify(view), /Not counted, as nobody has said how much of it nodes have: ephemeral-storage/);
  });

  it('has as much of other resources as somebody says', () => {
    const missing = (more: string, shape = 'own') =>
      JSON.stringify(sectionOf('nodes', text, { nodeMore: more, nodeShape: shape }).blocks).match(
        /has too little ([^"]*)/,
      )?.[1];
    assert.equal(missing('ephemeral-storage=100Gi, hugepages-2Mi=1Gi'), undefined);
    // 10 % stay free: 58.5 of 65 Gi.
    assert.equal(missing('ephemeral-storage=65Gi, hugepages-2Mi=1Gi'), 'ephemeral-storage');
    // EKS keeps 1 GiB more: 60.2 of 68 Gi; GKE min(50 %, 6 + 35 %, 100 GiB).
    assert.equal(missing('ephemeral-storage=68Gi, hugepages-2Mi=1Gi', 'm5.large'), undefined);
    assert.equal(missing('ephemeral-storage=67Gi, hugepages-2Mi=1Gi', 'm5.large'), 'ephemeral-storage');
    assert.equal(missing('ephemeral-storage=100Gi, hugepages-2Mi=1Gi', 'e2-standard-4'), 'ephemeral-storage');
  });
});
