import { utilizationMetrics } from '../../kubernetes/autoscaler.ts';
import { milliValue, wholeValue } from '../../quantity/kubernetes.ts';
import { type KrrRecommendation, krrCpu, krrLimitedCpu, krrMemory, linearPercentile } from '../../sizing/krr.ts';
import { krrQueries } from '../../sizing/krr-queries.ts';
import { containerAt } from '../../sizing/resources.ts';
import { dailyPeaks, oomSample, proportionalLimit, recommendVpa, type VpaRecommendation } from '../../sizing/vpa.ts';
import { assumed, inputView } from '../assumptions.ts';
import { amountText, nano, resourceName } from '../explain.ts';
import type { Sized } from '../load.ts';
import type { Figure } from '../load-view.ts';
import { editable } from '../load-workload.ts';
import { type PlacedFields, placeholder } from '../pod-values.ts';
import { readSamples, samplesOf, type UsageSample, type UsageSamples } from '../samples.ts';
import type { Section, SectionScope } from './section.ts';
import type { Block, Cell, TableRow } from './section-view.ts';

type Resource = 'cpu' | 'memory';

/** Containers that are shown one by one. */
const mostRows = 40;
const hoursOfDay = 24;

interface Measured {
  readonly sized: Sized;
  readonly placed: PlacedFields;
  readonly samples: readonly UsageSample[];
}

/** What the Vertical Pod Autoscaler and krr would recommend of the samples that the settings name. */
export const usage: Section = (scope) => {
  const { sized, inputs, settings, surroundings } = scope;
  const path = assumed('samples', inputs, settings);
  if (path === '') return undefined;
  const workloads = sized.filter(({ workload }) => workload.source.kind === 'kubernetes');
  if (workloads.length === 0) return undefined;
  const file = surroundings?.samples;
  const read = file && readSamples(file);
  const all = read === undefined ? [] : workloads.flatMap((one) => measuredOf(one, read));
  const shown = all.slice(0, mostRows);
  return {
    id: 'usage',
    title: 'Usage',
    telling:
      read === undefined ? `${path} was not read` : `${all.length} of ${containersOf(workloads)} containers measured`,
    blocks: [
      { kind: 'inputs', inputs: [inputView('samples', inputs, settings)] },
      ...(shown.length === 0
        ? []
        : [
            {
              kind: 'table',
              caption: 'Recommendations',
              columns: ['request', 'limit', 'VPA target', 'VPA bounds', 'VPA limit', 'krr request', 'krr limit'],
              rows: shown.flatMap((one) => rowsOf(one, scope)),
            } as const,
          ]),
      ...remarks(all.length, read),
      ...queries(shown[0]?.sized ?? workloads[0]),
    ],
  };
};

function containersOf(workloads: readonly Sized[]): number {
  return workloads.reduce((sum, { values }) => sum + values.containers.filter(isLasting).length, 0);
}

function isLasting({ fields }: PlacedFields): boolean {
  return fields.role === 'app' || fields.role === 'sidecar';
}

function measuredOf(sized: Sized, read: UsageSamples): readonly Measured[] {
  const { workload, values } = sized;
  return values.containers.filter(isLasting).flatMap((placed) => {
    const of = { workload: workload.name, namespace: workload.namespace, container: placed.fields.name };
    const samples = samplesOf(read, of);
    return samples.length === 0 ? [] : [{ sized, placed, samples }];
  });
}

function rowsOf({ sized, placed, samples }: Measured, scope: SectionScope): readonly TableRow[] {
  const { workload, values, problems } = sized;
  const { fields, ref } = placed;
  const name = values.containers.length === 1 ? workload.name : `${workload.name}/${fields.name}`;
  const requests = containerAt(values.defaulted.pod, ref)?.container.requests;
  const requested = {
    cpu: requests?.get('cpu') && milliValue(requests.get('cpu') ?? none),
    memory: requests?.get('memory') && wholeValue(requests.get('memory') ?? none),
  };
  const vpa = vpaOf(samples, values.containers.filter(isLasting).length, Number(requested.memory ?? 0n));
  return (['cpu', 'memory'] as const)
    .filter((resource) => samples.some((sample) => amountIn(sample, resource) !== undefined))
    .map((resource): TableRow => {
      const { request, limit } = fields[resource];
      const field = (of: typeof request): Cell => ({
        kind: 'field',
        field: editable(of, scope.draft, problems, placeholder(of, ref, values)),
      });
      return {
        head: `${name} ${resourceName(resource)}`,
        place: fields.span,
        cells: [
          field(request),
          field(limit),
          ...vpaCells(vpa, resource, requested[resource], limitOf(sized, placed, resource)),
          ...krrCells(
            samples,
            resource,
            scalesBy(scope, workload.id, resource),
            Number(limitOf(sized, placed, 'memory') ?? 0n),
          ),
        ],
      };
    });
}

