import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { defaultSettings } from '../src/core/engine/settings.ts';
import { draftEdits } from '../src/core/features/draft.ts';
import { bytes, cores, decimal, escapeMarkdown, exactText, nano, percent } from '../src/core/features/explain.ts';
import { hoverAt } from '../src/core/features/hover.ts';
import { inlayHints } from '../src/core/features/inlay-hints.ts';
import { lenses } from '../src/core/features/lenses.ts';
import type { Draft, LoadContainer, LoadView, LoadWorkload } from '../src/core/features/load-view.ts';
import { computePreview, type Preview } from '../src/core/features/preview.ts';
import type { FormulaBlock, InputView } from '../src/core/features/sections/section-view.ts';
import { type Parsed, parseFile } from '../src/core/parsed.ts';
import { applyEdits } from '../src/core/text/edit.ts';
import { createYamlCache } from '../src/core/yaml/parse.ts';

const inputs = { nodeCpu: '4', nodeMemory: '16Gi', memoryOverhead: '96Mi' };

function parse(text: string, path = 'app.yaml'): Parsed {
  return parseFile({ path, languageId: '', text }, createYamlCache(100));
}

type Load = Extract<LoadView, { kind: 'load' }>;

function preview(text: string, draft: Draft = {}, path?: string, given = inputs): Preview {
  return computePreview({ parsed: parse(text, path), others: [], settings: defaultSettings, draft, inputs: given });
}

function load(text: string, draft: Draft = {}, path?: string): Load {
  const view = preview(text, draft, path).load;
  assert.equal(view.kind, 'load');
  return view.kind === 'load' ? view : assert.fail();
}

function nothing(text: string, path?: string): Extract<LoadView, { kind: 'nothing' }> {
  const view = preview(text, {}, path).load;
  return view.kind === 'nothing' ? view : assert.fail('there is something');
}

function shares(of: Preview): { readonly formulas: readonly FormulaBlock[]; readonly inputs: readonly InputView[] } {
  const blocks = of.sections.find(({ id }) => id === 'shares')?.blocks ?? [];
  return {
    formulas: blocks.flatMap((block) => (block.kind === 'formula' ? [block] : [])),
    inputs: blocks.flatMap((block) => (block.kind === 'inputs' ? block.inputs : [])),
  };
}

function first<T>(list: readonly T[]): T {
  const [one] = list;
  assert.ok(one !== undefined);
  return one;
}

const deployment = (resources: string, more = '') => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 3
  template:
    spec:
      containers:
        - name: web # the shop
          image: example.com/web:1
          resources: ${resources}
${more}`;

const whole = deployment('{requests: {cpu: 100m, memory: 256Mi}, limits: {cpu: 500m, memory: 1Gi}}');

function figures(of: LoadWorkload['pod']): readonly string[] {
  return [of.cpuRequest, of.memoryRequest, of.cpuLimit, of.memoryLimit].map(({ text }) => text);
}

function kernel(container: LoadContainer): Readonly<Record<string, string>> {
  return Object.fromEntries(container.kernel.map(({ label, figure }) => [label, figure.text]));
}

function fieldId(view: Load, label: string, container = 0): string {
  const workload = first(view.workloads);
  const fields = [
    ...(workload.replicas ? [workload.replicas] : []),
    ...(workload.containers[container]?.resources.flatMap(({ request, limit }) => [request, limit]) ?? []),
  ];
  return fields.find((field) => field.label === label)?.id ?? assert.fail(`no field ${label}`);
}

describe('numbers in words', () => {
  it('cores and bytes', () => {
    const cpu = [100n, 1500n, 12_000n, 0n].map((milli) => cores(milli * 1_000_000n));
    assert.deepEqual(cpu, ['100m', '1.5', '12', '0']);
    assert.equal(cores(100_000n), '0.1m');
    assert.equal(cores(1_100_000_023n), '1.1');
    const sizes = [1n, 1023n, 1024n, 1n << 30n, 3n << 29n, 1_000_000_000n, 2176n << 20n].map((size) =>
      bytes(size * nano),
    );
    assert.deepEqual(sizes, ['1 byte', '1023 bytes', '1Ki', '1Gi', '1.5Gi', '953.7Mi', '2176Mi']);
    assert.equal(bytes(128_000_000n), '0.128 bytes');
  });
  it('exact values, shares and decimals', () => {
    assert.equal(exactText('memory', (1n << 28n) * nano), '268,435,456 bytes');
    assert.equal(exactText('cpu', nano), '1 core');
    assert.equal(percent(1n, 3n), '33.3 %');
    assert.equal(percent(1n, 0n), undefined);
    assert.equal(decimal(-15n, 10n, 1), '-1.5');
  });
  it('text of a document is never Markdown', () => {
    assert.ok(!/[[\]<>*`()]/.test(escapeMarkdown('[a](b) <img> **c** `d`')));
  });
});

