import { utilizationMetrics } from '../../kubernetes/autoscaler.ts';
import { clampReplicas, hpaRange, resourceReplicas, scaleUpCeiling } from '../../sizing/hpa.ts';
import type { Sized } from '../load.ts';
import { located } from '../load-figures.ts';
import type { Figure } from '../load-view.ts';
import { podCounts } from '../pod-counts.ts';
import { rounded } from './link-blocks.ts';
import type { SectionScope } from './section.ts';
import type { Block, Cell, TableRow } from './section-view.ts';

/** Workloads that are shown one by one. */
const mostRows = 40;

/** What autoscalers that go by CPU make of a load that takes so many thousandths of a CPU. */
export function autoscalerBlocks(scope: SectionScope, serving: readonly Sized[], loadMilli: number): readonly Block[] {
  const rows = serving.slice(0, mostRows).flatMap((sized) => rowOf(sized, scope, loadMilli));
  if (rows.length === 0) return [];
  return [
    {
      kind: 'table',
      caption: 'Autoscalers under this load',
      columns: ['pods now', 'holds', 'use now', 'asks for', 'in 15 s at most'],
      rows,
    },
  ];
}

function rowOf(sized: Sized, { scalings }: SectionScope, loadMilli: number): readonly TableRow[] {
  const { workload, pod } = sized;
  const scaling = scalings.get(workload.id);
  const metric = scaling && utilizationMetrics(scaling.object).find(({ resource }) => resource === 'cpu');
  const target = metric?.container === undefined ? metric?.target : undefined;
  const now = podCounts(sized, scaling)?.now;
  const range = scaling?.most === undefined ? undefined : hpaRange(scaling.most, scaling.least);
  if (scaling === undefined || target === undefined || now === undefined || now === 0 || range === undefined) return [];
  const fields = located([scaling.min, scaling.max]);
  const figure = (text: string, explanation: readonly string[]): Cell => {
    const one: Figure = { text, certainty: 'estimate', explanation, fields };
    return { kind: 'figure', figure: one };
  };
  const head = { head: workload.name, place: workload.span };
  const pods = figure(`${now}`, [sized.values.copies.explanation]);
  const holds = figure(`${target} %`, ['of the CPU request, on average over the pods']);
  const { value } = pod.cpuRequest;
  const requestMilli = typeof value === 'bigint' ? value / 1_000_000n : 0n;
  // The load is spread evenly.
  const each = { state: 'counted', metricMilli: BigInt(Math.round(loadMilli / now)), requestMilli } as const;
  const result = resourceReplicas(
    now,
    Array.from({ length: now }, () => each),
    target,
  );
  if (result === undefined) {
    const why = ['Without a CPU request in every container its use in percent is not known: nothing is scaled.'];
    return [
      {
        ...head,
        cells: [pods, holds, figure('unknown', why), figure('never scales', why), { kind: 'text', text: '' }],
      },
    ];
  }
  const { replicas, utilizationPercent = 0 } = result;
  const wanted = clampReplicas(replicas, range);
  const soon = Math.min(wanted, scaleUpCeiling(now));
  const bound = wanted === replicas ? [] : [`moved into ${range.minReplicas} to ${range.maxReplicas}: ${wanted}`];
  return [
    {
      ...head,
      cells: [
        pods,
        holds,
        figure(`${utilizationPercent} %`, [
          `${rounded(loadMilli)}m ÷ ${now} pods = ${each.metricMilli}m of ${requestMilli}m requested`,
        ]),
        figure(`${wanted}`, [
          replicas === now
            ? `${utilizationPercent} ÷ ${target} is within 10 % of 1: it stays`
            : `⌈${utilizationPercent} ÷ ${target} × ${now}⌉ = ${replicas}`,
          ...bound,
          ...(replicas > range.maxReplicas ? ['The load is more than the most replicas take at that target.'] : []),
        ]),
        figure(`${soon}`, [
          wanted > now
            ? `up: no more than max(2 × ${now}, ${now} + 4) = ${scaleUpCeiling(now)} within 15 s`
            : 'down: only what the last 300 s did not want, then all at once',
        ]),
      ],
    },
  ];
}
