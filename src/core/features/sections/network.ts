import type { Settings } from '../../engine/settings.ts';
import { replicasForCpu, replicasForLoad } from '../../sizing/load.ts';
import { busiestAtRandom } from '../../sizing/load-balancing.ts';
import { podBandwidth, tokenBucket } from '../../sizing/pod-bandwidth.ts';
import { lastFor, sameFor } from '../../text/once-for.ts';
import { knownText } from '../../yaml/field.ts';
import { assumedNumber, type Inputs, inputView } from '../assumptions.ts';
import type { Sized } from '../load.ts';
import { located } from '../load-figures.ts';
import type { Certainty, Figure } from '../load-view.ts';
import { podCounts } from '../pod-counts.ts';
import type { Scaling } from '../scaling.ts';
import { autoscalerBlocks } from './autoscaler-blocks.ts';
import { linkBlocks, rate, rounded, size } from './link-blocks.ts';
import { assumedMachines } from './machine.ts';
import type { Section, SectionScope } from './section.ts';
import type { Block, Cell, TableRow } from './section-view.ts';

/** Workloads that are shown one by one. */
const mostRows = 40;

interface Demand {
  /** Undefined where nobody has said it. */
  readonly perSecond: number | undefined;
  readonly seconds: number;
  readonly concurrency: number;
  readonly cpuMs: number | undefined;
}

const asKept = sameFor<Demand>();

const names = [
  'requestsPerSecond',
  'requestMilliseconds',
  'requestConcurrency',
  'requestCpuMilliseconds',
  'roundTripMilliseconds',
  'bandwidthMegabits',
  'lossPercent',
] as const;

const inputsBlock = lastFor((settings: Settings, inputs: Inputs): Block => {
  return { kind: 'inputs', inputs: names.map((name) => inputView(name, inputs, settings)) };
});

/** Replicas for a load, what the link takes, and the article's rate in its sensible reading. */
export const network: Section = (scope) => {
  const serving = scope.sized.filter(({ workload }) => workload.replicas !== undefined);
  const { inputs, settings } = scope;
  if (serving.length === 0) return undefined;
  const number = (name: Parameters<typeof assumedNumber>[0]) => assumedNumber(name, inputs, settings);
  const [milliseconds, concurrency] = [number('requestMilliseconds'), number('requestConcurrency')];
  const [roundTrip, megabits] = [number('roundTripMilliseconds'), number('bandwidthMegabits')];
  const demand: Demand | undefined =
    milliseconds === undefined || concurrency === undefined
      ? undefined
      : asKept(scope.parsed, {
          perSecond: number('requestsPerSecond'),
          seconds: milliseconds / 1000,
          concurrency,
          cpuMs: number('requestCpuMilliseconds'),
        });
  const rows = demand === undefined ? [] : serving.slice(0, mostRows).map((sized) => rowFor(sized, scope, demand));
  const left = serving.length - mostRows;
  const blocks: Block[] = [inputsBlock(settings, inputs)];
  if (rows.length > 0) {
    blocks.push({
      kind: 'table',
      caption: 'Replicas for the load',
      columns: ['replicas', 'req/s', 'req/s by CPU limits', 'needed', 'busiest', 'bandwidth'],
      rows,
    });
    if (left > 0) blocks.push({ kind: 'text', tone: 'quiet', text: `and ${left} more workloads` });
    blocks.push({
      kind: 'text',
      tone: 'quiet',
      text: 'Little’s law speaks of means in the steady state: near saturation requests queue, so leave room above what is needed. Each workload is taken to get the whole load.',
    });
  }
  if (demand?.perSecond !== undefined && demand.cpuMs !== undefined)
    blocks.push(...autoscalerBlocks(scope, serving, demand.perSecond * demand.cpuMs));
  if (roundTrip !== undefined && megabits !== undefined) {
    const nodes = serving.some(({ workload }) => workload.source.kind === 'kubernetes');
    const cpus = nodes ? assumedMachines(settings, inputs).kubernetes.cpus : undefined;
    blocks.push(...linkBlocks({ roundTrip, megabits, loss: (number('lossPercent') ?? 0) / 100, cpus }));
  }
  return { id: 'network', title: 'Network', telling: tellingOf(serving[0], scope, demand), blocks };
};

