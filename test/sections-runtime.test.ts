import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { defaultSettings } from '../src/core/engine/settings.ts';
import type { Inputs } from '../src/core/features/assumptions.ts';
import { draftEdits } from '../src/core/features/draft.ts';
import { hoverAt } from '../src/core/features/hover.ts';
import { fieldsOf, loadFields } from '../src/core/features/load-fields.ts';
import type { Draft } from '../src/core/features/load-view.ts';
import { computePreview, type Preview } from '../src/core/features/preview.ts';
import type { Cell, SectionId, SectionView } from '../src/core/features/sections/section-view.ts';
import { type Parsed, parseFile } from '../src/core/parsed.ts';
import { applyEdits } from '../src/core/text/edit.ts';
import { createYamlCache } from '../src/core/yaml/parse.ts';

function parse(text: string, path = 'app.yaml'): Parsed {
  return parseFile({ path, languageId: '', text }, createYamlCache(10));
}

interface Given {
  readonly draft?: Draft;
  readonly inputs?: Inputs;
  readonly path?: string;
  readonly around?: Readonly<Record<string, string>>;
}

function preview(text: string, { draft = {}, inputs = {}, path, around }: Given = {}): Preview {
  const surroundings = around && { around: new Map(Object.entries(around)) };
  return computePreview({
    parsed: parse(text, path),
    others: [],
    settings: defaultSettings,
    draft,
    inputs,
    surroundings,
  });
}

function section(id: SectionId, text: string, given: Given = {}): SectionView | undefined {
  return preview(text, given).sections.find((one) => one.id === id);
}

function row(view: SectionView | undefined, head: string): readonly string[] {
  for (const block of view?.blocks ?? []) {
    const found = block.kind === 'table' ? block.rows.find((one) => one.head === head) : undefined;
    if (found !== undefined) return found.cells.map(words);
  }
  return assert.fail(`no row ${head}`);
}

function words(cell: Cell): string {
  if (cell.kind === 'text') return cell.text;
  if (cell.kind === 'field') return cell.field.text;
  return cell.figure.before === undefined ? cell.figure.text : `${cell.figure.before} → ${cell.figure.text}`;
}

function warnings(view: SectionView | undefined): readonly string[] {
  return (view?.blocks ?? []).flatMap((block) =>
    block.kind === 'text' && block.tone === 'warning' ? [block.text] : [],
  );
}

const pod = (container: string) => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
spec:
  replicas: 3
  template:
    spec:
      containers:
        - name: shop
${container.replace(/^/gm, '          ')}
`;

const java = pod(`image: eclipse-temurin:21
args: [java, -Xss512k, -jar, /app.jar]
env:
  - name: JAVA_TOOL_OPTIONS
    value: "-Xmx2g -XX:MaxRAMPercentage=75.0" # tuned
resources: {limits: {cpu: "2", memory: 1Gi}}`);
const node = pod(`image: node:24
command: [node, --max-old-space-size=300, server.js]
resources: {limits: {memory: 512Mi}}`);
const go = pod(`image: shop:1
env: [{name: GOMEMLIMIT, value: 900MiB}]
resources: {limits: {cpu: 500m, memory: 1Gi}}`);
const redis = pod(`image: redis:8
args: [--maxmemory, 256mb, --maxmemory-policy, allkeys-lru]
resources: {limits: {memory: 512Mi}}`);
const services = `services:
  cache:
    image: redis:8
    command: redis-server --maxmemory 256mb --maxmemory-policy allkeys-lru
    mem_limit: 512m
  items:
    image: memcached:1
    command: ["memcached", "-m", "128"]
  shop:
    build: shop
    mem_limit: 1g
    environment:
      - NODE_OPTIONS=--max-old-space-size=700
