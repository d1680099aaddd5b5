import { onceFor } from '../../text/once-for.ts';
import { assumedNumber, inputView } from '../assumptions.ts';
import { type CacheInView, cacheIn, type Demand, hitRatios, ratioCurve, ratioOf } from '../cache-figures.ts';
import { bytes, grouped, nano } from '../explain.ts';
import type { Sized } from '../load.ts';
import type { WorkloadFields } from '../load-fields.ts';
import { located } from '../load-figures.ts';
import type { Figure } from '../load-view.ts';
import { editable } from '../load-workload.ts';
import type { Section } from './section.ts';
import type { Axis, Block, CurveMark, TableRow } from './section-view.ts';

/** Servers that are marked on the curve. */
const mostServers = 8;

interface Server extends CacheInView {
  readonly head: string;
  readonly sized: Sized;
  readonly place: TableRow['place'];
}

/** The hit ratio of cache servers over their size, with today's bound marked. */
export const cache: Section = (scope) => {
  const servers: Server[] = [];
  for (const sized of scope.sized) {
    if (hasCache(sized.workload)) servers.push(...serversOf(sized));
    if (servers.length >= mostServers) break;
  }
  servers.splice(mostServers);
  if (servers.length === 0) return undefined;
  const { inputs, settings } = scope;
  const views = (['keys', 'itemBytes', 'popularity'] as const).map((name) => inputView(name, inputs, settings));
  const [keys, itemBytes, exponent] = [
    assumedNumber('keys', inputs, settings),
    assumedNumber('itemBytes', inputs, settings),
    assumedNumber('popularity', inputs, settings),
  ];
  const demand: Demand | undefined =
    keys === undefined || itemBytes === undefined || exponent === undefined
      ? undefined
      : { keys: Math.max(1, Math.round(keys)), itemBytes, exponent };
  const first = servers[0];
  const blocks: Block[] = [{ kind: 'inputs', inputs: views }];
  if (demand === undefined) {
    const text = 'Say how many different keys are asked for, and the hit ratio over the size of the cache shows here.';
    blocks.push({ kind: 'text', tone: 'quiet', text });
  } else blocks.push(curveOf(demand, servers));
  blocks.push(tableOf(servers, demand), ...servers.flatMap(remarks));
  return {
    id: 'cache',
    title: 'Cache',
    telling: first === undefined ? '' : tellingOf(first, demand),
    blocks,
  };
};

/** Which of its containers are caches no draft decides. */
const hasCache = onceFor((workload: WorkloadFields) =>
  workload.containers.some((container) => cacheIn(workload, container, {}) !== undefined),
);

function serversOf(sized: Sized): readonly Server[] {
  const { workload, draft, values } = sized;
  return values.containers.flatMap(({ fields }) => {
    const found = cacheIn(workload, fields, draft);
    if (found === undefined) return [];
    const head = values.containers.length === 1 ? workload.name : `${workload.name}/${fields.name}`;
    return [{ ...found, head, sized, place: fields.span }];
  });
}

function tellingOf(server: Server, demand: Demand | undefined): string {
  const size = server.bytes === undefined ? 'no bound' : mib(server.bytes);
  if (demand === undefined) return `${server.head}: ${size} · say how many keys are asked for`;
  if (server.bytes === undefined) return `${server.head}: no bound to mark`;
  const ratio = ratioOf(hitRatios(demand, Number(server.bytes)), server.evicts);
  if (ratio === undefined) return `${size} of data, and what is full evicts nothing by use`;
  return `hit ratio ${share(ratio)} at ${size}`;
}

function curveOf(demand: Demand, servers: readonly Server[]): Block {
  const curve = ratioCurve(demand);
  const all = demand.keys * demand.itemBytes;
  const marks = servers.flatMap((server): readonly CurveMark[] => {
    if (server.bytes === undefined) return [];
    const size = Number(server.bytes);
    const ratios = hitRatios(demand, size);
    const y = ratioOf(ratios, server.evicts) ?? ratios.lru;
    const whose = servers.length > 1 ? `${server.head}: ` : '';
    return [{ x: Math.min(size, all), y, label: `${whose}${mib(server.bytes)}, ${share(y)}` }];
  });
  const line = (label: string, of: 'lru' | 'sampled' | 'best') => ({
    label,
    points: curve.map((point) => ({ x: point.bytes, y: point[of] })),
  });
  const half = curve.find(({ lru }) => lru >= 0.5);
  const words = [
    `Hit ratio over cache size, up to ${mib(BigInt(Math.round(all)))} for all keys.`,
    half === undefined ? '' : `LRU finds half of all requests with ${mib(BigInt(Math.round(half.bytes)))} or less.`,
    ...marks.map(({ label }) => `Marked: ${label}.`),
  ];
  return {
    kind: 'curve',
    words: words.filter((text) => text !== '').join(' '),
    x: sizeAxis(all),
    y: {
      label: 'hit ratio',
      from: 0,
      to: 1,
      ticks: [0, 0.25, 0.5, 0.75, 1].map((at) => ({ at, text: `${at * 100} %` })),
    },
    lines: [line('exact LRU', 'lru'), line('Redis, 5 samples', 'sampled'), line('bound of LFU', 'best')],
    marks,
  };
}

