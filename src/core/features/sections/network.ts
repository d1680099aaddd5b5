import { articleTcp } from '../../sizing/article.ts';
import { replicasForCpu, replicasForLoad } from '../../sizing/load.ts';
import { bandwidthDelay } from '../../sizing/network.ts';
import { podBandwidth } from '../../sizing/pod-bandwidth.ts';
import { knownText } from '../../yaml/field.ts';
import { assumedNumber, inputView } from '../assumptions.ts';
import { bytes, grouped, nano } from '../explain.ts';
import type { Sized } from '../load.ts';
import { located } from '../load-figures.ts';
import type { Certainty, Figure } from '../load-view.ts';
import { podCounts } from '../pod-counts.ts';
import type { Section, SectionScope } from './section.ts';
import type { Block, Cell, TableRow } from './section-view.ts';

/** Workloads that are shown one by one. */
const mostRows = 40;

/** The most that Linux lets a receive window grow to by itself, in bytes (`net.ipv4.tcp_rmem`, before 6.17). */
const receiveBuffer = 6 << 20;
/** The same of the send window (`net.ipv4.tcp_wmem`). */
const sendBuffer = 4 << 20;

interface Demand {
  /** Undefined where nobody has said it. */
  readonly perSecond: number | undefined;
  readonly seconds: number;
  readonly concurrency: number;
  readonly cpuMs: number | undefined;
}

/** Replicas for a load, what the link takes, and the article's rate in its sensible reading. */
export const network: Section = (scope) => {
  const serving = scope.sized.filter(({ workload }) => workload.replicas !== undefined);
  const { inputs, settings } = scope;
  if (serving.length === 0) return undefined;
  const number = (name: Parameters<typeof assumedNumber>[0]) => assumedNumber(name, inputs, settings);
  const names = [
    'requestsPerSecond',
    'requestMilliseconds',
    'requestConcurrency',
    'requestCpuMilliseconds',
    'roundTripMilliseconds',
    'bandwidthMegabits',
  ] as const;
  const [milliseconds, concurrency] = [number('requestMilliseconds'), number('requestConcurrency')];
  const [roundTrip, megabits] = [number('roundTripMilliseconds'), number('bandwidthMegabits')];
  const demand: Demand | undefined =
    milliseconds === undefined || concurrency === undefined
      ? undefined
      : {
          perSecond: number('requestsPerSecond'),
          seconds: milliseconds / 1000,
          concurrency,
          cpuMs: number('requestCpuMilliseconds'),
        };
  const rows = demand === undefined ? [] : serving.slice(0, mostRows).map((sized) => rowOf(sized, scope, demand));
  const left = serving.length - mostRows;
  const blocks: Block[] = [{ kind: 'inputs', inputs: names.map((name) => inputView(name, inputs, settings)) }];
  if (rows.length > 0) {
    blocks.push({
      kind: 'table',
      caption: 'Replicas for the load',
      columns: ['replicas', 'req/s', 'req/s by CPU limits', 'needed', 'annotated'],
      rows,
    });
    if (left > 0) blocks.push({ kind: 'text', tone: 'quiet', text: `and ${left} more workloads` });
    blocks.push({
      kind: 'text',
      tone: 'quiet',
      text: 'Little’s law speaks of means in the steady state: near saturation requests queue, so leave room above what is needed. Each workload is taken to get the whole load.',
    });
  }
  if (roundTrip !== undefined && megabits !== undefined) blocks.push(...linkBlocks(roundTrip, megabits));
  return { id: 'network', title: 'Network', telling: tellingOf(serving[0], scope, demand), blocks };
};