describe('the load', () => {
  it('of one pod and of all', () => {
    const view = load(whole);
    const workload = first(view.workloads);
    assert.deepEqual(figures(workload.pod), ['100m', '256Mi', '500m', '1Gi']);
    assert.deepEqual(figures(workload.total), ['300m', '768Mi', '1.5', '3Gi']);
    assert.equal(view.totals.cpuRequest.text, '300m');
    assert.equal(view.totals.pods.text, '3');
    assert.equal(workload.qos.text, 'Burstable');
    assert.match(workload.qos.explanation.join('\n'), /CPU: 100m requested, limit 500m/);
    const field = first(view.totals.cpuRequest.fields);
    assert.equal(whole.slice(field.span.start, field.span.end), '100m');
    assert.match(view.totals.cpuRequest.explanation.join('\n'), /3 × 100m = 300m/);
    assert.deepEqual(view.draft, { changes: 0, summary: 'No changes.', canApply: false });
  });

  it('what the kernel is told, and how sure that is', () => {
    const container = first(first(load(whole).workloads).containers);
    assert.deepEqual(kernel(container), {
      'cpu.weight': '17',
      'cpu.max': '50 ms / 100 ms',
      'memory.max': '1Gi',
      oom_score_adj: '985',
    });
    assert.deepEqual(
      container.kernel.map(({ figure }) => figure.certainty),
      ['exact', 'exact', 'exact', 'estimate'],
    );
    assert.match(container.kernel[0]?.figure.explanation.join('\n') ?? '', /quadratic[\s\S]*4: linear/);
  });

  it('huge pages, devices and local storage of a container, with what the API server refuses', () => {
    const limits = 'limits: {cpu: 1, memory: 1Gi, hugepages-2Mi: 3Mi, nvidia.com/gpu: 2, ephemeral-storage: 1Gi}';
    const container = first(first(load(deployment(`{${limits}}`)).workloads).containers);
    const { 'hugepages-2Mi': pages, 'nvidia.com/gpu': gpus, 'ephemeral-storage': disk } = kernel(container);
    assert.deepEqual([pages, gpus, disk], ['3Mi', '2', '1Gi']);
    const said = container.kernel.find(({ label }) => label === 'hugepages-2Mi')?.figure.explanation.join('\n') ?? '';
    assert.match(said, /^hugetlb\.2MB\.max: 3Mi[\s\S]*must be a multiple of the page size/);
  });

  it('an unset limit is unbounded, never zero or a partial sum', () => {
    const text = deployment(
      '{limits: {memory: 1Gi}}',
      '        - {name: side, image: b, resources: {limits: {cpu: 1}}}\n',
    );
    const workload = first(load(text).workloads);
    assert.deepEqual(figures(workload.pod), ['1', '1Gi', 'unbounded', 'unbounded']);
    assert.match(
      workload.pod.memoryLimit.explanation.join('\n'),
      /No memory limit: side[\s\S]*1Gi, which bounds nothing/,
    );
    const request = first(first(workload.containers).resources.slice(1)).request;
    assert.equal(request.placeholder, '1Gi (from the limit)');
    assert.equal(request.text, '');
    assert.equal(request.amount, undefined);
  });

  it('names the init container that decides', () => {
    const text = deployment(
      '{requests: {cpu: 100m}}',
      `      initContainers:
        - {name: log, image: l, restartPolicy: Always, resources: {requests: {cpu: 50m}}}
        - {name: migrate, image: m, resources: {requests: {cpu: "1"}}}
`,
    );
    const workload = first(load(text).workloads);
    assert.equal(workload.pod.cpuRequest.text, '1.05');
    assert.match(workload.pod.cpuRequest.explanation.at(-1) ?? '', /greatest counts: 1\.05, while migrate starts/);
    assert.deepEqual(
      workload.containers.map(({ name, role }) => [name, role]),
      [
        ['log', 'sidecar'],
        ['migrate', 'init'],
        ['web', 'app'],
      ],
    );
  });

  it('limits alone are Guaranteed, nothing is BestEffort', () => {
    const qos = (resources: string) => first(load(deployment(resources)).workloads).qos.text;
    assert.equal(qos('{limits: {cpu: 1, memory: 1Gi}}'), 'Guaranteed');
    assert.equal(qos('{}'), 'BestEffort');
    assert.equal(qos('{requests: {cpu: 1}}'), 'Burstable');
  });

  it('pod-level resources and the overhead count', () => {
    const text = deployment(
      '{requests: {cpu: 100m}}',
      '      resources: {limits: {cpu: "2", memory: 2Gi}}\n      overhead: {cpu: 250m}\n',
    );
    const { pod } = first(load(text).workloads);
    assert.deepEqual(figures(pod), ['350m', '2Gi', '2.25', '2Gi']);
  });

  it("a LimitRange of the file fills what is missing, another namespace's does not", () => {
    const range = (namespace: string) => `${deployment('{}')}---
apiVersion: v1
kind: LimitRange
metadata: {name: l${namespace}}
spec: {limits: [{type: Container, default: {memory: 512Mi}, defaultRequest: {memory: 128Mi}}]}
`;
    const [, memory] = first(first(load(range('')).workloads).containers).resources;
    assert.equal(memory?.request.placeholder, '128Mi (from the LimitRange)');
    assert.equal(memory?.limit.placeholder, '512Mi (from the LimitRange)');
    const [, elsewhere] = first(first(load(range(', namespace: b')).workloads).containers).resources;
    assert.equal(elsewhere?.limit.placeholder, 'unset');
  });

  it('says at the fields what a LimitRange refuses', () => {
    const text = `${deployment('{requests: {cpu: 1, memory: 32Mi}, limits: {memory: 4Gi}}')}---
apiVersion: v1
kind: LimitRange
metadata: {name: l}
spec: {limits: [{type: Container, default: {cpu: 500m}, min: {memory: 64Mi}, max: {memory: 2Gi}}]}
`;
    const [cpu, memory] = first(first(load(text).workloads).containers).resources;
    assert.equal(cpu?.request.problem, 'More than the limit of 500m that a LimitRange gives.');
    assert.equal(memory?.request.problem, 'A LimitRange admits at least 64Mi of memory.');
    assert.equal(memory?.limit.problem, 'A LimitRange admits at most 2Gi of memory.');
    const hover = hoverAt(parse(text), text.indexOf('32Mi'))?.markdown ?? '';
    assert.match(hover, /A LimitRange admits at least 64Mi of memory/);
  });

  it('what a template decides is unknown', () => {
    const text = deployment('{requests: {cpu: "{{ .Values.cpu }}", memory: 1Gi}, limits: {memory: 1Gi}}');
    const workload = first(load(text, {}, 'chart/templates/a.yaml').workloads);
    assert.deepEqual(figures(workload.pod), ['unknown', '1Gi', 'unbounded', '1Gi']);
    assert.equal(workload.qos.text, 'unknown');
    const [cpu] = first(workload.containers).resources;
    assert.equal(cpu?.request.placeholder, 'from a template');
  });

  it('jobs run as many pods as their parallelism, and no more than they need', () => {
    const job = (spec: string) =>
      `apiVersion: batch/v1\nkind: Job\nmetadata: {name: j}\nspec:\n  ${spec}\n  template: {spec: {containers: [{name: a, image: b, resources: {requests: {cpu: 1}}}]}}\n`;
    assert.equal(load(job('parallelism: 4')).totals.cpuRequest.text, '4');
    assert.equal(load(job('parallelism: 4\n  completions: 2')).totals.pods.text, '2');
    assert.equal(load(job('suspend: true')).totals.pods.text, '0');
  });

  it('sums over workloads', () => {
    const view = load(`${whole}---\n${whole.replaceAll('web', 'other')}`);
    assert.equal(view.totals.cpuRequest.text, '600m');
    assert.match(view.totals.cpuRequest.explanation.join('\n'), /web: 300m\nother: 300m\nTogether 600m/);
    assert.equal(view.totals.pods.text, '6');
  });

  it('says why the article is not what Linux does', () => {
    const [cpu, memory] = shares(preview(whole)).formulas;
    assert.equal(cpu?.filledIn, '100m ÷ 500m × 4');
    assert.equal(cpu?.result.text, '800m');
    assert.equal(cpu?.result.certainty, 'rule of thumb');
    assert.match(cpu?.remark ?? '', /stops it at 500m/);
    assert.equal(memory?.filledIn, '256Mi + 96Mi');
    assert.equal(memory?.result.text, '352Mi');
    const unlimited = first(shares(preview(deployment('{requests: {cpu: 1}}'))).formulas);
    assert.equal(unlimited.result.text, 'no value');
  });

  it('inputs that are no quantities are said to be', () => {
    const view = shares(preview(whole, {}, undefined, { nodeCpu: 'four', nodeMemory: '', memoryOverhead: '-1' }));
    assert.deepEqual(
      view.inputs.flatMap(({ name, problem }) => (problem === undefined ? [] : [name])),
      ['nodeCpu', 'nodeMemory', 'memoryOverhead'],
    );
    assert.deepEqual(
      view.formulas.map(({ result }) => result.text),
      ['unknown', 'unknown'],
    );
  });

  it('a file with errors shows what can be read, and warns', () => {
    const view = load(`${whole}---\nkind: [\n`);
    assert.match(view.warning ?? '', /line \d+/);
    assert.equal(view.workloads.length, 1);
  });

  it('says what to do where there is nothing', () => {
    assert.equal(nothing('').reason, 'empty');
    assert.equal(nothing('---\n# soon\n').reason, 'empty');
    const broken = nothing('a: [\n');
    assert.equal(broken.reason, 'broken');
    assert.ok(broken.span !== undefined && broken.span.end <= 5);
    assert.equal(nothing('apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n').reason, 'no-workload');
    assert.equal(nothing('a: b\n').reason, 'not-supported');
    assert.equal(nothing('FROM scratch\n', 'Dockerfile').reason, 'no-workload');
    assert.equal(nothing('print(1)\n', 'a.py').reason, 'not-supported');
    assert.equal(nothing('services: {}\n', 'compose.yaml').reason, 'no-workload');
  });
});