const none = { nano: 0n, format: 'DecimalSI' } as const;

function limitOf({ values }: Sized, { ref }: PlacedFields, resource: Resource): bigint | undefined {
  const limit = containerAt(values.defaulted.pod, ref)?.container.limits.get(resource);
  if (limit === undefined || limit.nano === 0n) return undefined;
  return resource === 'cpu' ? milliValue(limit) : wholeValue(limit);
}

function amountIn({ cores, bytes }: UsageSample, resource: Resource): number | undefined {
  return resource === 'cpu' ? cores : bytes;
}

function scalesBy({ scalings }: SectionScope, id: string, resource: Resource): boolean {
  const scaling = scalings.get(id);
  return scaling !== undefined && utilizationMetrics(scaling.object).some((metric) => metric.resource === resource);
}

interface Vpa {
  readonly recommendation: VpaRecommendation;
  readonly days: number;
  readonly count: number;
}

/** All pods of a workload go into one histogram; of memory the peak of each pod's day counts. */
function vpaOf(samples: readonly UsageSample[], containers: number, requestBytes: number): Vpa {
  const hours = samples.map(({ hour }) => hour);
  const [first, last] = [least(hours), -least(hours.map((hour) => -hour))];
  const days = (last - first) / hoursOfDay;
  const peak = -least(samples.map(({ bytes = 0 }) => -bytes));
  const memoryPeaks = podsOf(samples).flatMap((pod) =>
    dailyPeaks(
      pod.flatMap(({ bytes, hour, killed }) => [
        ...(bytes === undefined ? [] : [{ bytes, hour }]),
        ...(killed ? [{ bytes: oomSample(requestBytes, bytes ?? peak), hour }] : []),
      ]),
    ),
  );
  const cpu = samples.flatMap(({ cores, hour }) => (cores === undefined ? [] : [{ cores, hour }]));
  const count = samples.length;
  return { recommendation: recommendVpa({ cpu, memoryPeaks, days, samples: count, containers }), days, count };
}

function least(values: readonly number[]): number {
  return values.reduce((smallest, value) => Math.min(smallest, value), Number.POSITIVE_INFINITY);
}

function podsOf(samples: readonly UsageSample[]): readonly (readonly UsageSample[])[] {
  const pods = new Map<string, UsageSample[]>();
  for (const sample of samples) {
    const same = pods.get(sample.pod);
    if (same === undefined) pods.set(sample.pod, [sample]);
    else same.push(sample);
  }
  return [...pods.values()];
}

function figure(text: string, explanation: readonly string[]): Cell {
  const estimate: Figure = { text, certainty: 'estimate', explanation, fields: [] };
  return { kind: 'figure', figure: estimate };
}

function vpaCells(
  { recommendation: { target, lowerBound, upperBound }, days, count }: Vpa,
  resource: Resource,
  request: bigint | undefined,
  limit: bigint | undefined,
): readonly Cell[] {
  const key = resource === 'cpu' ? 'cpuMilli' : 'memoryBytes';
  const text = (amount: number) => unitText(resource, amount);
  const span = `${count} samples over ${Math.round(days * 10) / 10} days`;
  const wanted = BigInt(target[key]);
  return [
    figure(text(target[key]), [
      `${span}; each sample's weight halves every 24 hours`,
      resource === 'cpu'
        ? 'the end of the bucket of the 90th percentile + 15 %, at least 25m a pod'
        : 'the same of the peaks of each pod and day, eight days long, at least 250Mi a pod',
      `= ${text(target[key])}`,
    ]),
    figure(`${text(lowerBound[key])} to ${days > 0 ? text(upperBound[key]) : 'any'}`, [
      'Pods that request less or more are evicted: the 50th and the 95th percentile, wider while little is known.',
      `confidence min(${Math.round(days * 10) / 10} days, ${count} samples ÷ 1440)`,
    ]),
    limit === undefined
      ? { kind: 'text', text: '' }
      : figure(text(Number(proportionalLimit(wanted, request, limit))), [
          'The limit keeps its share of the request, unless controlledValues is RequestsOnly.',
        ]),
  ];
}

