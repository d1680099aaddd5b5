import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { defaultSettings } from '../src/core/engine/settings.ts';
import { draftEdits } from '../src/core/features/draft.ts';
import { keepAssumptions } from '../src/core/features/keep-assumptions.ts';
import { fileOfField } from '../src/core/features/load-fields.ts';
import type { Draft, LoadView } from '../src/core/features/load-view.ts';
import { computePreview } from '../src/core/features/preview.ts';
import { type Parsed, parseFile } from '../src/core/parsed.ts';
import { markdownPreview } from '../src/core/report/markdown.ts';
import { createService } from '../src/core/service.ts';
import { applyEdits } from '../src/core/text/edit.ts';
import { createYamlCache } from '../src/core/yaml/parse.ts';

function parse(path: string, text: string): Parsed {
  return parseFile({ path, languageId: '', text }, createYamlCache(10));
}

const web = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  replicas: 2
  template:
    spec:
      containers:
        - name: web
          image: example.com/web:1
          resources: {requests: {cpu: 100m, memory: 64Mi}}
`;
const scaler = `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web, namespace: shop}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  maxReplicas: 8
`;
const other = web.replace('name: web, namespace: shop', 'name: other, namespace: back');

type Load = Extract<LoadView, { kind: 'load' }>;

function load(followed: Parsed, others: readonly Parsed[], draft: Draft = {}, more = {}): Load {
  const view = computePreview({ parsed: followed, others, settings: defaultSettings, draft, inputs: {}, ...more }).load;
  return view.kind === 'load' ? view : assert.fail(view.message);
}

const ranges = `apiVersion: v1
kind: LimitRange
metadata: {name: team, namespace: shop}
spec:
  limits:
    - type: Container
      default: {memory: 128Mi}