describe('a draft', () => {
  const view = load(whole);

  it('changes figures, which say what they were', () => {
    const drafted = load(whole, { [fieldId(view, 'cpu request')]: '200m' });
    assert.equal(drafted.totals.cpuRequest.text, '600m');
    assert.equal(drafted.totals.cpuRequest.before, '300m');
    assert.equal(drafted.totals.memoryRequest.before, undefined);
    assert.equal(drafted.draft.summary, '1 change · +300m CPU requested, same node, same QoS');
    assert.equal(drafted.draft.canApply, true);
    const [cpu] = first(first(drafted.workloads).containers).resources;
    assert.deepEqual([cpu?.request.text, cpu?.request.before], ['200m', '100m']);
    assert.equal(first(first(drafted.workloads).containers).kernel[0]?.figure.before, '17');
  });

  it('can change the QoS class, and replicas', () => {
    const drafted = load(whole, {
      [fieldId(view, 'cpu request')]: '500m',
      [fieldId(view, 'memory request')]: '1Gi',
      [fieldId(view, 'replicas')]: '1',
    });
    assert.equal(first(drafted.workloads).qos.text, 'Guaranteed');
    assert.equal(first(drafted.workloads).qos.before, 'Burstable');
    assert.match(drafted.draft.summary, /^3 changes · .*Burstable becomes Guaranteed$/);
    assert.equal(drafted.totals.pods.before, '3');
  });

  it('that is no value cannot be applied', () => {
    for (const [label, text, problem] of [
      ['cpu request', 'plenty', /no quantity/],
      ['memory request', '1GB', /no quantity/],
      ['memory limit', '-1Gi', /less than nothing/],
      ['cpu request', '2', /More than the limit of 500m/],
      ['cpu limit', '50m', /Less than the request of 100m/],
      ['replicas', '1.5', /no whole number/],
    ] as const) {
      const draft = { [fieldId(view, label)]: text };
      const drafted = load(whole, draft);
      assert.equal(drafted.draft.canApply, false, text);
      const workload = first(drafted.workloads);
      const lines = first(workload.containers).resources;
      const fields = [workload.replicas, ...lines.flatMap(({ request, limit }) => [request, limit])];
      assert.match(fields.find((field) => field?.label === label)?.problem ?? '', problem);
      const made = draftEdits(parse(whole), draft);
      assert.equal(made.kind, 'refused');
    }
  });

  it('of the same text is no change', () => {
    assert.equal(load(whole, { [fieldId(view, 'cpu request')]: '100m ' }).draft.changes, 0);
    assert.equal(draftEdits(parse(whole), { [fieldId(view, 'cpu request')]: '100m' }).kind, 'refused');
    assert.equal(draftEdits(parse(whole), { 'other:field': '1' }).kind, 'refused');
  });

  const applied = (text: string, values: Readonly<Record<string, string>>, path?: string): string => {
    const before = load(text, {}, path);
    const draft = Object.fromEntries(Object.entries(values).map(([label, value]) => [fieldId(before, label), value]));
    const made = draftEdits(parse(text, path), draft);
    return made.kind === 'edits' ? applyEdits(text, made.edits) : assert.fail(made.reason);
  };

  it('is written as the least that changes', () => {
    const made = draftEdits(parse(whole), { [fieldId(view, 'cpu request')]: '200m', [fieldId(view, 'replicas')]: '5' });
    assert.ok(made.kind === 'edits');
    assert.deepEqual(
      made.edits.map(({ span, newText }) => [whole.slice(span.start, span.end), newText]),
      [
        ['3', '5'],
        ['1', '2'],
      ],
    );
  });

  it('adds, takes out, and makes the resources that are missing', () => {
    const bare = whole.replace(/ {10}resources.*\n/, '');
    const added = applied(bare, { 'memory limit': '1Gi' });
    assert.equal(
      added,
      bare.replace(/(image: .*\n)/, '$1          resources:\n            limits:\n              memory: 1Gi\n'),
    );
    assert.equal(applied(whole, { 'cpu limit': '' }), whole.replace('cpu: 500m, ', ''));
    assert.equal(applied(deployment('{limits: {cpu: 1}}'), { 'cpu limit': '2' }), deployment('{limits: {cpu: 2}}'));
    const second = `# one\n---\n${whole}`;
    assert.equal(applied(second, { 'cpu request': '150m' }), second.replace('100m', '150m'));
  });

  it('is refused where another place would change with it', () => {
    const shared = deployment('&r {limits: {cpu: 1}}', '        - {name: b, image: b, resources: *r}\n');
    const made = draftEdits(parse(shared), { [fieldId(load(shared), 'cpu limit', 1)]: '2' });
    assert.equal(made.kind, 'refused');
  });
});