function tellingOf(sized: Sized | undefined, scope: SectionScope, demand: Demand | undefined): string {
  const replicas = sized === undefined ? undefined : replicasOf(sized, scope.scalings.get(sized.workload.id));
  if (demand === undefined || replicas === undefined || sized === undefined) return 'replicas for a load, and buffers';
  const whose = scope.sized.length === 1 ? '' : `${sized.workload.name}: `;
  if (demand.perSecond === undefined) {
    return `${whose}up to ${rounded(carried(demand, replicas))} req/s at ${counted(replicas)}`;
  }
  const needed = neededOf(demand, cpuLimitOf(sized));
  const enough = needed <= replicas ? '' : `, needs ${needed}`;
  return `${whose}${rounded(demand.perSecond)} req/s at ${counted(replicas)}${enough}`;
}

/** As the files say, moved into the range of the autoscaler. */
function replicasOf(sized: Sized, scaling: Scaling | undefined): number | undefined {
  if (sized.workload.source.kind === 'kubernetes') return podCounts(sized, scaling)?.now;
  return sized.values.copies.count === undefined ? undefined : Number(sized.values.copies.count);
}

/** The CPU limit of one pod in thousandths; undefined without one, or where it is not known. */
function cpuLimitOf({ pod }: Sized): number | undefined {
  const { value } = pod.cpuLimit;
  return typeof value === 'bigint' && value > 0n ? Number(value / 1_000_000n) : undefined;
}

/** Requests a second by Little's law. */
function carried({ concurrency, seconds }: Demand, replicas: number): number {
  return (replicas * concurrency) / seconds;
}

function neededOf({ perSecond, seconds, concurrency, cpuMs }: Demand, cpuLimitMilli: number | undefined): number {
  const requestsPerSecond = perSecond ?? 0;
  const byLoad = replicasForLoad({ requestsPerSecond, latencySeconds: seconds, concurrency, headroom: 0 }).replicas;
  if (cpuMs === undefined || cpuLimitMilli === undefined || cpuLimitMilli === 0) return byLoad;
  const byCpu = replicasForCpu({ requestsPerSecond, cpuMsPerRequest: cpuMs, cpuLimitMilli, targetUtilization: 1 });
  return Math.max(byLoad, byCpu.replicas);
}

/** Rows of workloads without an autoscaler are kept. */
function rowFor(sized: Sized, { scalings }: SectionScope, demand: Demand): TableRow {
  const scaling = scalings.get(sized.workload.id);
  return scaling === undefined ? unscaledRow(sized, demand) : rowOf(sized, scaling, demand);
}

const unscaledRow = lastFor((sized: Sized, demand: Demand) => rowOf(sized, undefined, demand));

function rowOf(sized: Sized, scaling: Scaling | undefined, demand: Demand): TableRow {
  const { workload } = sized;
  const replicas = replicasOf(sized, scaling);
  const bounds = scaling === undefined ? [] : [scaling.min, scaling.max];
  const fields = located([...(workload.replicas === undefined ? [] : [workload.replicas]), ...bounds]);
  const figure = (text: string, certainty: Certainty, explanation: readonly string[]): Cell => ({
    kind: 'figure',
    figure: { text, certainty, explanation, fields },
  });
  const limit = cpuLimitOf(sized);
  const { perSecond, seconds, concurrency, cpuMs } = demand;
  const ms = rounded(seconds * 1000);
  const capacity = replicas === undefined ? undefined : carried(demand, replicas);
  const needed = perSecond === undefined ? undefined : neededOf(demand, limit);
  return {
    head: workload.name,
    place: workload.span,
    cells: [
      replicas === undefined
        ? figure('unknown', 'exact', ['The number of replicas is not known.'])
        : figure(`${replicas}`, 'exact', [sized.values.copies.explanation]),
      capacity === undefined
        ? { kind: 'text', text: '' }
        : figure(rounded(capacity), 'estimate', [
            `${replicas} × ${rounded(concurrency)} at once ÷ ${ms} ms = ${rounded(capacity)} a second (Little’s law)`,
          ]),
      cpuCell(limit, replicas, cpuMs, figure),
      needed === undefined || perSecond === undefined
        ? { kind: 'text', text: '' }
        : figure(`${needed}`, 'estimate', neededLines(demand, perSecond, needed, limit, replicas)),
      replicas === undefined ? { kind: 'text', text: '' } : busiestCell(demand, replicas, figure),
      bandwidthCell(sized),
    ],
  };
}