`;

const texts: readonly (readonly [name: string, text: string, path: string])[] = [
  ['java', java, 'app.yaml'],
  ['node', node, 'app.yaml'],
  ['go', go, 'app.yaml'],
  ['redis', redis, 'app.yaml'],
  ['compose', services, 'compose.yaml'],
];

function processFieldsOf(parsed: Parsed) {
  return loadFields(parsed).flatMap(({ containers }) => containers.flatMap(({ process }) => process.fields));
}

function fieldNamed(text: string, label: string, path?: string): string {
  const field = processFieldsOf(parse(text, path)).find((one) => one.label.includes(label));
  return field?.id ?? assert.fail(`no field ${label}`);
}

describe('sizes that a process is told', () => {
  it('are fields with the number as their value', () => {
    const found = texts.flatMap(([, text, path]) =>
      processFieldsOf(parse(text, path)).map(({ written, label }) => {
        const span = written?.span ?? assert.fail();
        assert.equal(text.slice(span.start, span.end), written?.value);
        return `${label} ${written?.value}`;
      }),
    );
    assert.deepEqual(found, [
      'heap (-Xmx) 2g',
      'heap (MaxRAMPercentage) 75.0',
      'heap (--max-old-space-size) 300',
      'heap (GOMEMLIMIT) 900MiB',
      'maxmemory 256mb',
      'maxmemory 256mb',
      'memory for items (-m) 128',
      'heap (--max-old-space-size) 700',
    ]);
  });

  it('are written alone: all else of the file stays letter by letter', () => {
    const number = fc.integer({ min: 10, max: 99 });
    for (const [name, text, path] of texts) {
      const parsed = parse(text, path);
      for (const field of processFieldsOf(parsed)) {
        fc.assert(
          fc.property(number, (count) => {
            const value = { 'java-size': `${count}m`, 'go-size': `${count}MiB`, 'redis-size': `${count}mb` };
            const drafted = field.form in value ? value[field.form as keyof typeof value] : `${count}`;
            const made = draftEdits(parsed, { [field.id]: drafted });
            assert.equal(made.kind, 'edits', name);
            const after = made.kind === 'edits' ? applyEdits(text, made.edits) : '';
            const { start, end } = field.written?.span ?? assert.fail();
            assert.equal(after, text.slice(0, start) + drafted + text.slice(end));
            const before = loadFields(parsed).flatMap(fieldsOf);
            for (const [at, one] of loadFields(parse(after, path)).flatMap(fieldsOf).entries()) {
              assert.equal(one.id, before[at]?.id);
              assert.equal(one.written?.value, one.id === field.id ? drafted : before[at]?.written?.value);
            }
          }),
          { numRuns: 20 },
        );
      }
    }
  });

  it('two in one text are written together', () => {
    const draft = { [fieldNamed(java, 'Xmx')]: '700m', [fieldNamed(java, 'MaxRAM')]: '60' };
    const made = draftEdits(parse(java), draft);
    const after = made.kind === 'edits' ? applyEdits(java, made.edits) : made.reason;
    assert.equal(after, java.replace('-Xmx2g -XX:MaxRAMPercentage=75.0', '-Xmx700m -XX:MaxRAMPercentage=60'));
  });

  it('that are no values are refused, and so are texts that cannot be changed in part', () => {
    const id = fieldNamed(java, 'Xmx');
    for (const text of ['', 'much', '1Gi', '-5m']) {
      assert.equal(draftEdits(parse(java), { [id]: text }).kind, 'refused', text);
    }
    const percentage = fieldNamed(java, 'MaxRAM');
    assert.equal(draftEdits(parse(java), { [percentage]: '101' }).kind, 'refused');
    const escaped = java.replace('-Xmx2g', '\\x2dXmx2g');
    const made = draftEdits(parse(escaped), { [fieldNamed(escaped, 'Xmx')]: '700m' });
    assert.match(made.kind === 'refused' ? made.reason : '', /escapes or folded lines/);
  });

  it('are explained where they stand, autoscalers too', () => {
    const at = (text: string, word: string, path?: string) =>
      hoverAt(parse(text, path), text.indexOf(word) + 1)?.markdown ?? '';
    assert.match(at(java, '2g'), /-Xmx = 2Gi, whatever the limit is/);
    assert.match(at(java, '2g'), /the kernel kills the container/);
    assert.match(at(redis, '256mb'), /maxmemory = 256Mi/);
    assert.match(at(services, '128"', 'compose.yaml'), /memory for items/);
    const scaled = `${go}---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: shop}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: shop}
  minReplicas: 4
  maxReplicas: 12
`;
    assert.match(at(scaled, '12'), /keeps 4 to 12 replicas/);
    assert.match(at(scaled, '12'), /at 12: 6 CPU and 12Gi requested/);
    const view = preview(scaled).load;
    const [workload] = view.kind === 'load' ? view.rows : [];
    assert.equal(workload?.pods.text, '4');
    assert.equal(workload?.cpuRequest.text, '2');
  });
});

describe('the section about runtimes', () => {
  it('a JVM told more than the limit is killed, and a draft mends it', () => {
    const view = section('runtime', java);
    assert.deepEqual(row(view, 'shop'), ['JVM', '2g', '2Gi', '2 processors, Serial', '', '-1Gi']);
    assert.match(warnings(view)[0] ?? '', /heap may take 2Gi, the limit is 1Gi: the kernel kills/);
    const drafted = section('runtime', java, { draft: { [fieldNamed(java, 'Xmx')]: '700m' } });
    assert.deepEqual(row(drafted, 'shop'), ['JVM', '700m', '2Gi → 700Mi', '2 processors, Serial', '', '-1Gi → 324Mi']);
    assert.deepEqual(warnings(drafted), []);
  });

  it('a JVM told nothing takes a quarter', () => {
    const plain = java.replace('-Xmx2g -XX:MaxRAMPercentage=75.0', '-Dx=1');
    assert.equal(row(section('runtime', plain), 'shop')[2], '256Mi');
    assert.equal(row(section('runtime', plain.replace('-Dx=1', '-XX:MaxRAMPercentage=75.0')), 'shop')[2], '768Mi');
  });

  it('Node: old space and three semi-spaces of 16Mi', () => {
    assert.deepEqual(row(section('runtime', node), 'shop').slice(0, 4), ['Node', '300', '348Mi', '1 + 4 of the pool']);
  });

  it('Go: a soft limit, and processors by the CPU limit from 1.25 on', () => {
    assert.deepEqual(row(section('runtime', go), 'shop'), ['Go', '900MiB', '900Mi', 'GOMAXPROCS 2', '', '124Mi']);
  });

  it('workers, buffers and items', () => {
    const python = pod(`image: shop:1