const compose = `services:
  web:
    image: a
    deploy:
      replicas: 2
      resources:
        limits: {cpus: "0.5", memory: 512m}
        reservations: {memory: 128m}
  old:
    image: b
    cpus: 1.5
    mem_limit: \${MEM}
`;

describe('Compose', () => {
  const view = load(compose, {}, 'compose.yaml');

  it('services with their limits', () => {
    const [web, old] = view.workloads;
    assert.ok(web && old);
    assert.equal(web.kind, 'service');
    assert.deepEqual(figures(web.pod), ['none', '128Mi', '500m', '512Mi']);
    assert.deepEqual(figures(web.total), ['none', '256Mi', '1', '1Gi']);
    assert.equal(web.qos.text, 'no QoS class');
    assert.deepEqual(kernel(first(web.containers)), {
      'cpu.max': '50 ms / 100 ms',
      'memory.max': '512Mi',
      'memory.low': '128Mi',
    });
    const more = compose.replace(
      'cpus: 1.5',
      'cpus: 1.5\n    cpu_shares: 2048\n    mem_limit: 1g\n    memswap_limit: 1536m\n    pids_limit: 100',
    );
    const told = kernel(
      first(load(more.replace('    mem_limit: ${MEM}\n', ''), {}, 'compose.yaml').workloads[1]?.containers ?? []),
    );
    assert.deepEqual([told['cpu.weight'], told['memory.swap.max'], told['pids.max']], ['174', '512Mi', '100']);
    assert.deepEqual(figures(old.pod), ['none', 'none', '1.5', 'unknown']);
    assert.equal(view.totals.memoryLimit.text, 'unknown');
  });

  it('a draft is written where the value stands', () => {
    const [web, old] = view.workloads;
    const cpu = first(first(old?.containers ?? []).resources).limit;
    const memory = first(web?.containers ?? []).resources[1]?.limit;
    assert.ok(memory);
    const made = draftEdits(parse(compose, 'compose.yaml'), { [cpu.id]: '2.5', [memory.id]: '1g' });
    assert.ok(made.kind === 'edits');
    assert.equal(applyEdits(compose, made.edits), compose.replace('cpus: 1.5', 'cpus: 2.5').replace('512m', '1g'));
    assert.match(
      load(compose, { [memory.id]: '1m' }, 'compose.yaml').workloads[0]?.containers[0]?.resources[1]?.limit.problem ??
        '',
      /6 MiB/,
    );
  });

  it('lenses and hover', () => {
    const parsed = parse(compose, 'compose.yaml');
    assert.deepEqual(
      lenses(parsed).map(({ title }) => title),
      ['2 containers · 0–1 CPU · 256Mi–1Gi', '1 container · 0–1.5 CPU · 0–?'],
    );
    assert.match(
      hoverAt(parsed, compose.indexOf('512m'))?.markdown ?? '',
      /536,870,912 bytes[\s\S]*25 % of it requested/,
    );
    assert.match(hoverAt(parsed, compose.indexOf('resources'))?.markdown ?? '', /cpu\.max/);
  });
});

