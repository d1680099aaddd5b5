import type { PackedNode, PackingSummary, UnplacedPods } from '../../sizing/packing-model.ts';
import { assumed, inputView } from '../assumptions.ts';
import type { Figure } from '../load-view.ts';
import { nodeHulls } from './node-hulls.ts';
import { allocatableFigures, byteText, kindName, listed, milliText, nodeChoices } from './node-kinds.ts';
import { type NodePacking, nodePacking } from './node-packing.ts';
import type { Section, SectionScope } from './section.ts';
import type { Block, LabelledFigure } from './section-view.ts';

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
  const bound = bindingText(now);
  const kinds = chosen.kinds.map(({ template }) => kindName(template.name)).join(' or ');
  const missing = now.unplaced.reduce((sum, pods) => sum + pods.count, 0);
  return {
    id: 'nodes',
    title: 'Nodes',
    telling: [
      `${needed.text} ${count} (${kinds})`,
      ...(peak === now ? [] : [`${peak.nodeCount} at the peak of a rollout`]),
      ...(bound === undefined ? [] : [bound]),
      ...(missing === 0 ? [] : [`${missing} ${missing === 1 ? 'pod fits' : 'pods fit'} nowhere`]),
    ].join(' · '),
    headline: { label: count, figure: needed, remark: bound ?? 'nothing to place' },
    blocks: [
      inputsBlock(scope, packing),
      { kind: 'figures', items: countFigures(packing) },
      ...unplacedBlocks(packing),
      ...(now.nodes.length > 0 ? [nodeHulls(packing)] : []),
      { kind: 'figures', items: [...strandedFigures(packing), ...chosen.kinds.flatMap(allocatableFigures)] },
      ...costBlocks(scope, packing),
      ...remarks(packing),
    ],
  };
};