command: [gunicorn, --workers, "4", app]
resources: {limits: {cpu: "2", memory: 1Gi}}`);
    assert.deepEqual(row(section('runtime', python), 'shop').slice(0, 5), [
      'Python server',
      '',
      '256Mi a worker',
      '',
      '4 workers',
    ]);
    const postgres = pod('image: postgres:18\nargs: [-c, shared_buffers=900MB]\nresources: {limits: {memory: 1Gi}}');
    assert.match(warnings(section('runtime', postgres))[0] ?? '', /shared_buffers of 900Mi leaves 124Mi of 1Gi/);
    const view = section('runtime', services, { path: 'compose.yaml' });
    assert.deepEqual(row(view, 'items').slice(0, 3), ['memcached', '128', '128Mi']);
    assert.deepEqual(row(view, 'cache').slice(0, 3), ['Redis', '256mb', '256Mi']);
  });

  it('reads the Dockerfile that a service is built from', () => {
    const around = {
      'shop/Dockerfile':
        'FROM eclipse-temurin:21\nENV JAVA_TOOL_OPTIONS=-Xmx2g\nENTRYPOINT ["java", "-jar", "a.jar"]\n',
    };
    const text = 'services:\n  shop:\n    build: shop\n    mem_limit: 1g\n';
    const view = section('runtime', text, { path: 'compose.yaml', around });
    assert.deepEqual(row(view, 'shop').slice(0, 3), ['JVM', '', '2Gi']);
    assert.equal(section('runtime', text, { path: 'compose.yaml' }), undefined);
  });

  it('reads maxmemory of a configuration file, as the section about caches does', () => {
    const text = `${pod(`image: redis:8
args: [/etc/redis/redis.conf]
volumeMounts: [{name: conf, mountPath: /etc/redis}]
resources: {limits: {memory: 256Mi}}`)}      volumes: [{name: conf, configMap: {name: conf}}]
---
apiVersion: v1
kind: ConfigMap
metadata: {name: conf}
data: {redis.conf: "maxmemory 200mb"}
`;
    assert.deepEqual(row(section('runtime', text), 'shop').slice(0, 3), ['Redis', '', '200Mi']);
    assert.deepEqual(row(section('cache', text), 'shop').slice(0, 2), ['', '200Mi']);
  });

  it('has the limits of the pod where the container has none', () => {
    const text = pod('image: eclipse-temurin:21').replace(
      '      containers:',
      '      resources: {limits: {memory: 1Gi}}\n      containers:',
    );
    assert.equal(row(section('runtime', text), 'shop')[2], '256Mi');
  });

  it('says nothing of what it does not know', () => {
    assert.equal(section('runtime', pod('image: shop:1')), undefined);
    assert.equal(section('runtime', pod('image: redis:8\ncommand: [redis-cli, ping]')), undefined);
  });
});

describe('the section about caches', () => {
  const inputs = { keys: '1000000', itemBytes: '1024', popularity: '0' };

  it('says what it needs where no keys are assumed', () => {
    const view = section('cache', redis);
    assert.match(view?.telling ?? '', /256Mi · say how many keys/);
    assert.ok(view?.blocks.every(({ kind }) => kind !== 'curve'));
  });

  it('marks maxmemory, and where a draft moves it', () => {
    // All keys alike: the ratio is the share of keys that have room, whatever is evicted: 256Mi / 1Ki of a million.
    const view = section('cache', redis, { inputs });
    assert.equal(view?.telling, 'hit ratio 26.2 % at 256Mi');
    const drafted = section('cache', redis, { inputs, draft: { [fieldNamed(redis, 'maxmemory')]: '512mb' } });
    assert.equal(drafted?.telling, 'hit ratio 52.4 % at 512Mi');
    const curve = drafted?.blocks.find((block) => block.kind === 'curve');
    assert.deepEqual(
      curve?.marks.map(({ label, before }) => [label, before ?? false]),
      [
        ['256Mi, 26.2 %', true],
        ['512Mi, 52.4 %', false],
      ],
    );
    for (const { points } of curve?.lines ?? []) {
      assert.equal(points[0]?.y, 0);
      assert.equal(points.at(-1)?.y, 1);
      for (const [at, { y }] of points.entries()) assert.ok(at === 0 || y >= (points[at - 1]?.y ?? 0) - 1e-6);
    }
  });

  it('a server that evicts nothing is no cache', () => {
    const text = redis.replace(', --maxmemory-policy, allkeys-lru', '');
    const view = section('cache', text, { inputs });
    assert.match(view?.telling ?? '', /evicts nothing by use/);
    assert.equal(row(view, 'shop').at(-1), 'refuses writes');
  });
});

describe('the section about the network', () => {
  const text = pod('image: shop:1\nresources: {limits: {cpu: 500m}}');

  it('counts replicas by Little’s law and by the CPU limits', () => {
    const inputs = { requestsPerSecond: '1200', requestMilliseconds: '50', requestCpuMilliseconds: '5' };
    const view = section('network', text, { inputs });
    // 1200 × 0.05 = 60 in flight, by tens: 6. 1200 × 5 ms = 6 cores, by halves: 12.
    assert.deepEqual(row(view, 'shop'), ['3', '600', '300', '12', '30 in flight', '']);
    assert.equal(view?.telling, '1,200 req/s at 3 replicas, needs 12');
    assert.equal(section('network', text)?.telling, 'up to 600 req/s at 3 replicas');
  });

  it('fills in the article’s formula as it can be meant', () => {
    const inputs = { roundTripMilliseconds: '100', bandwidthMegabits: '1000' };
    const formula = section('network', text, { inputs })?.blocks.find((block) => block.kind === 'formula');
    // 6 MiB × 8 ÷ 0.1 s = 503,316,480 bit/s
    assert.equal(formula?.result.text, '503.32 Mbit/s');
    assert.match(formula?.remark ?? '', /A rate and a time cannot be added.*Here the window decides/);
  });

  it('says what an autoscaler makes of the load', () => {
    const scaler = (target: string) => `---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: shop}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: shop}
  maxReplicas: 9
