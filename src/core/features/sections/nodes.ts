import type { PackedNode, PackingSummary, UnplacedPods } from '../../sizing/packing-model.ts';
import { assumed, inputView } from '../assumptions.ts';
import type { Figure } from '../load-view.ts';
import { nodeHulls } from './node-hulls.ts';
import { allocatableTable, byteText, kindName, listed, milliText, nodeChoices } from './node-kinds.ts';
import { type NodePacking, nodePacking } from './node-packing.ts';
import { scoreBlocks } from './score-blocks.ts';
import type { Section, SectionScope } from './section.ts';
import type { Block, Cell, LabelledFigure, TableBlock } from './section-view.ts';

const hoursOfMonth = 730;
/** Names in one sentence. */
const mostNames = 5;

/** The nodes that the pods in view need: at least, now, while they roll; what binds, what is stranded, what it costs. */
export const nodes: Section = (scope) => {
  if (!scope.sized.some(({ workload }) => workload.source.kind === 'kubernetes')) return undefined;
  const packing = nodePacking(scope);
  if (packing === undefined) {
    return { id: 'nodes', title: 'Nodes', telling: 'choose a node', blocks: [inputsBlock(scope, undefined)] };
  }
  const { now, peak = now, unknown, chosen } = packing;
  const needed = neededFigure(now, unknown.length > 0, 'The pods as the files say');
  const count = now.nodeCount === 1 ? 'node' : 'nodes';
  const bound = boundBy(now);
  const kinds = chosen.kinds.map(({ template }) => kindName(template.name)).join(' or ');
  const missing = now.unplaced.reduce((sum, pods) => sum + pods.count, 0);
  const nowhere = `${missing} ${missing === 1 ? 'pod fits' : 'pods fit'} nowhere`;
  const prices = pricesOf(scope, packing);
  const moments = momentsOf(packing, prices === 'mismatched' ? undefined : prices);
  const month = moments.find(({ packed, month: cost }) => packed === now && cost !== undefined)?.month;
  return {
    id: 'nodes',
    title: 'Nodes',
    telling: [
      `${needed.text} ${count} (${kinds})`,
      ...(peak.nodeCount === now.nodeCount ? [] : [`${peak.nodeCount} while rolling`]),
      ...(bound === undefined ? [] : [`bound by ${bound}`]),
      ...(missing === 0 ? [] : [nowhere]),
    ].join(' · '),
    headlines: [
      {
        label: count,
        figure: needed,
        remark: missing > 0 ? nowhere : bound === undefined ? 'nothing to place' : `bound by ${bound}`,
      },
      ...(month === undefined ? [] : [{ label: 'cost a month', figure: month, remark: 'nodes alone' }]),
    ],
    blocks: [
      inputsBlock(scope, packing),
      ...(prices === 'mismatched' ? [mismatchBlock(scope, packing)] : []),
      momentsTable(moments, unknown.length > 0),
      ...unplacedBlocks(packing),
      ...(now.nodes.length > 0 ? [nodeHulls(packing)] : []),
      { kind: 'figures', items: [{ label: 'lower bound', figure: boundFigure(now) }, ...strandedFigures(packing)] },
      allocatableTable(chosen.kinds),
      ...scoreBlocks(packing),
      ...remarks(packing),
    ],
  };
};

/** Of a node of one's own. */
const ownInputs = ['nodeCpu', 'nodeMemory', 'nodeReserved', 'nodeEviction'] as const;

/** Further fields come when something in view depends on them. */
function inputsBlock({ inputs, settings }: SectionScope, packing: NodePacking | undefined): Block {
  const isSaid = (name: 'nodeLabels' | 'nodeTaints' | 'nodeMaxPods' | 'nodeMore') =>
    assumed(name, inputs, settings) !== '';
  const own = packing === undefined || packing.chosen.kinds.some(({ shape }) => shape === undefined);
  const isShort = (packing?.uncounted ?? []).length > 0;
  const traits = packing?.isChoosy === true || isSaid('nodeLabels') || isSaid('nodeTaints');
  return {
    kind: 'inputs',
    inputs: [
      inputView('nodeShape', inputs, settings, { kind: 'choice', groups: nodeChoices() }),
      ...(own ? ownInputs.map((name) => inputView(name, inputs, settings)) : []),
      inputView('moreNodeShapes', inputs, settings, { kind: 'choices', groups: nodeChoices() }),
      inputView('nodePrice', inputs, settings),
      ...(packing?.now.binding === 'pods' || isSaid('nodeMaxPods') ? [inputView('nodeMaxPods', inputs, settings)] : []),
      ...(isShort || isSaid('nodeMore') ? [inputView('nodeMore', inputs, settings)] : []),
      ...(packing?.usesZones === true ? [inputView('zones', inputs, settings)] : []),
      ...(traits ? [inputView('nodeLabels', inputs, settings), inputView('nodeTaints', inputs, settings)] : []),
    ],
  };
}