/** Ticks at round amounts in a binary unit, as people write them: at least two, at most three beside zero. */
function sizeAxis(all: number): Axis {
  const unit = [2 ** 40, 2 ** 30, 2 ** 20, 2 ** 10].find((one) => all >= 2 * one) ?? 1;
  const power = 10 ** Math.floor(Math.log10(all / unit));
  const step = [0.2, 0.5, 1, 2, 5].map((one) => one * power * unit).find((one) => all / one < 4) ?? all;
  const ticks = Array.from({ length: Math.floor(all / step) + 1 }, (_, index) => index * step);
  return {
    label: 'memory for data',
    from: 0,
    to: all,
    ticks: ticks.map((at) => ({ at, text: mib(BigInt(Math.round(at))) })),
  };
}

function tableOf(servers: readonly Server[], demand: Demand | undefined): Block {
  return {
    kind: 'table',
    caption: 'Cache servers',
    columns: ['setting', 'for data', 'room for keys', 'evicts by', 'hit ratio'],
    rows: servers.map(({ head, place, field, bytes: size, evicts, sized }): TableRow => {
      const fields = located(field === undefined ? [] : [field]);
      const figure = (text: string, certainty: Figure['certainty'], explanation: readonly string[]) =>
        ({ kind: 'figure', figure: { text, certainty, explanation, fields } }) as const;
      const unset = { text: 'unset', nano: undefined };
      return {
        head,
        ...(place && { place }),
        cells: [
          field === undefined
            ? { kind: 'text', text: '' }
            : { kind: 'field', field: editable(field, sized.draft, sized.problems, unset) },
          size === undefined
            ? figure('unbounded', 'exact', [
                'Nothing that is written here bounds it: it grows until the limit kills it.',
              ])
            : figure(mib(size), 'exact', [`= ${mib(size)}`]),
          ...(size === undefined || demand === undefined
            ? ([
                { kind: 'text', text: '' },
                { kind: 'text', text: evicts },
                { kind: 'text', text: '' },
              ] as const)
            : ([
                figure(number(Math.floor(Number(size) / demand.itemBytes)), 'estimate', [
                  `${mib(size)} ÷ ${demand.itemBytes} bytes an item = ${number(Math.floor(Number(size) / demand.itemBytes))} keys`,
                  `${number(demand.keys)} different keys are asked for.`,
                ]),
                { kind: 'text', text: evicts },
                ratioCell(size, evicts, demand, figure),
              ] as const)),
        ],
      };
    }),
  };
}

function ratioCell(
  size: bigint,
  evicts: Server['evicts'],
  demand: Demand,
  figure: (
    text: string,
    certainty: Figure['certainty'],
    explanation: readonly string[],
  ) => { readonly kind: 'figure'; readonly figure: Figure },
): TableRow['cells'][number] {
  const ratios = hitRatios(demand, Number(size));
  const ratio = ratioOf(ratios, evicts);
  if (ratio === undefined) return { kind: 'text', text: evicts === 'nothing' ? 'refuses writes' : '' };
  return figure(share(ratio), 'estimate', [
    `Zipf popularity with exponent ${demand.exponent} over ${number(demand.keys)} keys, each request independent of the last.`,
    `exact LRU, by Che’s approximation: ${share(ratios.lru)}`,
    `Redis’s LRU of 5 samples: ${share(ratios.sampled)}`,
    `the most popular keys kept for good, which bounds LFU: ${share(ratios.best)}`,
    `Its own eviction counts: ${evicts}.`,
  ]);
}

function remarks({ head, evicts, bytes: size, place }: Server): readonly Block[] {
  if (evicts !== 'nothing' || size === undefined) return [];
  const text = `${head} evicts nothing when it is full: writes fail. A maxmemory-policy such as allkeys-lru makes it a cache.`;
  return [{ kind: 'text', tone: 'quiet', text, ...(place && { place }) }];
}

function number(value: number): string {
  return grouped(BigInt(Math.round(value)) * nano);
}

function share(ratio: number): string {
  return `${Math.round(ratio * 1000) / 10} %`;
}

function mib(size: bigint): string {
  return bytes(size * nano);
}