${target}`;
    const inputs = { requestsPerSecond: '1200', requestCpuMilliseconds: '5' };
    const steps = (file: string) => {
      const view = section('network', file, { inputs });
      const table = view?.blocks.find((block) => block.kind === 'table' && block.caption.startsWith('Autoscalers'));
      const [first] = table?.kind === 'table' ? table.rows : [];
      return first?.cells.map((cell) => (cell.kind === 'figure' ? cell.figure.text : ''));
    };
    const metrics = (percent: number) =>
      `  metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: ${percent}}}}]\n`;
    // 6000m by 3 pods are 400 % of 500m: ⌈400 ÷ 60 × 3⌉ = 20, and 9 at most; max(2 × 3, 3 + 4) within 15 s.
    assert.deepEqual(steps(`${text}${scaler(metrics(60))}`), ['3', '60 %', '400 %', '9', '7']);
    // 400 ÷ 380 is within 10 % of 1; without a metric it is 80 %.
    assert.deepEqual(steps(`${text}${scaler(metrics(380))}`), ['3', '380 %', '400 %', '3', '3']);
    assert.equal(steps(`${text}${scaler('')}`)?.[1], '80 %');
    const bare = `${text.replace('limits: {cpu: 500m}', 'limits: {memory: 1Gi}')}${scaler(metrics(60))}`;
    assert.deepEqual(steps(bare), ['3', '60 %', 'unknown', 'never scales', '']);
    assert.equal(steps(text), undefined);
  });

  it('bounds one connection by loss, and the number of connections', () => {
    const inputs = { roundTripMilliseconds: '100', lossPercent: '1' };
    const items = section('network', text, { inputs })?.blocks.flatMap((block) =>
      block.kind === 'figures' ? block.items : [],
    );
    const of = (label: string) => items?.find((item) => item.label === label)?.figure.text;
    // 1460 × 8 ÷ 0.1 s × √1.5 ÷ 0.1
    assert.equal(of('one connection'), '1.43 Mbit/s');
    assert.equal(of('connections to one address'), '28,232');
    assert.equal(of('tracked connections of a node'), '131,072');
  });

  it('reads the bandwidth that pods are annotated with', () => {
    const annotated = text.replace(
      '    spec:\n',
      '    metadata:\n      annotations:\n        kubernetes.io/egress-bandwidth: 10M\n    spec:\n',
    );
    assert.equal(row(section('network', annotated), 'shop').at(-1), 'egress 10 Mbit/s');
  });
});