function inputsBlock({ inputs, settings }: SectionScope, packing: NodePacking | undefined): Block {
  const isSaid = (name: 'nodeLabels' | 'nodeTaints') => assumed(name, inputs, settings) !== '';
  const own = packing === undefined || packing.chosen.kinds.some(({ shape }) => shape === undefined);
  const traits = packing?.isChoosy === true || isSaid('nodeLabels') || isSaid('nodeTaints');
  return {
    kind: 'inputs',
    inputs: [
      inputView('nodeShape', inputs, settings, { kind: 'choice', groups: nodeChoices() }),
      ...(own ? [inputView('nodeCpu', inputs, settings), inputView('nodeMemory', inputs, settings)] : []),
      inputView('moreNodeShapes', inputs, settings),
      inputView('nodePrice', inputs, settings),
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
  const bound = bindingText(packing);
  return estimate(`${nodeCount}${open ? ' or more' : ''}`, [
    `${when}: ${placed} ${placed === 1 ? 'pod' : 'pods'} on ${kinds === '' ? 'no node' : kinds}.`,
    'By first fit, the largest pods first, as the cluster autoscaler estimates; the scheduler may spread them wider.',
    ...(bound === undefined ? [] : [`${bound.charAt(0).toUpperCase()}${bound.slice(1)}.`]),
    `No packing does with fewer than ${lowerBound}.`,
    ...(open ? ['Some pods are not counted: what they request is not known.'] : []),
  ]);
}

function bindingText({ binding }: PackingSummary): string | undefined {
  if (binding === undefined) return undefined;
  if (binding === 'one-per-node') return 'bound by pods that stand apart';
  return `bound by ${binding === 'pods' ? 'the number of pods' : binding === 'cpu' ? 'CPU' : binding}`;
}

function countFigures({ now, peak, least, most, unknown }: NodePacking): readonly LabelledFigure[] {
  const open = unknown.length > 0;
  const scales = least !== undefined || most !== undefined;
  return [
    ...(scales
      ? [
          {
            label: 'nodes at the least',
            figure: neededFigure(least ?? now, open, 'Every autoscaler at its minimum, no Job running'),
          },
        ]
      : []),
    { label: 'nodes now', figure: neededFigure(now, open, 'The pods as the files say') },
    {
      label: 'nodes at the peak of a rollout',
      figure: neededFigure(peak ?? now, open, 'Everything rolls out at once, with its surge'),
    },
    ...(scales
      ? [{ label: 'nodes at the most', figure: neededFigure(most ?? now, open, 'Every autoscaler at its maximum') }]
      : []),
    { label: 'lower bound', figure: boundFigure(now) },
  ];
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

/** What is left of nodes on which not even the smallest pods in view fit, as something else ran out. */
function strandedFigures({ now, pods }: NodePacking): readonly LabelledFigure[] {
  if (now.nodes.length === 0) return [];
  const smallest = (resource: string) =>
    pods.reduce((least, { requests }) => Math.min(least, requests.get(resource) ?? 0), Number.POSITIVE_INFINITY);
  const least = new Map(['cpu', 'memory'].map((resource) => [resource, smallest(resource)]));
  const free = ({ allocatable, used }: PackedNode, resource: string) =>
    (allocatable.get(resource) ?? 0) - (used.get(resource) ?? 0);
  const sum = (of: readonly PackedNode[], resource: string) =>
    of.reduce((total, node) => total + free(node, resource), 0);
  return (['cpu', 'memory'] as const).map((resource) => {
    const other = resource === 'cpu' ? 'memory' : 'cpu';
    const full = now.nodes.filter((node) => free(node, other) < (least.get(other) ?? 0) || free(node, 'pods') < 1);
    const text = resource === 'cpu' ? milliText : byteText;
    const [name, otherName] = resource === 'cpu' ? ['CPU', 'memory'] : ['memory', 'CPU'];
    const [lost, idle] = [sum(full, resource), sum(now.nodes, resource)];
    const whole = now.nodes.reduce((total, { allocatable }) => total + (allocatable.get(resource) ?? 0), 0);
    const percent = whole === 0 ? 0 : Math.round((idle / whole) * 100);
    return {
      label: `stranded ${name}`,
      figure: estimate(text(lost), [
        `Idle on ${now.nodes.length} ${now.nodes.length === 1 ? 'node' : 'nodes'}: ${text(idle)} of ${text(whole)} (${percent} %)`,
        full.length === 0
          ? `None of it is stranded: ${otherName} and places for pods are left on every node.`
          : `${text(lost)} of it is on ${full.length} ${full.length === 1 ? 'node' : 'nodes'} without ${otherName}, or a place, for even the smallest pod.`,
      ]),
    };
  });
}

function unplacedBlocks({ now, pods }: NodePacking): readonly Block[] {
  if (now.unplaced.length === 0) return [];
  const byId = new Map(pods.map((one) => [one.sized.workload.id, one.sized.workload]));
  return [
    {
      kind: 'table',
      caption: 'Pods that find no place',
      columns: ['pods', 'why'],
      rows: now.unplaced.map(({ workload, count, reason }) => {
        const fields = byId.get(workload);
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

/** Nodes × price × hours; nothing where no price is given. */
function costBlocks(
  { inputs, settings }: SectionScope,
  { chosen, now, peak, least, most }: NodePacking,
): readonly Block[] {
  const prices = listed(assumed('nodePrice', inputs, settings)).map(Number);
  if (prices.length === 0 || prices.some((price) => !Number.isFinite(price) || price < 0)) return [];
  if (prices.length !== chosen.kinds.length) {
    const text = `There are ${chosen.kinds.length} kinds of node and ${prices.length} prices: write one for each, separated by commas.`;
    return [{ kind: 'text', tone: 'warning', text }];
  }
  const cost = (label: string, { nodesOf }: PackingSummary, hours: number): LabelledFigure => {
    const parts = chosen.kinds.map(({ template }, at) => ({
      name: kindName(template.name),
      count: nodesOf.get(template.name) ?? 0,
      price: prices[at] ?? 0,
    }));
    const total = parts.reduce((sum, { count, price }) => sum + count * price, 0) * hours;
    const sum = parts.map(({ name, count, price }) => `${count} ${name} × ${price}`).join(' + ');
    return {
      label,
      figure: estimate(money(total), [
        `(${sum}) × ${hours} ${hours === 1 ? 'hour' : 'hours'} = ${money(total)}`,
        'In the currency of the price; disks, traffic and discounts are not in it.',
      ]),
    };
  };
  return [
    {
      kind: 'figures',
      items: [
        cost('cost an hour', now, 1),
        cost('cost a month', now, hoursOfMonth),
        ...(least === undefined ? [] : [cost('a month at the least', least, hoursOfMonth)]),
        ...(most === undefined ? [] : [cost('a month at the most', most, hoursOfMonth)]),
        ...(peak === undefined ? [] : [cost('an hour at the peak', peak, 1)]),
      ],
    },
  ];
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
  const free = pods.filter(({ requests }) => !['cpu', 'memory'].some((resource) => (requests.get(resource) ?? 0) > 0));
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
