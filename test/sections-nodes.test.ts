import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { defaultSettings } from '../src/core/engine/settings.ts';
import type { Inputs } from '../src/core/features/assumptions.ts';
import type { Draft, Figure } from '../src/core/features/load-view.ts';
import { computePreview } from '../src/core/features/preview.ts';
import type { Block, SectionView, TableBlock } from '../src/core/features/sections/section-view.ts';
import { parseFile } from '../src/core/parsed.ts';
import { createYamlCache } from '../src/core/yaml/parse.ts';

function nodes(text: string, inputs: Inputs = {}, draft: Draft = {}): SectionView {
  const parsed = parseFile({ path: 'web.yaml', languageId: '', text }, createYamlCache(10));
  const { sections } = computePreview({ parsed, others: [], settings: defaultSettings, draft, inputs });
  const view = sections.find(({ id }) => id === 'nodes');
  assert.ok(view);
  return view;
}

function blocks<Kind extends Block['kind']>(view: SectionView, kind: Kind) {
  return view.blocks.filter((block): block is Extract<Block, { kind: Kind }> => block.kind === kind);
}

function figure(view: SectionView, label: string): Figure {
  const found = blocks(view, 'figures')
    .flatMap(({ items }) => items)
    .find((item) => item.label === label);
  assert.ok(found, `there is no figure ${label}`);
  return found.figure;
}

function table(view: SectionView, caption: string): TableBlock | undefined {
  return blocks(view, 'table').find((block) => block.caption === caption);
}

/** A figure of a table by the head of its row and its column. */
function cell(view: SectionView, caption: string, head: string, column: string): Figure {
  const found = table(view, caption);
  const at = found?.columns.indexOf(column) ?? -1;
  const one = found?.rows.find((row) => row.head === head)?.cells[at];
  return one?.kind === 'figure' ? one.figure : assert.fail(`there is no figure ${head}, ${column}`);
}

function needed(view: SectionView, moment: string, column = 'nodes'): Figure {
  return cell(view, 'Nodes needed', moment, column);
}

const headline = (view: SectionView) => view.headlines?.[0];

interface Shape {
  readonly kind?: string;
  readonly name?: string;
  readonly replicas?: number;
  readonly requests?: string;
  readonly spec?: string;
  readonly strategy?: string;
}

function workload({ kind = 'Deployment', name = 'web', replicas, requests = '', spec = '', strategy = '' }: Shape) {
  return `apiVersion: apps/v1
kind: ${kind}
metadata: {name: ${name}, namespace: shop}
spec:
${replicas === undefined ? '' : `  replicas: ${replicas}\n`}${strategy}  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec:
${spec}      containers:
        - name: ${name}
          image: ${name}:1
          resources: {requests: {${requests}}}
`;
}

const m7g: Inputs = { nodeShape: 'm7g.large' };
const three = workload({ replicas: 3, requests: 'cpu: 200m, memory: 256Mi' });