function estimate(text: string, explanation: readonly string[]): Figure {
  return { text, certainty: 'estimate', explanation, fields: [] };
}

/** A number of nodes; `or more` where some pods could not be counted. */
function neededFigure(packing: PackingSummary, open: boolean, when: string): Figure {
  const { nodeCount, nodesOf, placed, lowerBound } = packing;
  const kinds = [...nodesOf].map(([name, count]) => `${count} × ${kindName(name)}`).join(', ');
  const bound = boundBy(packing);
  return estimate(`${nodeCount}${open ? ' or more' : ''}`, [
    `${when}: ${placed} ${placed === 1 ? 'pod' : 'pods'} on ${kinds === '' ? 'no node' : kinds}.`,
    'By first fit, the largest pods first, as the cluster autoscaler estimates; the scheduler may spread them wider.',
    ...(bound === undefined ? [] : [`Bound by ${bound}.`]),
    `No packing does with fewer than ${lowerBound}.`,
    ...(open ? ['Some pods are not counted: what they request is not known.'] : []),
  ]);
}

/** What would have to be more for fewer nodes: `CPU`. */
function boundBy({ binding }: PackingSummary): string | undefined {
  if (binding === undefined) return undefined;
  if (binding === 'one-per-node') return 'pods that stand apart';
  return binding === 'pods' ? 'the number of pods' : binding === 'cpu' ? 'CPU' : binding;
}

/** How the pods in view are counted, and the nodes that they then need. */
interface Moment {
  readonly head: string;
  readonly when: string;
  readonly packed: PackingSummary;
  /** Of an hour, and of a month: a rollout is over long before that. */
  readonly hour: Figure | undefined;
  readonly month: Figure | undefined;
}

function momentsOf({ chosen, now, peak, least, most }: NodePacking, prices: readonly number[] | undefined) {
  const scales = least !== undefined || most !== undefined;
  const moment = (head: string, when: string, packed: PackingSummary, lasts = true): Moment => {
    const cost = (unit: CostUnit) => prices && costFigure(chosen.kinds, packed.nodesOf, prices, unit);
    return { head, when, packed, hour: cost('hour'), month: lasts ? cost('month') : undefined };
  };
  return [
    ...(scales ? [moment('at the least', 'Every autoscaler at its minimum, no Job running', least ?? now)] : []),
    moment('now', 'The pods as the files say', now),
    moment('while rolling', 'Everything rolls out at once, with its surge', peak ?? now, false),
    ...(scales ? [moment('at the most', 'Every autoscaler at its maximum', most ?? now)] : []),
  ];
}

function momentsTable(moments: readonly Moment[], open: boolean): TableBlock {
  const costs = moments.some(({ hour }) => hour !== undefined);
  const costCell = (figure: Figure | undefined): Cell =>
    figure === undefined ? { kind: 'text', text: '' } : { kind: 'figure', figure };
  return {
    kind: 'table',
    caption: 'Nodes needed',
    columns: ['nodes', 'bound by', ...(costs ? ['cost an hour', 'a month'] : [])],
    rows: moments.map(({ head, when, packed, hour, month }) => ({
      head,
      cells: [
        { kind: 'figure', figure: neededFigure(packed, open, when) },
        { kind: 'text', text: boundBy(packed) ?? 'nothing' },
        ...(costs ? [costCell(hour), costCell(month)] : []),
      ],
    })),
  };
}

