import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { defaultSettings } from '../src/core/engine/settings.ts';
import type { Inputs } from '../src/core/features/assumptions.ts';
import type { Draft } from '../src/core/features/load-view.ts';
import { computePreview } from '../src/core/features/preview.ts';
import type { SectionView, TableBlock } from '../src/core/features/sections/section-view.ts';
import { cronPeriodSeconds } from '../src/core/kubernetes/cron.ts';
import { parseFile } from '../src/core/parsed.ts';
import { parseKubernetesQuantity } from '../src/core/quantity/kubernetes.ts';
import { createService } from '../src/core/service.ts';
import { quotaOutlook } from '../src/core/sizing/quota-rollout.ts';
import { createYamlCache } from '../src/core/yaml/parse.ts';

function rollout(text: string, inputs: Inputs = {}, draft: Draft = {}): SectionView {
  const parsed = parseFile({ path: 'web.yaml', languageId: '', text }, createYamlCache(10));
  const { sections } = computePreview({ parsed, others: [], settings: defaultSettings, draft, inputs });
  const view = sections.find(({ id }) => id === 'rollout');
  assert.ok(view);
  return view;
}

function table(view: SectionView, caption: string): TableBlock {
  const found = view.blocks.find((block): block is TableBlock => block.kind === 'table' && block.caption === caption);
  assert.ok(found, `there is no table ${caption}`);
  return found;
}

/** The texts of a row: without the first column. */
function row(view: SectionView, caption: string, head: string): readonly string[] {
  const found = table(view, caption).rows.find((one) => one.head === head);
  assert.ok(found, `there is no row ${head}`);
  return found.cells.map((cell) => (cell.kind === 'figure' ? cell.figure.text : cell.kind === 'text' ? cell.text : ''));
}

function warnings(view: SectionView): readonly string[] {
  return view.blocks.flatMap((block) => (block.kind === 'text' && block.tone === 'warning' ? [block.text] : []));
}

function workload(kind: string, name: string, spec: string, requests = 'cpu: 100m, memory: 128Mi'): string {
  return `apiVersion: apps/v1
kind: ${kind}
metadata: {name: ${name}, namespace: shop}
spec:
${spec}  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec:
      containers:
        - name: ${name}
          image: ${name}:1
          resources: {requests: {${requests}}}
---
`;
}

function quota(hard: string, more = ''): string {
  return `apiVersion: v1
kind: ResourceQuota
metadata: {name: team, namespace: shop}
spec: {hard: {${hard}}${more}}
---
`;
}