function krrCells(
  samples: readonly UsageSample[],
  resource: Resource,
  hpa: boolean,
  limitBytes: number,
): readonly Cell[] {
  const pods = podsOf(samples).map((pod) => pod.flatMap((sample) => amountIn(sample, resource) ?? []));
  const measured = pods.filter((values) => values.length > 0);
  const facts = { points: measured.reduce((sum, values) => sum + values.length, 0), hpa };
  const most = (values: readonly number[]) => -least(values.map((value) => -value));
  if (resource === 'cpu') {
    const simple = krrCpu(
      measured.map((values) => linearPercentile(values, 95)),
      facts,
    );
    const limited = krrLimitedCpu(measured.flat(), facts);
    const lines =
      limited.kind === 'recommended'
        ? [
            `strategy simple_limit: ${unitText('cpu', limited.request * 1000)} requested, limit ${unitText('cpu', (limited.limit ?? 0) * 1000)}`,
          ]
        : [];
    return krrPair(simple, 'cpu', ['strategy simple: the greatest 95th percentile of a pod, 10m at least', ...lines]);
  }
  const killedAt = samples.some(({ killed }) => killed) ? limitBytes : 0;
  const memory = krrMemory(measured.map(most), killedAt, facts);
  return krrPair(memory, 'memory', [
    'strategy simple: the greatest of all pods × 1.15, 100Mi at least; request and limit alike',
    ...(killedAt > 0 ? [`killed at ${unitText('memory', killedAt)} × 1.25 counts where that is more`] : []),
  ]);
}

function krrPair(recommendation: KrrRecommendation, resource: Resource, lines: readonly string[]): readonly Cell[] {
  if (recommendation.kind === 'undefined') {
    const said = {
      'No data': 'no samples',
      'Not enough data': 'fewer than 100 samples',
      'HPA detected': 'an HPA scales by it',
    };
    return [figure('?', [said[recommendation.info]]), { kind: 'text', text: '' }];
  }
  const { request, limit } = recommendation;
  const scale = resource === 'cpu' ? 1000 : 1;
  return [
    figure(unitText(resource, request * scale), lines),
    limit === undefined ? { kind: 'text', text: 'none' } : figure(unitText(resource, limit * scale), lines),
  ];
}

/** From thousandths of a CPU, or bytes. */
function unitText(resource: Resource, amount: number): string {
  return amountText(resource, BigInt(Math.round(amount)) * (resource === 'cpu' ? 1_000_000n : nano));
}

function remarks(measured: number, read: UsageSamples | undefined): readonly Block[] {
  const quiet = (text: string): Block => ({ kind: 'text', tone: 'quiet', text });
  if (read === undefined)
    return [quiet('The file is looked for from the folder of .plimsoll.yaml, or of the manifest where there is none.')];
  const [first] = read.problems;
  return [
    ...(first === undefined
      ? []
      : [
          quiet(
            `${read.problems.length} ${read.problems.length === 1 ? 'line is' : 'lines are'} left out, line ${first.line}: ${first.text}.`,
          ),
        ]),
    ...(measured > mostRows ? [quiet(`and ${measured - mostRows} more containers`)] : []),
    ...(measured === 0 ? [quiet('No sample is of a container in view.')] : []),
  ];
}

/** How to ask a Prometheus for what krr looks at. */
function queries(sized: Sized | undefined): readonly Block[] {
  const container = sized?.values.containers.find(isLasting)?.fields.name;
  if (sized === undefined || container === undefined) return [];
  const { name, namespace = 'default' } = sized.workload;
  const { cpuPercentile, memoryMax, killedLimit } = krrQueries({ namespace, pods: [`${name}-.*`], container });
  const row = (head: string, query: string): TableRow => ({ head, cells: [{ kind: 'text', text: query }] });
  return [
    {
      kind: 'table',
      caption: `What krr asks a Prometheus about ${name}`,
      columns: ['query'],
      rows: [row('CPU', cpuPercentile), row('memory', memoryMax), row('killed at', killedLimit)],
    },
  ];
}
