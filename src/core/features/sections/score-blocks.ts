import { podsPerNode } from '../../sizing/packing.ts';
import type { NodeTemplate } from '../../sizing/packing-model.ts';
import { balancedAllocation, leastAllocated, mostAllocated, type ScoreInputs } from '../../sizing/scheduler-score.ts';
import { insufficient, type SchedulerAmounts, scoredAmounts } from '../../sizing/scheduler-units.ts';
import type { Figure } from '../load-view.ts';
import { kindName } from './node-kinds.ts';
import type { NodePacking, Packable } from './node-packing.ts';
import type { Block, Cell, TableRow } from './section-view.ts';

/** Workloads that are scored one by one. */
const mostRows = 10;

/** How the scheduler would weigh the chosen kinds of node for a pod, were they empty; nothing where there is one kind. */
export function scoreBlocks({ chosen, pods, daemonSets }: NodePacking): readonly Block[] {
  if (chosen.kinds.length < 2 || pods.length === 0) return [];
  const existing = sumOf(daemonSets);
  const rows = pods.slice(0, mostRows).map(
    (one): TableRow => ({
      head: one.sized.workload.name,
      place: one.sized.workload.span,
      cells: chosen.kinds.map(({ template }) => scoreCell(one, template, existing)),
    }),
  );
  return [
    {
      kind: 'table',
      caption: 'Scores of an empty node',
      columns: chosen.kinds.map(({ template }) => kindName(template.name)),
      rows,
    },
  ];
}

function sumOf(daemonSets: readonly Packable[]): SchedulerAmounts {
  const sum = new Map<string, number>();
  for (const { sized } of daemonSets) {
    for (const [resource, amount] of scoredAmounts(sized.values.defaulted.pod))
      sum.set(resource, (sum.get(resource) ?? 0) + amount);
  }
  return sum;
}

function scoreCell({ sized, requests }: Packable, template: NodeTemplate, existing: SchedulerAmounts): Cell {
  const { allocatable } = template;
  const short = insufficient(requests, allocatable);
  if (short.length > 0) return { kind: 'text', text: `too little ${short.join(' and ')}` };
  const inputs: ScoreInputs = { pod: scoredAmounts(sized.values.defaulted.pod), existing, allocatable };
  const [least, balanced] = [leastAllocated(inputs), balancedAllocation(inputs)];
  const figure: Figure = {
    text: `${least + (balanced ?? 0)}`,
    certainty: 'estimate',
    explanation: [
      `NodeResourcesFit, LeastAllocated: ${least}, the idle part of CPU and memory with the pod there, 0 to 100`,
      balanced === undefined
        ? 'NodeResourcesBalancedAllocation does not look at pods that request nothing.'
        : `NodeResourcesBalancedAllocation: ${balanced}, more where the pod evens CPU and memory out`,
      `Both with weight 1: ${least + (balanced ?? 0)}. A profile that packs (MostAllocated) gives ${mostAllocated(inputs)} instead of ${least}.`,
      `An empty node takes ${podsPerNode(requests, template)} of these pods.`,
      'Containers without requests are taken at 100m and 200Mi. Affinity, spread, images and what runs there count as well: no node can be told.',
    ],
    fields: [],
  };
  return { kind: 'figure', figure };
}