describe('the section about rollouts', () => {
  it('rounds as the controllers do', () => {
    const text = [
      workload('Deployment', 'plain', '  replicas: 10\n'),
      workload(
        'Deployment',
        'written',
        '  replicas: 5\n  strategy: {rollingUpdate: {maxSurge: 2, maxUnavailable: 10%}}\n',
      ),
      workload('Deployment', 'recreated', '  replicas: 5\n  strategy: {type: Recreate}\n'),
      workload('StatefulSet', 'db', '  replicas: 3\n'),
    ].join('');
    const view = rollout(text);
    // 25 % of 10: 3 above, rounded up; 2 below, rounded down. The first step stops these two while three come.
    assert.deepEqual(row(view, 'Rollouts', 'plain'), ['10', '13', '15', '8', '1.3', '1664Mi', 'any']);
    assert.deepEqual(row(view, 'Rollouts', 'written'), ['5', '7', '7', '5', '700m', '896Mi', 'any']);
    const [, , stopping] = table(view, 'Rollouts').rows[1]?.cells ?? [];
    assert.match(JSON.stringify(stopping), /all old ones may stand beside all new ones: up to 10/);
    assert.deepEqual(row(view, 'Rollouts', 'recreated').slice(0, 4), ['5', '5', '5', '0']);
    assert.deepEqual(row(view, 'Rollouts', 'db').slice(0, 4), ['3', '3', '3', '2']);
    assert.equal(view.telling, '23 pods, 28 at the peak of a rollout · no quota in view');
    const [pods] = table(view, 'Rollouts').rows[0]?.cells.slice(1) ?? [];
    assert.match(
      pods?.kind === 'figure' ? pods.figure.explanation.join('\n') : '',
      /maxSurge 25% of 10, rounded up, = 3; maxUnavailable 25% of 10, rounded down, = 2/,
    );
  });

  it('does not know what a template or another controller decides', () => {
    const text = workload('Rollout', 'argo', '  replicas: 4\n').replace('apps/v1', 'argoproj.io/v1alpha1');
    const view = rollout(text);
    assert.deepEqual(row(view, 'Rollouts', 'argo').slice(0, 2), ['4', '4']);
    assert.match(JSON.stringify(view), /decided by its own controller/);
    const templated = rollout(workload('Deployment', 'web', '  replicas: {{ .Values.replicas }}\n'));
    assert.deepEqual(row(templated, 'Rollouts', 'web').slice(0, 2), ['unknown', 'unknown']);
  });

  it('rolls DaemonSets over the nodes that the pods need', () => {
    const text =
      workload('Deployment', 'web', '  replicas: 4\n', 'cpu: 1500m') +
      workload('DaemonSet', 'agent', '  updateStrategy: {rollingUpdate: {maxUnavailable: 30%}}\n');
    // One 1500m a node: four nodes, of which ⌈30 %⌉ = 2 may be without.
    const view = rollout(text, { nodeShape: 'm7g.large' });
    assert.deepEqual(row(view, 'Rollouts', 'agent').slice(0, 4), ['4', '4', '4', '2']);
    const [cell] = table(view, 'Rollouts').rows[1]?.cells ?? [];
    assert.equal(cell?.kind === 'figure' && cell.figure.certainty, 'estimate');
  });

  it('piles up the runs of a CronJob that may last longer than its period', () => {
    const job = (policy: string, deadline: string) => `apiVersion: batch/v1
kind: CronJob
metadata: {name: night}
spec:
  schedule: "*/10 * * * *"
${policy}  jobTemplate:
    spec:
${deadline}      parallelism: 2
      template:
        spec:
          restartPolicy: Never
          containers: [{name: job, image: job:1}]
`;
    const peak = (text: string) => row(rollout(text), 'Rollouts', 'night').slice(0, 3);
    assert.deepEqual(peak(job('', '      activeDeadlineSeconds: 1500\n')), ['2', '6', '6']);
    assert.deepEqual(peak(job('  concurrencyPolicy: Forbid\n', '      activeDeadlineSeconds: 1500\n')), [
      '2',
      '2',
      '2',
    ]);
    assert.deepEqual(peak(job('  concurrencyPolicy: Replace\n', '      activeDeadlineSeconds: 1500\n')), [
      '2',
      '2',
      '4',
    ]);
    assert.match(JSON.stringify(rollout(job('', ''))), /no deadline bounds them/);
  });

  it('says how many pods a drain may take', () => {
    const budget = (spec: string) => `apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: web, namespace: shop}
spec: {${spec}, selector: {matchLabels: {app: web}}}
`;
    const evicted = (spec: string) =>
      row(rollout(workload('Deployment', 'web', '  replicas: 7\n') + budget(spec)), 'Rollouts', 'web')[6];
    // ⌈80 % of 7⌉ = 6 stay; ⌈20 % of 7⌉ = 2 may go.
    assert.equal(evicted('minAvailable: 80%'), '1');
    assert.equal(evicted('maxUnavailable: 20%'), '2');
    assert.equal(evicted('minAvailable: 7'), '0');
  });

  it('has the old value beside what a draft of replicas changes', () => {
    const view = rollout(
      workload('Deployment', 'web', '  replicas: 4\n'),
      {},
      { '0/Deployment/web:spec/replicas': '8' },
    );
    const [, peak] = table(view, 'Rollouts').rows[0]?.cells ?? [];
    assert.deepEqual(peak?.kind === 'figure' && [peak.figure.text, peak.figure.before], ['10', '5']);
  });
});