function tellingOf(sized: Sized | undefined, scope: SectionScope, demand: Demand | undefined): string {
  const replicas = sized === undefined ? undefined : replicasOf(sized, scope);
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
function replicasOf(sized: Sized, { scalings }: SectionScope): number | undefined {
  const { source, id } = sized.workload;
  if (source.kind === 'kubernetes') return podCounts(sized, scalings.get(id))?.now;
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

function rowOf(sized: Sized, scope: SectionScope, demand: Demand): TableRow {
  const { workload } = sized;
  const replicas = replicasOf(sized, scope);
  const scaling = scope.scalings.get(workload.id);
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
    lines.push(
      `${rounded(perSecond)} a second × ${rounded(cpuMs)} ms of CPU = ${rounded(milli)}m; ⌈${rounded(milli)}m ÷ ${rounded(limit)}m of the limit⌉ = ${Math.ceil(milli / limit - 1e-9)}`,
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

/** `kubernetes.io/ingress-bandwidth` and `…/egress-bandwidth` of the pods. */
function bandwidthCell({ workload: { source } }: Sized): Cell {
  if (source.kind === 'compose') return { kind: 'text', text: '' };
  const said = (['ingress', 'egress'] as const).flatMap((way) => {
    const text = knownText(source.workload.podMetadata, 'annotations', `kubernetes.io/${way}-bandwidth`);
    if (text === undefined) return [];
    const bits = podBandwidth(text.value);
    const span = { start: text.span.start + source.start, end: text.span.end + source.start };
    const words = bits === undefined ? `${text.value} is refused` : `${rate(Number(bits))}`;
    return [{ label: `${way} bandwidth`, span, text: `${way} ${words}` }];
  });
  if (said.length === 0) return { kind: 'text', text: '' };
  const figure: Figure = {
    text: said.map(({ text }) => text).join(', '),
    certainty: 'exact',
    explanation: [
      'Bits a second, from 1k to 1P. It does nothing unless the bandwidth plugin is in the chain of the CNI.',
    ],
    fields: said.map(({ label, span }) => ({ label, span })),
  };
  return { kind: 'figure', figure };
}

/** What fills the link, and the article's formula. */
function linkBlocks(roundTrip: number, megabits: number): readonly Block[] {
  const bits = megabits * 1e6;
  const { bytes: full, needsWindowScaling } = bandwidthDelay(bits, roundTrip);
  const { rateBitsPerSecond, windowBitsPerSecond, limitedBy } = articleTcp({
    receiveWindowBytes: receiveBuffer,
    roundTripSeconds: roundTrip / 1000,
    bandwidthBitsPerSecond: bits,
  });
  const window = size(receiveBuffer);
  const figure = (text: string, certainty: Certainty, explanation: readonly string[]): Figure => ({
    text,
    certainty,
    explanation,
    fields: [],
  });
  const scaling = needsWindowScaling
    ? 'More than 65,535 bytes: it takes window scaling, which Linux has switched on.'
    : 'It fits a window without scaling.';
  const buffers = (name: string, most: number) =>
    full <= most
      ? `${name} lets it grow to ${size(most)}: enough.`
      : `${name} lets it grow to ${size(most)} only: one connection cannot fill the link.`;
  const filledIn = `min(${window} × 8 ÷ ${rounded(roundTrip)} ms, ${rate(bits)}) = min(${rate(windowBitsPerSecond)}, ${rate(bits)})`;
  const remark =
    'A rate and a time cannot be added. What is meant is read as the receive window over the round trip: one connection sends no more than a window each round trip, and no more than the link takes ' +
    `(RFC 6349). Here the ${limitedBy} decides.`;
  return [
    {
      kind: 'figures',
      items: [
        {
          label: 'bandwidth × round trip',
          figure: figure(size(full), 'exact', [
            `${rate(bits)} × ${rounded(roundTrip)} ms ÷ 8 = ${size(full)}: what is under way on a full link`,
            scaling,
          ]),
        },
        {
          label: 'socket buffers for it',
          figure: figure(full <= sendBuffer ? 'Linux’s own' : 'to be raised', 'rule of thumb', [
            buffers('tcp_rmem', receiveBuffer),
            buffers('tcp_wmem', sendBuffer),
            'The defaults of a machine with enough memory; SO_RCVBUF and SO_SNDBUF of the program switch their growth off.',
          ]),
        },
      ],
    },
    {
      kind: 'formula',
      formula: 'TCP_send_rate = min(TCP_receive_rate + TCP_delay, TCP_bandwidth)',
      filledIn,
      result: figure(rate(rateBitsPerSecond), 'rule of thumb', [
        'TCP_send_rate = min(TCP_receive_rate + TCP_delay, TCP_bandwidth)',
        `read as ${filledIn} = ${rate(rateBitsPerSecond)}`,
        `The receive window is Linux’s most, ${window} (tcp_rmem).`,
        remark,
      ]),
      remark,
    },
  ];
}

function counted(replicas: number): string {
  return `${replicas} ${replicas === 1 ? 'replica' : 'replicas'}`;
}

/** Three decimals at most, in groups of three. */
function rounded(value: number): string {
  return grouped(BigInt(Math.round(value * 1000)) * 1_000_000n);
}

function size(value: number): string {
  return bytes(BigInt(Math.round(value)) * nano);
}

function rate(bitsPerSecond: number): string {
  if (bitsPerSecond >= 1e9) return `${Math.round(bitsPerSecond / 1e7) / 100} Gbit/s`;
  if (bitsPerSecond >= 1e6) return `${Math.round(bitsPerSecond / 1e4) / 100} Mbit/s`;
  return `${rounded(bitsPerSecond / 1e3)} kbit/s`;
}