`;

describe('a preview of one file', () => {
  const service = createService();
  for (const [path, text] of [
    ['/k/hpa.yaml', scaler],
    ['/k/team.yaml', ranges],
    ['/far/team.yaml', ranges.replace('128Mi', '999Mi')],
  ] as const) {
    service.workspace.update({ path, languageId: '', text });
  }
  const parsed = service.parse({
    path: '/k/web.yaml',
    languageId: '',
    text: web.replace('replicas: 2', 'replicas: 9'),
  });
  const sized = (draft: Draft = {}) => {
    const view = service.preview({ parsed, others: [], settings: defaultSettings, draft, inputs: {} }).load;
    return view.kind === 'load' ? view : assert.fail(view.message);
  };

  it('counts autoscalers and LimitRanges of the files that are deployed with it', () => {
    const [row] = sized().rows;
    assert.deepEqual([row?.pods.text, row?.cpuRequest.text, row?.memoryLimit.text], ['8', '800m', '1Gi']);
    const [workload] = sized().workloads;
    assert.equal(workload?.containers[0]?.resources[1]?.limit.placeholder, '128Mi (from the LimitRange)');
    assert.equal(workload?.scaling?.max.text, '8');
    assert.equal(workload?.scaling?.max.span?.file, '/k/hpa.yaml');
    assert.equal(sized({ [workload?.scaling?.max.id ?? '']: '4' }).rows[0]?.pods.text, '4');
  });

  it('reads the Dockerfile of an image that a Compose file of the workspace builds under its name', () => {
    const compose = 'services:\n  web:\n    build: {context: ./app, target: run}\n    image: example.com/web:dev\n';
    const dockerfile =
      'FROM eclipse-temurin:21 AS run\nENV JAVA_TOOL_OPTIONS=-XX:MaxRAMPercentage=50\nENTRYPOINT ["java", "-jar", "a.jar"]\nFROM node:24\n';
    const rows = () => {
      const { sections } = service.preview({ parsed, others: [], settings: defaultSettings, draft: {}, inputs: {} });
      const blocks = sections.find(({ id }) => id === 'runtime')?.blocks ?? [];
      return blocks.flatMap((block) => (block.kind === 'table' ? block.rows : []));
    };
    assert.deepEqual(rows(), []);
    service.workspace.update({ path: '/k/compose.yaml', languageId: '', text: compose });
    service.workspace.update({ path: '/k/app/Dockerfile', languageId: 'dockerfile', text: dockerfile });
    const [row] = rows();
    const cells = row?.cells.map((cell) => (cell.kind === 'figure' ? cell.figure.text : ''));
    // 128Mi of the LimitRange × 50 %, of which HotSpot takes its rule for small containers: 64Mi.
    assert.deepEqual([row?.head, cells?.[2]], ['web', '64Mi']);
    service.workspace.update({
      path: '/k/other.compose.yaml',
      languageId: '',
      text: compose.replace('target: run', 'target: x'),
    });
    assert.deepEqual(rows(), []);
  });

  it('has the numbers of hover and lens', () => {
    assert.deepEqual(
      service.lenses(parsed).map(({ title }) => title),
      ['8 of 1–8 × Burstable · 800m–∞ CPU · 512Mi–1Gi'],
    );
    const hover = service.hover(parsed, parsed.file.text.indexOf('resources'), defaultSettings)?.markdown ?? '';
    assert.match(hover, /memory \| 64Mi \| 128Mi/);
  });
});

describe('a preview of several files', () => {
  const files = [parse('/k/web.yaml', web), parse('/k/hpa.yaml', scaler), parse('/k/other.yaml', other)] as const;

  it('counts all of them, and names the file of each place', () => {
    const view = load(files[0], files.slice(1));
    assert.deepEqual(
      view.rows.map(({ name, span }) => [name, span.file]),
      [
        ['web', undefined],
        ['other', '/k/other.yaml'],
      ],
    );
    assert.equal(view.totals.cpuRequest.text, '400m');
    assert.deepEqual(
      view.totals.cpuRequest.fields.map(({ span }) => span.file),
      [undefined, undefined, '/k/other.yaml', '/k/other.yaml'],
    );
    assert.deepEqual(
      view.namespaces.map(({ namespace, cpuRequest }) => [namespace, cpuRequest.text]),
      [
        ['back', '200m'],
        ['shop', '200m'],
      ],
    );
  });

  it('says what all pods come to at the bounds of an autoscaler', () => {
    const [workload] = load(files[0], files.slice(1)).workloads;
    const { least, most } = workload?.scaling ?? assert.fail('there is no range');
    assert.deepEqual(
      [least.cpuRequest.text, workload?.total.cpuRequest.text, most.cpuRequest.text],
      ['100m', '200m', '800m'],
    );
    assert.match(most.cpuRequest.explanation[0] ?? '', /^8 × 100m = 800m/);
    const max = workload?.scaling?.max.id ?? '';
    const drafted = load(files[0], files.slice(1), { [max]: '10' }).workloads[0]?.scaling?.most.memoryRequest;
    assert.deepEqual([drafted?.text, drafted?.before], ['640Mi', '512Mi']);
  });

  it('lists so many workloads as are asked for, and those that are opened', () => {
    const many = Array.from({ length: 30 }, (_, at) => parse(`/k/${at}.yaml`, web.replaceAll('web', `web-${at}`)));
    const [first, ...others] = many;
    assert.ok(first !== undefined);
    const opened = new Set([load(first, others).rows[25]?.id ?? '']);
    const view = load(first, others, {}, { rows: 4, opened });
    assert.deepEqual(
      view.rows.map(({ name }) => name),
      ['web-0', 'web-1', 'web-2', 'web-3', 'web-25'],
    );
    assert.equal(view.count, 30);
    assert.deepEqual(
      view.workloads.map(({ name }) => name),
      ['web-25'],
    );
    assert.equal(view.totals.pods.text, '60');
  });

  it('of a namespace counts what is in it alone', () => {
    const view = load(files[0], files.slice(1), {}, { namespace: 'back' });
    assert.deepEqual(
      view.rows.map(({ name }) => name),
      ['other'],
    );
  });

  it('changes fields of other files, and leaves all other workloads as they were', () => {
    const field = load(files[0], files.slice(1)).workloads[1]?.containers[0]?.resources[0]?.request;
    assert.ok(field);
    const view = load(files[0], files.slice(1), { [field.id]: '300m' });
    assert.equal(view.draft.changes, 1);
    assert.deepEqual([view.totals.cpuRequest.text, view.totals.cpuRequest.before], ['800m', '400m']);
    assert.deepEqual(
      view.rows.map(({ cpuRequest: { text, before } }) => (before === undefined ? { text } : { text, before })),
      [{ text: '200m' }, { text: '600m', before: '200m' }],
    );
    const { file, field: own } = fileOfField(field.id);
    assert.equal(file, '/k/other.yaml');
    const made = draftEdits(files[2], { [own]: '300m' });
    assert.equal(made.kind, 'edits');
    if (made.kind === 'edits') assert.equal(applyEdits(other, made.edits), other.replace('cpu: 100m', 'cpu: 300m'));
  });
});

describe('the bounds of an autoscaler', () => {
  const followed = parse('/k/all.yaml', `${web}---\n${scaler}`);

  it('stand beside the workload that it scales', () => {
    const scaling = load(followed, []).workloads[0]?.scaling;
    assert.deepEqual([scaling?.min.text, scaling?.min.placeholder, scaling?.max.text], ['', '1', '8']);
    assert.equal(
      load(parse('/k/a.yaml', `${web}---\n${scaler.replace('shop', 'back')}`), []).workloads[0]?.scaling,
      undefined,
    );
  });

  it('are drafted and written like every other field', () => {
    const id = load(followed, []).workloads[0]?.scaling?.min.id ?? '';
    assert.equal(load(followed, [], { [id]: '3' }).draft.changes, 1);
    assert.equal(load(followed, [], { [id]: '3' }).draft.canApply, true);
    const made = draftEdits(followed, { [id]: '3' });
    assert.equal(made.kind, 'edits');
    if (made.kind === 'edits')
      assert.match(applyEdits(followed.file.text, made.edits), /maxReplicas: 8\n {2}minReplicas: 3\n$/);
  });

  it('that contradict each other are refused, with the reason', () => {
    const id = load(followed, []).workloads[0]?.scaling?.min.id ?? '';
    const view = load(followed, [], { [id]: '9' });
    assert.equal(view.draft.canApply, false);
    assert.match(view.workloads[0]?.scaling?.min.problem ?? '', /9, is more than the most, 8/);
    assert.equal(draftEdits(followed, { [id]: '9' }).kind, 'refused');
  });
});

describe('many workloads', () => {
  const text = Array.from({ length: 30 }, (_, index) => web.replaceAll('web', `web-${index}`)).join('---\n');

  it('are shown whole only where they are opened', () => {
    const parsed = parse('/k/many.yaml', text);
    const rows = load(parsed, []).rows;
    assert.equal(rows.length, 30);
    assert.deepEqual(load(parsed, []).workloads, []);
    const view = load(parsed, [], {}, { opened: new Set([rows[4]?.id]) });
    assert.deepEqual(
      view.workloads.map(({ name }) => name),
      ['web-4'],
    );
    assert.equal(load(parsed, [], {}, { opened: 'all' }).workloads.length, 30);
    assert.equal(view.totals.pods.explanation.at(-1), 'and 20 more');
  });
});

describe('assumptions', () => {
  for (const [name, before, after] of [
    ['into nothing', '', 'assumptions:\n  nodePrice: "0.1"\n'],
    ['after comments', '# ours', '# ours\nassumptions:\n  nodePrice: "0.1"\n'],
    [
      'beside others',
      'profile: strict\nassumptions:\n  keys: "5" # many\n',
      'profile: strict\nassumptions:\n  keys: "5" # many\n  nodePrice: "0.1"\n',
    ],
    ['over what was said', 'assumptions: {nodePrice: "0.2"}\n', 'assumptions: {nodePrice: "0.1"}\n'],
  ] as const) {
    it(`are written ${name}`, () => {
      const edits = keepAssumptions(before, { nodePrice: '0.1' });
      assert.ok(edits);
      assert.equal(applyEdits(before, edits), after);
    });
  }

  it('are not written where the YAML leaves no place', () => {
    assert.equal(keepAssumptions('- a\n', { nodePrice: '0.1' }), undefined);
  });
});

describe('the summary in Markdown', () => {
  it('makes nothing of names but text, and shows what a draft changes', () => {
    const hostile = web.replaceAll('name: web', 'name: "<b>@all|`x`"');
    const parsed = parse('/k/a.yaml', hostile);
    const id = load(parsed, []).workloads[0]?.replicas?.id ?? '';
    const markdown = markdownPreview(
      'a.yaml',
      computePreview({ parsed, others: [], settings: defaultSettings, draft: { [id]: '4' }, inputs: {} }),
    );
    assert.doesNotMatch(markdown, /<b>|@all|`x`/);
    const row = markdown.split('\n').find((line) => line.startsWith('| Deployment'));
    assert.match(row ?? '', /\| 4 ~~2~~ \| Burstable \| 400m ~~200m~~ \| unbounded \|/);
    assert.equal(row?.split('|').length, 9);
  });

  it('holds what the panel has of each container, and the totals of namespaces', () => {
    const resources = 'requests: {cpu: 100m, memory: 64Mi, nvidia.com/gpu: 1}, limits: {nvidia.com/gpu: 1}';
    const files = [parse('/k/web.yaml', web.replace('requests: {cpu: 100m, memory: 64Mi}', resources))] as const;
    const preview = computePreview({
      parsed: files[0],
      others: [parse('/k/other.yaml', other)],
      settings: defaultSettings,
      draft: {},
      inputs: {},
    });
    const lines = markdownPreview('k', preview).split('\n');
    assert.ok(lines.includes('| shop | 1 | 200m | unbounded | 128Mi | unbounded |'));
    const container = lines.find((line) => line.startsWith('| web |'));
    assert.equal(
      container,
      '| web | 100m | unset | 64Mi | unset | cpu.weight 17, cpu.max max, memory.max max, oom_score_adj ≈ 997, nvidia.com/gpu 1 |',
    );
    assert.ok(lines.includes('| **pod** | 100m | unbounded | 64Mi | unbounded |  |'));
  });
});

describe('fields in two places, and of the pod itself', () => {
  const compose = (body: string) => parse('/c/compose.yaml', `services:\n  web:\n    image: web:1\n${body}`);
  const limitOf = (view: Load) => view.workloads[0]?.containers[0]?.resources[1]?.limit ?? assert.fail('no field');

  it('says where Compose refuses two values, and writes a new one to both places', () => {
    const text = '    mem_limit: 512m\n    deploy: {resources: {limits: {memory: 1g}}}\n';
    const parsed = compose(text);
    const field = limitOf(load(parsed, []));
    assert.match(field.problem ?? '', /^mem_limit says “512m”: Compose refuses/);
    const draft = { [field.id]: '768m' };
    assert.equal(limitOf(load(parsed, [], draft)).problem, undefined);
    const made = draftEdits(parsed, draft);
    assert.ok(made.kind === 'edits');
    assert.match(
      applyEdits(parsed.file.text, made.edits),
      /mem_limit: 768m\n {4}deploy: \{resources: \{limits: \{memory: 768m\}\}\}/,
    );
    const same = limitOf(load(compose(text.replace('512m', '1024m')), []));
    assert.equal(same.problem, undefined);
  });

  it('counts a CPU quota as a limit, until another one is drafted', () => {
    const parsed = compose('    cpu_quota: 150000\n    cpu_period: 50000\n    deploy: {replicas: 2}\n');
    const view = load(parsed, []);
    const limit = view.workloads[0]?.containers[0]?.resources[0]?.limit;
    assert.deepEqual([limit?.text, limit?.placeholder], ['', '3 (from cpu_quota)']);
    assert.equal(view.totals.cpuLimit.text, '6');
    assert.match(view.workloads[0]?.pod.cpuLimit.explanation.join(' ') ?? '', /cpu_quota ÷ cpu_period = 3/);
    assert.equal(load(parsed, [], { [limit?.id ?? '']: '0.5' }).totals.cpuLimit.text, '1');
    assert.equal(load(compose('    cpu_quota: -1\n'), []).totals.cpuLimit.text, 'unbounded');
  });

  it('says where a block of limits leaves out what the service has', () => {
    const beside = '    mem_limit: 512m\n    deploy: {resources: {limits: {cpus: "1"}}}\n';
    assert.match(limitOf(load(compose(beside), [])).problem ?? '', /limits\.memory is not written/);
    const apart = '    mem_limit: 512m\n    deploy: {resources: {reservations: {cpus: "1"}}}\n';
    assert.equal(limitOf(load(compose(apart), [])).problem, undefined);
  });

  it('does not know what a service extends says, or the file that it is laid over', () => {
    const extending = compose('    extends: base\n    cpus: 0.5\n');
    assert.equal(limitOf(load(extending, [])).placeholder, 'from elsewhere');
    assert.equal(load(extending, []).workloads[0]?.containers[0]?.resources[0]?.limit.text, '0.5');
    assert.equal(
      limitOf(load(parse('/c/compose.override.yaml', extending.file.text), [])).placeholder,
      'from elsewhere',
    );
    assert.equal(limitOf(load(compose('    cpus: 0.5\n'), [])).placeholder, 'unset');
  });

  it('changes the resources of the pod itself, where it has some', () => {
    const own = web.replace('    spec:\n', '    spec:\n      resources: {requests: {cpu: 500m}, limits: {cpu: 1}}\n');
    const parsed = parse('/k/web.yaml', own);
    const view = load(parsed, []);
    const [cpu, memory] = view.workloads[0]?.ownResources ?? [];
    assert.deepEqual(
      [cpu?.request.text, cpu?.limit.text, memory?.request.placeholder],
      ['500m', '1', '64Mi (of all containers)'],
    );
    assert.equal(view.totals.cpuRequest.text, '1');
    const draft = { [cpu?.request.id ?? '']: '750m' };
    const changed = load(parsed, [], draft);
    assert.deepEqual([changed.totals.cpuRequest.text, changed.totals.cpuRequest.before], ['1.5', '1']);
    const made = draftEdits(parsed, draft);
    assert.ok(made.kind === 'edits');
    assert.equal(applyEdits(own, made.edits), own.replace('cpu: 500m', 'cpu: 750m'));
    const over = load(parsed, [], { [cpu?.request.id ?? '']: '2' });
    assert.equal(over.workloads[0]?.ownResources?.[0]?.request.problem, 'More than the limit of 1.');
    assert.equal(over.draft.canApply, false);
    assert.equal(load(parse('/k/web.yaml', web), []).workloads[0]?.ownResources, undefined);
  });

  it('changes devices and storage, where a container asks for some', () => {
    const own = web.replace(
      'requests: {cpu: 100m, memory: 64Mi}',
      'requests: {cpu: 100m, memory: 64Mi, ephemeral-storage: 1Gi}, limits: {nvidia.com/gpu: 1}',
    );
    const parsed = parse('/k/web.yaml', own);
    const [storage, gpu] = load(parsed, []).workloads[0]?.containers[0]?.others ?? [];
    assert.deepEqual(
      [storage?.resource, storage?.request.text, storage?.limit.placeholder],
      ['ephemeral-storage', '1Gi', 'unset'],
    );
    assert.deepEqual(
      [gpu?.resource, gpu?.request.placeholder, gpu?.limit.text],
      ['nvidia.com/gpu', '1 (from the limit)', '1'],
    );
    const draft = { [gpu?.limit.id ?? '']: '2', [storage?.limit.id ?? '']: '4Gi' };
    assert.equal(load(parsed, [], draft).draft.changes, 2);
    const made = draftEdits(parsed, draft);
    assert.ok(made.kind === 'edits');
    assert.equal(
      applyEdits(own, made.edits),
      own.replace('nvidia.com/gpu: 1', 'nvidia.com/gpu: 2, ephemeral-storage: 4Gi'),
    );
    const problem = (id: string | undefined, text: string) =>
      load(parsed, [], { [id ?? '']: text }).workloads[0]?.containers[0]?.others.flatMap(
        ({ request, limit }) => request.problem ?? limit.problem ?? [],
      );
    assert.deepEqual(problem(gpu?.request.id, '2'), ['Not the limit of 1, which it has to be.']);
    assert.deepEqual(problem(storage?.limit.id, '512Mi'), ['Less than the request of 1Gi.']);
    assert.deepEqual(problem(gpu?.limit.id, 'many'), ['“many” is no quantity: write one such as 2 or 10Gi.']);
  });

  it('packs what a draft says of devices', () => {
    const own = web.replace('requests: {cpu: 100m, memory: 64Mi}', 'limits: {nvidia.com/gpu: 1}');
    const parsed = parse('/k/web.yaml', own);
    const nodesWith = (text: string) => {
      const id = load(parsed, []).workloads[0]?.containers[0]?.others[0]?.limit.id ?? '';
      const { sections } = computePreview({
        ...{ parsed, others: [], settings: defaultSettings, draft: { [id]: text } },
        inputs: { nodeMore: 'nvidia.com/gpu=2' },
      });
      return sections.find((section) => section.id === 'nodes')?.headlines?.[0]?.figure.text;
    };
    assert.deepEqual([nodesWith('1'), nodesWith('2')], ['1', '2']);
  });
});

describe('drafts that come and go', () => {
  /** A view with everything that is counted: autoscalers, DaemonSets, Jobs, a quota, a LimitRange, several namespaces. */
  const texts = [
    ...Array.from({ length: 24 }, (_, number) => {
      const kind = number % 9 === 4 ? 'DaemonSet' : number % 5 === 2 ? 'StatefulSet' : 'Deployment';
      return web
        .replace('kind: Deployment', `kind: ${kind}`)
        .replace('name: web, namespace: shop', `name: web-${number}, namespace: team-${number % 3}`)
        .replace('  replicas: 2\n', kind === 'DaemonSet' ? '' : `  replicas: ${number % 4}\n`)
        .replace('100m', `${100 * (number % 4)}m`);
    }),
    scaler.replaceAll('web', 'web-3').replace('shop', 'team-0'),
    ranges.replace('shop', 'team-1'),
    'apiVersion: v1\nkind: ResourceQuota\nmetadata: {name: all, namespace: team-2}\nspec: {hard: {pods: 9, requests.cpu: 2}}\n',
    web
      .replace('name: web', 'name: cache')
      .replace('example.com/web:1', 'redis:8\n          args: [--maxmemory, 40mb]'),
  ];
  const asker = () => {
    const [parsed, ...others] = texts.map((text, number) => parse(`/k/${number}.yaml`, text));
    if (parsed === undefined) assert.fail();
    return (draft: Draft) =>
      computePreview({ parsed, others, settings: defaultSettings, draft, inputs: {}, opened: 'all' });
  };
  const ask = asker();
  const written = ask({}).load;
  const fields =
    written.kind === 'load'
      ? written.workloads.flatMap(({ replicas, scaling, containers }) => [
          ...[replicas, scaling?.min, scaling?.max].flatMap((field) =>
            field === undefined ? [] : [{ id: field.id, texts: ['0', '7', 'x', ''] }],
          ),
          ...containers.flatMap(({ resources: [cpu, memory] }) => [
            { id: cpu?.request.id ?? '', texts: ['250m', '9', '', 'x'] },
            { id: memory?.limit.id ?? '', texts: ['1Gi', '32Mi', '', '1x'] },
          ]),
        ])
      : assert.fail(written.message);

  it('leave nothing behind: each shows what it would have shown alone', () => {
    for (let run = 0; run < 40; run++) {
      const picked = Array.from({ length: run % 4 }, (_, at) => fields[(run * 31 + at * 17) % fields.length]);
      const draft = Object.fromEntries(
        picked.flatMap((field, at) => (field === undefined ? [] : [[field.id, field.texts[(run + at) % 4] ?? '']])),
      );
      assert.deepEqual(ask(draft), asker()(draft), JSON.stringify(draft));
    }
    assert.deepEqual(ask({}), asker()({}));
  });
});