describe('quotas against rollouts', () => {
  const web = (replicas: number, update = '') =>
    workload('Deployment', 'web', `  replicas: ${replicas}\n${update}`, 'cpu: 500m, memory: 1Gi');

  it('admits what fits at the peak', () => {
    const view = rollout(quota('requests.cpu: "2.5", pods: 5') + web(4));
    assert.match(view.telling, /the quota admits it$/);
    assert.deepEqual(row(view, 'Quota team of shop', 'requests.cpu'), ['2.5', '2', '2.5', 'admitted']);
    assert.deepEqual(row(view, 'Quota team of shop', 'pods'), ['5', '4', '5', 'admitted']);
    assert.deepEqual(warnings(view), []);
  });

  it('stops a rollout without room for one pod more, and none that may be missing', () => {
    const none = '  strategy: {rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}\n';
    const view = rollout(quota('requests.cpu: 2') + web(4, none));
    assert.match(view.telling, /the quota is in the way$/);
    assert.deepEqual(row(view, 'Quota team of shop', 'requests.cpu'), ['2', '2', '2.5', 'stops web']);
    assert.match(warnings(view)[0] ?? '', /stops the rollout of web: requests\.cpu has no room/);
    // 25 % of 4 may be missing: it goes on without surge.
    assert.equal(
      row(rollout(quota('requests.cpu: 2') + web(4)), 'Quota team of shop', 'requests.cpu')[3],
      'less surge for web',
    );
  });

  it('tells rollouts that fit alone from those that fit together', () => {
    const other = workload('Deployment', 'api', '  replicas: 4\n', 'cpu: 500m');
    const view = rollout(quota('requests.cpu: 4500m') + web(4) + other);
    assert.deepEqual(row(view, 'Quota team of shop', 'requests.cpu'), ['4.5', '4', '5', 'each alone, not all at once']);
  });

  it('says what is exceeded without any rollout, and what containers lack', () => {
    const view = rollout(quota('requests.cpu: 1, limits.memory: 8Gi') + web(4));
    assert.equal(row(view, 'Quota team of shop', 'requests.cpu')[3], 'more than there may be');
    assert.deepEqual(
      warnings(view).map((text) => text.slice(0, 50)),
      ['web is refused: quota team asks every container fo', 'Quota team: requests.cpu comes to 2 without any ro'],
    );
  });

  it('counts only the pods of its scopes and its namespace', () => {
    const scoped = quota('pods: 1', ', scopes: [BestEffort]');
    assert.match(rollout(scoped + web(4)).telling, /no quota in view$/);
    const elsewhere = quota('pods: 1').replace('namespace: shop', 'namespace: other');
    assert.match(rollout(elsewhere + web(4)).telling, /no quota in view$/);
  });

  it('shows what the autoscaler may ask for', () => {
    const scaler = `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web, namespace: shop}
spec: {maxReplicas: 9, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}}
`;
    const view = rollout(quota('pods: 8') + web(4) + scaler);
    assert.deepEqual(row(view, 'Quota team of shop', 'pods'), ['8', '4', '5', '9', 'admitted']);
    assert.match(warnings(view)[0] ?? '', /^Quota team admits 8 of pods: at 9, .* the last pods of web are never made/);
    assert.deepEqual(warnings(rollout(quota('pods: 9') + web(4) + scaler)), []);
  });

  it('speaks of runs where a CronJob would pile up', () => {
    const job = `apiVersion: batch/v1
kind: CronJob
metadata: {name: night, namespace: shop}
spec:
  schedule: "*/10 * * * *"
  jobTemplate:
    spec:
      activeDeadlineSeconds: 1500
      template: {spec: {restartPolicy: Never, containers: [{name: job, image: job:1}]}}
`;
    const view = rollout(quota('pods: 1') + job);
    assert.deepEqual(row(view, 'Quota team of shop', 'pods'), ['1', '1', '3', '3', 'fewer runs at once of night']);
    assert.deepEqual(warnings(view), []);
    assert.equal(table(view, 'Quota team of shop').columns[3], 'at the most');
  });

  it('looks at quotas that are deployed with the file', () => {
    const service = createService();
    const file = (path: string, text: string) => ({ path, languageId: '', text });
    service.workspace.update(file('/a/web.yaml', web(4)));
    service.workspace.update(file('/a/quota.yaml', quota('pods: 3')));
    const { sections } = service.preview({
      parsed: service.parse(file('/a/web.yaml', web(4))),
      others: [],
      settings: defaultSettings,
      draft: {},
      inputs: {},
    });
    const view = sections.find(({ id }) => id === 'rollout');
    assert.ok(view);
    assert.equal(row(view, 'Quota team of shop', 'pods')[3], 'more than there may be');
    assert.equal(table(view, 'Quota team of shop').rows[0]?.place?.file, '/a/quota.yaml');
    assert.doesNotMatch(JSON.stringify(view), /Not in view/);
    const shown = () => {
      const parsed = service.parse(file('/a/web.yaml', web(4)));
      const preview = service.preview({ parsed, others: [], settings: defaultSettings, draft: {}, inputs: {} });
      return JSON.stringify(preview.sections);
    };
    service.workspace.update(file('/a/api.yaml', workload('Deployment', 'api', '  replicas: 4\n')));
    assert.match(shown(), /Not in view, and not counted in team: api\./);
  });
});

describe('the arithmetic of quotas and rollouts', () => {
  const amount = (text: string) => {
    const parsed = parseKubernetesQuantity(text);
    assert.ok(parsed.ok);
    return parsed.quantity;
  };
  const rolling = (pods: number, peak: number, unavailable: number) => ({
    name: 'web',
    usage: new Map([['requests.cpu', amount('100m')]]),
    pods,
    peak,
    most: peak,
    unavailable,
  });
  const outlook = (hard: string, ...all: ReturnType<typeof rolling>[]) =>
    quotaOutlook(new Map([['requests.cpu', amount(hard)]]), all)[0];

  it('stops, slows or admits', () => {
    assert.deepEqual(outlook('400m', rolling(4, 5, 0))?.stops, ['web']);
    assert.deepEqual(outlook('499m', rolling(4, 6, 0))?.stops, ['web']);
    assert.deepEqual(outlook('500m', rolling(4, 6, 0))?.slows, ['web']);
    assert.deepEqual(outlook('400m', rolling(4, 5, 1))?.slows, ['web']);
    const admitted = outlook('600m', rolling(4, 6, 0));
    assert.deepEqual([admitted?.stops, admitted?.slows, admitted?.isExceeded], [[], [], false]);
    const exceeded = outlook('399m', rolling(4, 5, 0));
    assert.deepEqual([exceeded?.stops, exceeded?.slows, exceeded?.isExceeded], [[], [], true]);
  });

  it('knows the least time between two runs of a schedule', () => {
    assert.deepEqual(
      ['*/10 * * * *', '0 * * * *', '5 4 * * *', '0 22,2 * * *', '*/7 * * * *', '@daily', '@every 1h', 'x'].map(
        cronPeriodSeconds,
      ),
      [600, 3600, 86_400, 4 * 3600, 240, 86_400, undefined, undefined],
    );
  });
});