function boundFigure({ lowerBound, bounds, nodeCount }: PackingSummary): Figure {
  const lines = bounds.flatMap(({ nodes: count, volume, homogeneous, sharing }) => [
    ...[...volume].map(([resource, least]) => {
      const what = resource === 'pods' ? 'pods ÷ pods of a node' : `Σ ${resource} requests ÷ allocatable`;
      return `⌈${what}⌉ = ${least}`;
    }),
    `⌈pods of one workload ÷ those that fit a node⌉ = ${homogeneous}`,
    ...(sharing > 0 ? [`large pods that cannot share a node: ${sharing}`] : []),
    `the greatest counts: ${count}`,
  ]);
  const gap = lowerBound === nodeCount ? 'So the packing is the best that is possible.' : 'The best lies between.';
  return estimate(`${lowerBound}`, [...lines.slice(0, 12), `Packed: ${nodeCount}. ${gap}`]);
}

/** What is left of a resource on the nodes. */
interface Rest {
  whole: number;
  idle: number;
  /** On nodes that take no pod more. */
  lost: number;
  full: number;
}

function rest(): Rest {
  return { whole: 0, idle: 0, lost: 0, full: 0 };
}

function count(to: Rest, whole: number, free: number, isFull: boolean): void {
  to.whole += whole;
  to.idle += free;
  if (!isFull) return;
  to.lost += free;
  to.full++;
}

function freeOf({ allocatable, used }: PackedNode, resource: string): number {
  return (allocatable.get(resource) ?? 0) - (used.get(resource) ?? 0);
}

/** What is left of nodes on which not even the smallest pods in view fit, as something else ran out. */
function strandedFigures({ now, pods }: NodePacking): readonly LabelledFigure[] {
  if (now.nodes.length === 0) return [];
  const [cpu, memory] = [rest(), rest()];
  let [leastCpu, leastMemory] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (const one of pods) {
    leastCpu = Math.min(leastCpu, one.cpu);
    leastMemory = Math.min(leastMemory, one.memory);
  }
  for (const node of now.nodes) {
    const [freeCpu, freeMemory] = [freeOf(node, 'cpu'), freeOf(node, 'memory')];
    const isCrowded = freeOf(node, 'pods') < 1;
    count(cpu, node.allocatable.get('cpu') ?? 0, freeCpu, isCrowded || freeMemory < leastMemory);
    count(memory, node.allocatable.get('memory') ?? 0, freeMemory, isCrowded || freeCpu < leastCpu);
  }
  return (['cpu', 'memory'] as const).map((resource) => {
    const { lost, idle, whole, full } = resource === 'cpu' ? cpu : memory;
    const text = resource === 'cpu' ? milliText : byteText;
    const [name, otherName] = resource === 'cpu' ? ['CPU', 'memory'] : ['memory', 'CPU'];
    const percent = whole === 0 ? 0 : Math.round((idle / whole) * 100);
    return {
      label: `stranded ${name}`,
      figure: estimate(text(lost), [
        `Idle on ${now.nodes.length} ${now.nodes.length === 1 ? 'node' : 'nodes'}: ${text(idle)} of ${text(whole)} (${percent} %)`,
        full === 0
          ? `None of it is stranded: ${otherName} and places for pods are left on every node.`
          : `${text(lost)} of it is on ${full} ${full === 1 ? 'node' : 'nodes'} without ${otherName}, or a place, for even the smallest pod.`,
      ]),
    };
  });
}

function unplacedBlocks({ now, pods, places }: NodePacking): readonly Block[] {
  if (now.unplaced.length === 0) return [];
  return [
    {
      kind: 'table',
      caption: 'Pods that find no place',
      columns: ['pods', 'why'],
      rows: now.unplaced.map(({ workload, count, reason }) => {
        const fields = pods[places.get(workload) ?? -1]?.sized.workload;
        return {
          head: fields?.name ?? workload,
          ...(fields && { place: fields.span }),
          cells: [
            { kind: 'text', text: `${count}` },
            { kind: 'text', text: reasonText(reason) },
          ],
        };
      }),
    },
  ];
}