describe('in the text', () => {
  const parsed = parse(whole);
  const hover = (needle: string, text = whole, of = parsed) => hoverAt(of, text.indexOf(needle) + 1);

  it('a quantity is explained, on its key and on its value', () => {
    const value = hover('256Mi');
    assert.ok(value);
    assert.equal(whole.slice(value.span.start, value.span.end), '256Mi');
    assert.match(value.markdown, /268,435,456 bytes/);
    assert.match(value.markdown, /25 % of the limit, 1Gi/);
    assert.match(value.markdown, /oom_score_adj/);
    const key = hover('memory: 256Mi');
    assert.equal(key && whole.slice(key.span.start, key.span.end), 'memory');
    assert.match(hover('500m')?.markdown ?? '', /cpu\.max` 50 ms/);
    assert.match(hover('replicas')?.markdown ?? '', /3 × 100m/);
    assert.equal(hover('example.com'), undefined);
    assert.equal(hover('kind'), undefined);
  });

  it('a resources block is explained with its effect', () => {
    for (const key of ['resources', 'requests', 'limits']) {
      const { markdown } = hover(key) ?? assert.fail(key);
      assert.match(markdown, /Burstable/);
      assert.match(markdown, /\| CPU \| 100m \| 500m \|/);
    }
  });

  it('quantities elsewhere are read too', () => {
    const text =
      'apiVersion: v1\nkind: ResourceQuota\nmetadata: {name: q}\nspec:\n  hard:\n    requests.memory: 1000M\n    pods: 4\n';
    const of = parse(text);
    assert.match(hover('1000M', text, of)?.markdown ?? '', /1,000,000,000 bytes, which is `1G`/);
    assert.equal(hover('pods: 4', text, of), undefined);
  });

  it('names and values of a document are no Markdown', () => {
    const text = deployment('{requests: {cpu: "[x](command:y)"}}').replace('name: web #', 'name: "<b>*x*" #');
    const { markdown } = hoverAt(parse(text), text.indexOf('[x]') + 1) ?? assert.fail();
    assert.ok(!markdown.includes('](') && !markdown.includes('<b>') && !markdown.includes('*x*'));
  });

  it('one lens a workload', () => {
    const [lens, ...more] = lenses(parsed);
    assert.equal(more.length, 0);
    assert.equal(lens?.title, '3 × Burstable · 300m–1.5 CPU · 768Mi–3Gi');
    assert.equal(lens && whole.slice(lens.span.start, lens.span.end), 'Deployment');
    assert.equal(lens?.workload, first(load(whole).workloads).id);
    assert.equal(lenses(parse(deployment('{requests: {cpu: 1}}')))[0]?.title, '3 × Burstable · 3–∞ CPU · 0–∞');
    assert.equal(lenses(parse(deployment('{}')))[0]?.title, '3 × BestEffort · no requests, no limits');
  });

  it('hints stand behind what surprises, and behind nothing else', () => {
    const hints = (resources: string) => {
      const text = deployment(resources);
      return inlayHints(parse(text), defaultSettings).map(({ offset, label }) => {
        const written = /[\w."']+$/.exec(text.slice(0, offset))?.[0];
        return `${written} ${label}`;
      });
    };
    assert.deepEqual(hints('{requests: {cpu: 1e3, memory: 128m}}'), ['1e3 = 1000 cores', '128m = 0.128 bytes']);
    assert.deepEqual(hints('{requests: {memory: 1G}, limits: {memory: "1073741824"}}'), [
      '1G = 953.7Mi',
      '"1073741824" = 1Gi',
    ]);
    assert.deepEqual(hints('{requests: {cpu: 500}, limits: {cpu: 250m}}'), ['500 = 500 cores', '250m 25 ms / 100 ms']);
    assert.deepEqual(hints('{requests: {cpu: 500m, memory: 1Gi}, limits: {cpu: 2, memory: 1Gi}}'), []);
    assert.deepEqual(hints('{requests: {cpu: x, memory: "0"}}'), []);
  });
});