describe('the section about nodes', () => {
  it('says what a preset has for pods, and what it keeps', () => {
    const view = nodes(three, m7g);
    // 2 vCPU − 6 % − 1 %; 8192 MiB − (64 + ⌈8128 × 7.5 %⌉) − (11 × 29 + 255) − 100.
    assert.equal(cell(view, 'For pods, of each node', 'm7g.large', 'CPU').text, '1930m');
    const memory = cell(view, 'For pods, of each node', 'm7g.large', 'memory');
    assert.equal(memory.text, '6844Mi');
    assert.equal(memory.certainty, 'estimate');
    assert.match(memory.explanation.join('\n'), /− 674Mi machine.*\n− 574Mi kube-reserved.*\n− 100Mi eviction/);
    assert.equal(cell(view, 'For pods, of each node', 'm7g.large', 'pods').text, '29');
  });

  it('scores kinds of node as the scheduler would, were they empty', () => {
    const view = nodes(three, { ...m7g, moreNodeShapes: 'c7g.large' });
    // Idle 89 % of CPU and 96 or 91 % of memory: 92 and 90. Fractions 0.10 and 0.04, or 0.08: 96 and 99 of 100 even,
    // 50 + ⌊(50 − 4) ÷ 2⌋ and 50 + ⌊(50 − 1) ÷ 2⌋.
    assert.equal(cell(view, 'Scores of an empty node', 'web', 'm7g.large').text, `${92 + 73}`);
    const small = cell(view, 'Scores of an empty node', 'web', 'c7g.large');
    assert.equal(small.text, `${90 + 74}`);
    assert.match(small.explanation.join('\n'), /An empty node takes 9 of these pods/);
    assert.equal(table(nodes(three, m7g), 'Scores of an empty node'), undefined);
  });

  it('draws alike nodes as one hull, to scale, with words', () => {
    const view = nodes(workload({ replicas: 18, requests: 'cpu: 200m, memory: 256Mi' }), m7g);
    const [picture] = blocks(view, 'hulls');
    // Nine fit by CPU (1930 ÷ 200), so two nodes are full alike.
    assert.equal(picture?.hulls.length, 1);
    const [hull] = picture?.hulls ?? [];
    assert.equal(hull?.count, 2);
    assert.deepEqual(hull?.loads, [{ workload: 'web', pods: 9, cpu: 0.9, memory: (9 * 256) / 8192 }]);
    assert.deepEqual(hull?.loadLine, { cpu: 0.965, memory: 6844 / 8192 });
    assert.deepEqual(
      hull?.words.map(({ text }) => text),
      [
        'web',
        'CPU 9 × 200m of 1930m (93 %)',
        'memory 9 × 256Mi of 6844Mi (34 %)',
        'no more pod of this size fits (CPU)',
      ],
    );
    assert.equal(headline(view)?.figure.text, '2');
    assert.equal(headline(view)?.remark, 'bound by CPU');
    assert.equal(figure(view, 'lower bound').text, '2');
    // Of 6844Mi on each node 2304Mi are used, and no pod fits any more.
    assert.equal(figure(view, 'stranded memory').text, '9080Mi');
    assert.equal(figure(view, 'stranded CPU').text, '0');
  });

  it('says how many more pods fit, and what stops them', () => {
    const [picture] = blocks(nodes(three, m7g), 'hulls');
    assert.deepEqual(
      picture?.hulls[0]?.words.slice(1).map(({ text }) => text),
      ['CPU 3 × 200m of 1930m (31 %)', 'memory 3 × 256Mi of 6844Mi (11 %)', '6 more pods of this size fit (CPU)'],
    );
  });

  it('counts the nodes at the peak of a rollout, and where an autoscaler may go', () => {
    const scaler = `---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web, namespace: shop}
spec: {minReplicas: 2, maxReplicas: 12, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}}
`;
    const four = workload({ replicas: 4, requests: 'cpu: 900m, memory: 1Gi' });
    const alone = nodes(four, m7g);
    // Two fit a node: 4 pods on 2; 4 + ⌈25 %⌉ = 5 on 3.
    assert.equal(needed(alone, 'now').text, '2');
    assert.equal(needed(alone, 'while rolling').text, '3');
    assert.ok(!JSON.stringify(alone).includes('at the most'));
    const scaled = nodes(four + scaler, m7g);
    assert.equal(needed(scaled, 'at the least').text, '1');
    assert.equal(needed(scaled, 'now').text, '2');
    assert.equal(needed(scaled, 'at the most').text, '6');
  });

  it('puts DaemonSets below the pods, and takes their part first', () => {
    const daemon = workload({ kind: 'DaemonSet', name: 'agent', requests: 'cpu: 130m, memory: 44Mi' });
    const view = nodes(`${workload({ replicas: 9, requests: 'cpu: 200m, memory: 256Mi' })}---\n${daemon}`, m7g);
    // 1930 − 130 = 1800: nine fit exactly.
    assert.equal(needed(view, 'now').text, '1');
    const [hull] = blocks(view, 'hulls')[0]?.hulls ?? [];
    assert.deepEqual(hull?.daemons, { cpu: 0.065, memory: 44 / 8192 });
    assert.ok(hull?.words.some(({ text }) => text === 'of it DaemonSets 130m, 44Mi'));
    assert.ok(hull?.words.some(({ text }) => text === 'CPU 1930m of 1930m (100 %)'));
  });

  it('keeps replicas apart by anti-affinity, and counts host ports once a node', () => {
    const affinity = `      affinity:
        podAntiAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
            - {topologyKey: kubernetes.io/hostname, labelSelector: {matchLabels: {app: web}}}
`;
    const apart = nodes(workload({ replicas: 3, requests: 'cpu: 100m', spec: affinity }), m7g);
    assert.equal(needed(apart, 'now').text, '3');
    assert.equal(headline(apart)?.remark, 'bound by pods that stand apart');
    const ports = three.replace('image: web:1', 'image: web:1\n          ports: [{containerPort: 80, hostPort: 80}]');
    assert.equal(needed(nodes(ports, m7g), 'now').text, '3');
  });

  it('spreads over zones, as many as somebody says', () => {
    const spread = `      topologySpreadConstraints:
        - {maxSkew: 1, topologyKey: topology.kubernetes.io/zone, whenUnsatisfiable: DoNotSchedule, labelSelector: {matchLabels: {app: web}}}
`;
    const text = workload({ replicas: 3, requests: 'cpu: 100m', spec: spread });
    assert.equal(needed(nodes(text, m7g), 'now').text, '3');
    assert.equal(needed(nodes(text, { ...m7g, zones: '1' }), 'now').text, '1');
    const soft = text.replace('DoNotSchedule', 'ScheduleAnyway');
    assert.equal(needed(nodes(soft, m7g), 'now').text, '1');
  });

  it('says why pods find no place', () => {
    const why = (view: SectionView) =>
      table(view, 'Pods that find no place')?.rows.map(({ head, cells }) => [
        head,
        ...cells.map((cell) => (cell.kind === 'text' ? cell.text : '')),
      ]);
    const large = workload({ replicas: 2, requests: 'cpu: 3, memory: 1Gi' });
    assert.deepEqual(why(nodes(large, m7g)), [['web', '2', 'm7g.large has too little CPU']]);
    assert.equal(headline(nodes(large, m7g))?.remark, '2 pods fit nowhere');
    const gpu = three.replace('{requests: {', '{limits: {nvidia.com/gpu: 1}, requests: {');
    assert.deepEqual(why(nodes(gpu, m7g)), [['web', '3', 'm7g.large has too little nvidia.com/gpu']]);
    assert.equal(why(nodes(gpu, { nodeShape: 'g5.xlarge' })), undefined);
    // Nobody has said how many GPUs a node of one's own has.
    assert.match(JSON.stringify(nodes(gpu)), /Not counted.*nvidia\.com\/gpu/);
    const tainted = { ...m7g, nodeTaints: 'dedicated=db:NoSchedule' };
    assert.deepEqual(why(nodes(three, tainted)), [['web', '3', 'm7g.large has the taint dedicated']]);
    const tolerant = workload({
      replicas: 1,
      spec: '      tolerations: [{key: dedicated, value: db, effect: NoSchedule}]\n',
    });
    assert.equal(why(nodes(tolerant, tainted)), undefined);
  });

  it('goes by labels that it knows, and takes the nodes to have the others', () => {
    const selects = (label: string) =>
      workload({ replicas: 1, requests: 'cpu: 100m', spec: `      nodeSelector: {${label}}\n` });
    const found = (view: SectionView) => table(view, 'Pods that find no place')?.rows[0]?.cells[1];
    const amd = nodes(selects('kubernetes.io/arch: amd64'), m7g);
    assert.deepEqual(found(amd), { kind: 'text', text: 'm7g.large has not the kubernetes.io/arch that is asked for' });
    assert.equal(found(nodes(selects('kubernetes.io/arch: arm64'), m7g)), undefined);
    const pool = nodes(selects('pool: web'), m7g);
    assert.equal(found(pool), undefined);
    assert.match(JSON.stringify(pool), /taken to have the labels that pods ask for: pool/);
    assert.ok(found(nodes(selects('pool: web'), { ...m7g, nodeLabels: 'pool=db' })));
    assert.equal(found(nodes(selects('pool: web'), { ...m7g, nodeLabels: 'pool=web' })), undefined);
  });

  it('takes the kind that leaves the least idle where there are several', () => {
    const text = workload({ replicas: 4, requests: 'cpu: 100m, memory: 3Gi' });
    const one = nodes(text, { nodeShape: 'c7g.large' });
    const several = nodes(text, { nodeShape: 'c7g.large', moreNodeShapes: 'r7g.xlarge', nodePrice: '0.07, 0.2' });
    // A c7g.large has less than 3Gi for pods; an r7g.xlarge takes all four.
    assert.equal(headline(one)?.figure.text, '0');
    assert.equal(needed(several, 'now').text, '1');
    assert.match(needed(several, 'now').explanation.join(' '), /1 × r7g\.xlarge/);
    assert.equal(needed(several, 'now', 'cost an hour').text, '0.2');
    assert.match(
      JSON.stringify(nodes(text, { moreNodeShapes: 'r7g.xlarge', nodePrice: '1' })),
      /2 kinds of node and 1 price:/,
    );
  });

  it('costs nodes × price × 730 hours', () => {
    const view = nodes(workload({ replicas: 18, requests: 'cpu: 200m' }), { ...m7g, nodePrice: '0.0816' });
    assert.equal(needed(view, 'now', 'cost an hour').text, '0.1632');
    assert.equal(needed(view, 'now', 'a month').text, '119.14');
    assert.ok(!JSON.stringify(nodes(three, m7g)).includes('cost an hour'));
  });

  it('has the old value beside what a draft changes, cost and nodes too', () => {
    const id = '0/Deployment/web:spec/template/spec/containers/0/resources/requests/cpu';
    const inputs = { ...m7g, nodePrice: '1' };
    const view = nodes(three, inputs, { [id]: '1' });
    assert.deepEqual([headline(view)?.figure.text, headline(view)?.figure.before], ['3', '1']);
    assert.deepEqual(
      [needed(view, 'now', 'cost an hour').text, needed(view, 'now', 'cost an hour').before],
      ['3', '1'],
    );
    const limit = id.replace('requests', 'limits');
    assert.equal(headline(nodes(three, inputs, { [limit]: '2' }))?.figure.before, undefined);
  });

  it('packs alike workloads as one, and still tells them apart', () => {
    const text = [0, 1, 2]
      .map((number) => workload({ name: `app-${number}`, replicas: 4, requests: 'cpu: 300m' }))
      .join('---\n');
    const hulls = blocks(nodes(text, m7g), 'hulls')[0]?.hulls ?? [];
    // Six fit a node: 4 + 2, then 2 + 4.
    assert.deepEqual(
      hulls.map(({ loads }) => loads.map(({ workload: name, pods }) => `${pods} ${name}`)),
      [
        ['4 app-0', '2 app-1'],
        ['2 app-1', '4 app-2'],
      ],
    );
  });

  it('does not count what it does not know, and says so', () => {
    const view = nodes(`${three}---\n${workload({ name: 'odd', replicas: 2, requests: 'cpu: lots' })}`, m7g);
    assert.equal(needed(view, 'now').text, '1 or more');
    assert.match(JSON.stringify(view), /Not counted.*: odd\./);
    const free = nodes(workload({ replicas: 40 }), m7g);
    // Only the number of pods bounds them: ⌈40 ÷ 29⌉.
    assert.equal(needed(free, 'now').text, '2');
    assert.equal(headline(free)?.remark, 'bound by the number of pods');
    assert.match(JSON.stringify(free), /web: nothing is requested/);
  });

  it('offers every preset once, with what it has for pods', () => {
    const [inputs] = blocks(nodes(three), 'inputs');
    const control = inputs?.inputs[0]?.control;
    assert.equal(control?.kind, 'choice');
    const groups = control?.kind === 'choice' ? control.groups : [];
    const choices = groups.flatMap((group) => group.choices);
    assert.equal(choices.length, 98);
    assert.equal(new Set(choices.map(({ value }) => value)).size, 98);
    assert.deepEqual(groups.map(({ label }) => label).slice(0, 3), ['', 'EKS, amd64', 'EKS, arm64']);
    assert.ok(choices.some(({ text }) => text === 'm7g.large — 2 CPU, 8Gi; ≈ 1930m, 6844Mi for pods'));
    const wrong = blocks(nodes(three, { nodeShape: 'm99.huge' }), 'inputs')[0]?.inputs[0]?.problem;
    assert.match(wrong ?? '', /no preset m99\.huge/);
  });

  it('is not there for Compose alone', () => {
    const parsed = parseFile(
      { path: 'compose.yaml', languageId: '', text: 'services:\n  web:\n    image: web:1\n' },
      createYamlCache(10),
    );
    const { sections } = computePreview({ parsed, others: [], settings: defaultSettings, draft: {}, inputs: {} });
    assert.equal(
      sections.some(({ id }) => id === 'nodes' || id === 'rollout'),
      false,
    );
  });
});