function reasonText(reason: UnplacedPods['reason']): string {
  if (reason.kind === 'node-limit') return 'needs more nodes than there may be';
  if (reason.kind === 'topology') return 'its spread or anti-affinity forbids every place that is left';
  return reason.templates
    .map(({ template, mismatch, insufficient }) => {
      const node = kindName(template);
      if (mismatch === undefined) {
        const short = insufficient.map((resource) => (resource === 'cpu' ? 'CPU' : resource)).join(' and ');
        return short === '' ? `${node}: a host port is taken by a DaemonSet` : `${node} has too little ${short}`;
      }
      if (mismatch.kind === 'taint') return `${node} has the taint ${mismatch.taint.key}`;
      if (mismatch.kind === 'selector') return `${node} has not the ${mismatch.key} that is asked for`;
      return `${node} is not what the node affinity asks for`;
    })
    .join('; ');
}

/** The price of each kind of node in their order; undefined where none is given. */
function pricesOf(
  { inputs, settings }: SectionScope,
  { chosen }: NodePacking,
): readonly number[] | 'mismatched' | undefined {
  const prices = listed(assumed('nodePrice', inputs, settings)).map(Number);
  if (prices.length === 0 || prices.some((price) => !Number.isFinite(price) || price < 0)) return undefined;
  return prices.length === chosen.kinds.length ? prices : 'mismatched';
}

function mismatchBlock({ inputs, settings }: SectionScope, { chosen }: NodePacking): Block {
  const given = listed(assumed('nodePrice', inputs, settings)).length;
  const prices = given === 1 ? '1 price' : `${given} prices`;
  const kinds = chosen.kinds.length === 1 ? 'is 1 kind' : `are ${chosen.kinds.length} kinds`;
  const text = `There ${kinds} of node and ${prices}: write one for each, separated by commas.`;
  return { kind: 'text', tone: 'warning', text };
}

type CostUnit = 'hour' | 'month';

/** Nodes × price × hours. */
function costFigure(
  kinds: NodePacking['chosen']['kinds'],
  nodesOf: PackingSummary['nodesOf'],
  prices: readonly number[],
  unit: CostUnit,
): Figure {
  const parts = kinds.map(({ template }, at) => ({
    name: kindName(template.name),
    count: nodesOf.get(template.name) ?? 0,
    price: prices[at] ?? 0,
  }));
  const hour = parts.reduce((sum, { count, price }) => sum + count * price, 0);
  const sum = parts.map(({ name, count, price }) => `${count} ${name} × ${price}`).join(' + ');
  return estimate(money(unit === 'hour' ? hour : hour * hoursOfMonth), [
    `${sum} = ${money(hour)} an hour`,
    ...(unit === 'hour' ? [] : [`${money(hour)} × ${hoursOfMonth} hours = ${money(hour * hoursOfMonth)} a month`]),
    'In the currency of the price; disks, traffic and discounts are not in it.',
  ]);
}

/** Two decimals, more for small sums, none lost that the price has. */
function money(amount: number): string {
  return amount >= 10 ? amount.toFixed(2) : `${Number(amount.toFixed(4))}`;
}

function some(all: readonly string[]): string {
  const rest = all.length - mostNames;
  return rest > 0 ? `${all.slice(0, mostNames).join(', ')} and ${rest} more` : all.join(', ');
}

function remarks({ pods, daemonSets, unknown, uncounted, taken, now }: NodePacking): readonly Block[] {
  const quiet = (text: string): Block => ({ kind: 'text', tone: 'quiet', text });
  const named = (all: readonly { readonly sized: NodePacking['unknown'][number] }[]) =>
    some(all.map(({ sized }) => sized.workload.name));
  const free = pods.filter(({ cpu, memory }) => cpu <= 0 && memory <= 0);
  const blocks: Block[] = [];
  if (unknown.length > 0) {
    const who = some(unknown.map(({ workload }) => workload.name));
    blocks.push(quiet(`Not counted, as what they request or how many they are is not known: ${who}.`));
  }
  if (free.length > 0)
    blocks.push(quiet(`${named(free)}: nothing is requested, so that any number of them seems to fit.`));
  if (uncounted.length > 0)
    blocks.push(quiet(`Not counted, as nobody has said how much of it nodes have: ${some(uncounted)}.`));
  if (taken.length > 0) blocks.push(quiet(`The nodes are taken to have the labels that pods ask for: ${some(taken)}.`));
  if (daemonSets.length > 0) {
    const where = now.nodes.length === 0 ? 'of every node' : 'of each node first';
    blocks.push(quiet(`DaemonSets take their part ${where}: ${named(daemonSets)}.`));
  }
  return blocks;
}
