import type { PackedNode } from '../../sizing/packing-model.ts';
import { byteText, kindName, milliText } from './node-kinds.ts';
import type { NodePacking, Packable } from './node-packing.ts';
import type { Hull, HullsBlock } from './section-view.ts';

/** Hulls that are drawn: more could not be told apart. */
const mostHulls = 12;
/** Workloads that are named in the words of a hull. */
const mostNames = 4;

interface AlikeNodes {
  readonly node: PackedNode;
  count: number;
}

/** The nodes as hulls, those with the same pods as one; drawn are the first of those that are alike. */
export function nodeHulls({ now, chosen, pods, places }: NodePacking): HullsBlock {
  const alike = alikeNodes(now.nodes);
  const hulls = alike.map((group) => {
    const kind = chosen.kinds.find(({ template }) => template.name === group.node.template);
    const podsOf = (id: string) => pods[places.get(id) ?? -1];
    return hullOf(group, { cpu: kind?.capacityMilli ?? 0, memory: kind?.capacityBytes ?? 0 }, podsOf);
  });
  const rest = alike.reduce((left, { count }) => left - count, now.nodes.length);
  return { kind: 'hulls', hulls, ...(rest > 0 && { more: `and ${rest} more ${rest === 1 ? 'node' : 'nodes'}` }) };
}

/** The nodes by the pods that they hold, in the order of the first of each; so many as are drawn. */
function alikeNodes(nodes: readonly PackedNode[]): readonly AlikeNodes[] {
  const alike: AlikeNodes[] = [];
  for (const node of nodes) {
    const group = alike.find((one) => holdSame(one.node, node));
    if (group !== undefined) group.count++;
    else if (alike.length < mostHulls) alike.push({ node, count: 1 });
  }
  return alike;
}

function holdSame(a: PackedNode, b: PackedNode): boolean {
  if (a.template !== b.template || a.pods.length !== b.pods.length) return false;
  return a.pods.every(({ workload, count }, at) => b.pods[at]?.workload === workload && b.pods[at]?.count === count);
}

interface PodsThere {
  readonly name: string;
  readonly count: number;
  readonly packable: Packable | undefined;
}

type Amounts = Readonly<Record<'cpu' | 'memory', number>>;

const texts = { cpu: milliText, memory: byteText } as const;
const names = { cpu: 'CPU', memory: 'memory' } as const;

function hullOf({ node, count }: AlikeNodes, capacity: Amounts, podsOf: (id: string) => Packable | undefined): Hull {
  const there = node.pods.map(({ workload, count: many }): PodsThere => {
    const packable = podsOf(workload);
    return { name: packable?.sized.workload.name ?? workload, count: many, packable };
  });
  const both = (amount: (resource: 'cpu' | 'memory') => number): Amounts => ({
    cpu: shareOf(amount('cpu'), capacity.cpu),
    memory: shareOf(amount('memory'), capacity.memory),
  });
  const taken = (resource: 'cpu' | 'memory') => there.reduce((sum, one) => sum + one.count * each(one, resource), 0);
  const daemons = (resource: 'cpu' | 'memory') => (node.used.get(resource) ?? 0) - taken(resource);
  const where = node.zone === '' || count > 1 ? '' : `, ${node.zone}`;
  return {
    title: `${kindName(node.template)}${where}`,
    count,
    loadLine: both((resource) => node.allocatable.get(resource) ?? 0),
    daemons: both(daemons),
    loads: there.map((one) => ({
      workload: one.name,
      pods: one.count,
      ...both((resource) => one.count * each(one, resource)),
    })),
    words: [
      ...(there.length > 0 ? [{ about: 'pods', text: namesOf(there) } as const] : []),
      { about: 'cpu', text: wordsOf('cpu', node, there, daemons('cpu')) },
      { about: 'memory', text: wordsOf('memory', node, there, daemons('memory')) },
      ...(daemons('cpu') + daemons('memory') > 0
        ? [
            {
              about: 'daemons',
              text: `of it DaemonSets ${milliText(daemons('cpu'))}, ${byteText(daemons('memory'))}`,
            } as const,
          ]
        : []),
      { about: 'room', text: roomFor(node, there) },
    ],
  };
}

function shareOf(amount: number, whole: number): number {
  return whole === 0 ? 0 : Math.min(1, Math.max(0, amount / whole));
}

function each({ packable }: PodsThere, resource: 'cpu' | 'memory'): number {
  return packable?.[resource] ?? 0;
}

function namesOf(there: readonly PodsThere[]): string {
  const [only, ...others] = there;
  if (only !== undefined && others.length === 0) return only.name;
  const said = there.slice(0, mostNames).map(({ name, count }) => `${count} × ${name}`);
  const rest = there.length - said.length;
  return rest > 0 ? `${said.join(', ')} and ${rest} more` : said.join(', ');
}

/** `CPU 3 × 200m of 1930m (31 %)`. */
function wordsOf(
  resource: 'cpu' | 'memory',
  { used, allocatable }: PackedNode,
  there: readonly PodsThere[],
  daemons: number,
): string {
  const text = texts[resource];
  const [taken, whole] = [used.get(resource) ?? 0, allocatable.get(resource) ?? 0];
  const [only] = there;
  const what =
    there.length === 1 && only !== undefined && daemons === 0
      ? `${only.count} × ${text(each(only, resource))}`
      : text(taken);
  const share = whole === 0 ? '' : ` (${Math.round((taken / whole) * 100)} %)`;
  return `${names[resource]} ${what} of ${text(whole)}${share}`;
}

/** How many more pods like the first ones fit, and what stops the next one: `9 more pods of this size fit (CPU)`. */
function roomFor({ used, allocatable }: PackedNode, [first, ...others]: readonly PodsThere[]): string {
  const requests = first?.packable?.requests;
  if (first === undefined || requests === undefined) return 'no pods';
  let room = Number.POSITIVE_INFINITY;
  let by = 'pods';
  for (const [resource, amount] of [...requests, ['pods', 1] as const]) {
    if (amount <= 0) continue;
    const fit = Math.floor(((allocatable.get(resource) ?? 0) - (used.get(resource) ?? 0)) / amount);
    if (fit < room) [room, by] = [fit, resource];
  }
  const what = others.length === 0 ? 'of this size' : `of ${first.name}`;
  const why = by === 'cpu' ? 'CPU' : by === 'pods' ? 'number of pods' : by;
  if (room <= 0) return `no more pod ${what} fits (${why})`;
  return `${room} more ${room === 1 ? 'pod' : 'pods'} ${what} ${room === 1 ? 'fits' : 'fit'} (${why})`;
}