function neededLines(
  demand: Demand,
  perSecond: number,
  needed: number,
  limit: number | undefined,
  replicas: number | undefined,
): readonly string[] {
  const { seconds, concurrency, cpuMs } = demand;
  const { inFlight, replicas: byLoad } = replicasForLoad({
    requestsPerSecond: perSecond,
    latencySeconds: seconds,
    concurrency,
    headroom: 0,
  });
  const lines = [
    `${rounded(perSecond)} a second × ${rounded(seconds * 1000)} ms = ${rounded(inFlight)} in flight; ⌈${rounded(inFlight)} ÷ ${rounded(concurrency)} at once⌉ = ${byLoad}`,
  ];
  if (cpuMs !== undefined && limit !== undefined) {
    const milli = perSecond * cpuMs;
    const load = { requestsPerSecond: perSecond, cpuMsPerRequest: cpuMs, cpuLimitMilli: limit };
    const byCpu = replicasForCpu({ ...load, targetUtilization: 1 });
    lines.push(
      `${rounded(perSecond)} a second × ${rounded(cpuMs)} ms of CPU = ${rounded(milli)}m; ⌈${rounded(milli)}m ÷ ${rounded(limit)}m of the limit⌉ = ${byCpu.replicas}`,
    );
  }
  const enough =
    replicas === undefined ? '' : replicas >= needed ? `: ${replicas} are enough` : `: ${replicas} are not enough`;
  return [...lines, `The larger one counts, ${needed}${enough}.`];
}

function cpuCell(
  limit: number | undefined,
  replicas: number | undefined,
  cpuMs: number | undefined,
  figure: (text: string, certainty: Certainty, explanation: readonly string[]) => Cell,
): Cell {
  if (cpuMs === undefined || replicas === undefined) return { kind: 'text', text: '' };
  if (limit === undefined) return figure('unbounded', 'exact', ['There is no CPU limit, or it is not known.']);
  const most = (replicas * limit) / cpuMs;
  return figure(rounded(most), 'estimate', [
    `${replicas} × ${rounded(limit)}m ÷ ${rounded(cpuMs)} ms of CPU = ${rounded(most)} a second, every limit used up`,
  ]);
}

/** How unevenly a load comes to the replicas: at random the busiest has more in hand than the mean. */
function busiestCell(
  { perSecond, seconds, concurrency }: Demand,
  replicas: number,
  figure: (text: string, certainty: Certainty, explanation: readonly string[]) => Cell,
): Cell {
  const inFlight = perSecond === undefined ? undefined : perSecond * seconds;
  const busiest = inFlight === undefined ? undefined : busiestAtRandom(inFlight, replicas);
  if (inFlight === undefined || busiest === undefined) return { kind: 'text', text: '' };
  const mean = inFlight / replicas;
  return figure(`${busiest} in flight`, 'estimate', [
    `${rounded(inFlight)} in flight ÷ ${counted(replicas)} = ${rounded(mean)} at each on the mean`,
    `Picked at random, as kube-proxy does: in 95 of 100 moments the busiest has no more than ${busiest}.`,
    `By turns, or where the fewest are at work (IPVS, most ingresses): about ${Math.ceil(mean)}.`,
    ...(busiest > concurrency
      ? [`More than the ${rounded(concurrency)} that it works on at once: some wait, although the mean has room.`]
      : []),
    'A connection that is kept open, as HTTP/2 does, stays with one replica: then it is as uneven as the connections are.',
  ]);
}

/** `kubernetes.io/ingress-bandwidth` and `…/egress-bandwidth` of the pods. */
function bandwidthCell({ workload: { source, span } }: Sized): Cell {
  if (source.kind === 'compose') return { kind: 'text', text: '' };
  const said = (['ingress', 'egress'] as const).flatMap((way) => {
    const text = knownText(source.workload.podMetadata, 'annotations', `kubernetes.io/${way}-bandwidth`);
    if (text === undefined) return [];
    const bits = podBandwidth(text.value);
    const file = span.file === undefined ? {} : { file: span.file };
    const place = { start: text.span.start + source.start, end: text.span.end + source.start, ...file };
    const words = bits === undefined ? `${text.value} is refused` : `${rate(Number(bits))}`;
    const queue = bits === undefined ? undefined : size(Number(tokenBucket(bits).limitBytes));
    return [{ label: `${way} bandwidth`, span: place, text: `${way} ${words}`, queue }];
  });
  if (said.length === 0) return { kind: 'text', text: '' };
  const figure: Figure = {
    text: said.map(({ text }) => text).join(', '),
    certainty: 'exact',
    explanation: [
      'Bits a second, from 1k to 1P. It does nothing unless the bandwidth plugin is in the chain of the CNI.',
      ...said.flatMap(({ label, queue }) =>
        queue === undefined
          ? []
          : [
              `${label}: up to ${queue} wait in the queue (25 ms of the rate and a burst of 2 Gbit) before packets are dropped.`,
            ],
      ),
    ],
    fields: said.map(({ label, span }) => ({ label, span })),
  };
  return { kind: 'figure', figure };
}

function counted(replicas: number): string {
  return `${replicas} ${replicas === 1 ? 'replica' : 'replicas'}`;
}
