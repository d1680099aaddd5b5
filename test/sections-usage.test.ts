import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { defaultSettings } from '../src/core/engine/settings.ts';
import { computePreview } from '../src/core/features/preview.ts';
import { readSamples, samplesOf } from '../src/core/features/samples.ts';
import type { SectionView } from '../src/core/features/sections/section-view.ts';
import { parseFile } from '../src/core/parsed.ts';
import { createService } from '../src/core/service.ts';
import { createYamlCache } from '../src/core/yaml/parse.ts';

const web = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  replicas: 2
  template:
    spec:
      containers:
        - name: app
          image: web:1
          resources: {requests: {cpu: 100m, memory: 1Gi}, limits: {cpu: 250m}}
`;
const scaler = `---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web, namespace: shop}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  maxReplicas: 8
  metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 60}}}]
`;
const head = 'pod,container,time,cpu,memory\n';
const start = Date.UTC(2026, 0, 1) / 1000;

/** Half a core and 2 GB, each hour of eight days. */
const steady = Array.from({ length: 192 }, (_, hour) => `web-5d4f8c7b9-x2x4z,app,${start + hour * 3600},500m,2G`);

function usage(text: string, samples: string | undefined): SectionView | undefined {
  const parsed = parseFile({ path: 'web.yaml', languageId: '', text }, createYamlCache(10));
  const surroundings = {
    around: new Map<string, string | null>(),
    ...(samples !== undefined && { samples: { path: '/w/usage.csv', text: samples } }),
  };
  const settings = { ...defaultSettings, assumptions: { samples: 'usage.csv' } };
  const { sections } = computePreview({ parsed, others: [], settings, draft: {}, inputs: {}, surroundings });
  return sections.find(({ id }) => id === 'usage');
}

function row(view: SectionView | undefined, name: string): readonly string[] {
  for (const block of view?.blocks ?? []) {
    const found = block.kind === 'table' ? block.rows.find(({ head: one }) => one === name) : undefined;
    if (found === undefined) continue;
    return found.cells.map((cell) =>
      cell.kind === 'figure' ? cell.figure.text : cell.kind === 'field' ? cell.field.text : cell.text,
    );
  }
  assert.fail(`there is no row ${name}`);
}

describe('the section about measured usage', () => {
  it('recommends as VPA and krr do', () => {
    const view = usage(web, head + steady.join('\n'));
    // 587m as for the steady history of the vectors. 192 samples are 192 ÷ 1440 of a day: × (1 + 7.5) above, and
    // × (1 + 0.0075)^−2 below. The limit: 587 × 250 ÷ 100.
    assert.deepEqual(row(view, 'web CPU'), ['100m', '250m', '587m', '578m to 4.989', '1.467', '500m', 'none']);
    assert.equal(view?.telling, '1 of 1 containers measured');
  });

  it('has no recommendation of krr beside an HPA, nor of too few samples', () => {
    assert.deepEqual(row(usage(web + scaler, head + steady.join('\n')), 'web CPU').slice(5), ['?', '']);
    assert.deepEqual(row(usage(web, head + steady.slice(0, 99).join('\n')), 'web memory').slice(5), ['?', '']);
  });

  it('counts a kill as more than what was seen', () => {
    const killed = `${head.trim()},oom\n${steady.join(',\n')},\nweb-0,app,${start + 192 * 3600},,2G,yes\n`;
    const [before, after] = [head + steady.join('\n'), killed].map(
      (samples) => row(usage(web, samples), 'web memory')[2],
    );
    assert.notEqual(before, after);
  });

  it('is not there unless somebody names samples, and says where it stands when they cannot be read', () => {
    const parsed = parseFile({ path: 'web.yaml', languageId: '', text: web }, createYamlCache(10));
    const { sections } = computePreview({ parsed, others: [], settings: defaultSettings, draft: {}, inputs: {} });
    assert.ok(sections.every(({ id }) => id !== 'usage'));
    assert.equal(usage(web, undefined)?.telling, 'usage.csv was not read');
    assert.match(
      JSON.stringify(usage(web, `${head}web,app,noon,1,1\n`)),
      /1 line is left out, line 2: noon is no time/,
    );
  });

  it('reads the file from beside .plimsoll.yaml', async () => {
    const files = new Map([
      ['/w/.plimsoll.yaml', 'assumptions: {samples: data/usage.csv}\n'],
      ['/w/data/usage.csv', head],
    ]);
    const reader = { read: (path: string) => Promise.resolve(files.get(path)) };
    const service = createService();
    assert.deepEqual((await service.surroundings('/w/k/web.yaml', reader)).samples, {
      path: '/w/data/usage.csv',
      text: head,
    });
    assert.equal((await service.surroundings('/x/web.yaml', reader)).samples, undefined);
  });
});

describe('samples', () => {
  const read = (text: string) => readSamples({ path: 'usage.csv', text });

  it('may stand in any order of columns, with tabs or commas', () => {
    const { samples, problems } = read(
      '# measured\nTime\tcpu\tworkload\tcontainer\n2026-01-01T00:00:00Z\t0.25\tweb\tapp\n',
    );
    assert.deepEqual(problems, []);
    assert.deepEqual(samples, [
      {
        namespace: undefined,
        owner: 'web',
        pod: 'web',
        container: 'app',
        hour: start / 3600,
        cores: 0.25,
        bytes: undefined,
        killed: false,
      },
    ]);
  });

  it('belong to the workload whose pod it is', () => {
    const pods = ['web-0', 'web-5d4f8c7b9-x2x4z', 'web-x2x4z', 'web-api-0', 'webs-0', 'web'];
    const all = read(head + pods.map((pod) => `${pod},app,${start},1,1`).join('\n'));
    const found = samplesOf(all, { workload: 'web', namespace: undefined, container: 'app' });
    assert.deepEqual(
      found.map(({ owner }) => owner),
      ['web-0', 'web-5d4f8c7b9-x2x4z', 'web-x2x4z', 'web'],
    );
  });

  it('are refused where they say nothing', () => {
    const reasons = (text: string) => read(text).problems.map(({ text: one }) => one);
    assert.deepEqual(reasons('a,b\n'), ['no column is called workload or pod']);
    assert.deepEqual(reasons('pod,container,time\n'), ['no column is called cpu or memory']);
    assert.deepEqual(reasons('pod,cpu\n'), ['columns called container and time are needed']);
    assert.deepEqual(reasons(`${head}web,app,${start},fast,1\nweb,app,${start},,\n,app,${start},1,1\n`), [
      'fast is no quantity',
      'neither cpu nor memory is there',
      'the workload or the container is not named',
    ]);
  });
});
