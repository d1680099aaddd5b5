import { type BoundGroup, podsThatFit } from './packing-bound.ts';
import type { NodeTemplate, PackedWorkload, PackingInputs, Spread, TopologyKey } from './packing-model.ts';

/** A kind of node, its amounts by resource index. */
export interface Template {
  readonly source: NodeTemplate;
  readonly capacity: Float64Array;
  /** After the DaemonSets. */
  readonly free: Float64Array;
  /** The DaemonSets' host ports. */
  readonly ports: readonly string[];
}

/** A workload, ready to be placed. */
export interface Group extends BoundGroup {
  /** Its index among the workloads. */
  readonly id: number;
  readonly source: PackedWorkload;
  /** By template. */
  readonly allowed: readonly boolean[];
  readonly spread: readonly Spread[];
  /** Workloads, by index, whose pods may not share a node, or a zone. */
  readonly apart: Readonly<Record<TopologyKey, readonly number[]>>;
  readonly ports: readonly string[];
}

export interface Node {
  readonly template: number;
  readonly zone: number;
  readonly existing: boolean;
  /** In the order they came; each workload once. */
  readonly pods: { readonly workload: number; count: number }[];
  /** Undefined where no workload asks for host ports. */
  readonly ports: Set<string> | undefined;
}

/** What is placed so far; {@link place} changes it. */
export interface PackingState {
  readonly nodes: Node[];
  /** What is free on each node, one after the other: first fit looks at every node, so they lie side by side. */
  free: Float64Array;
  /** By block of nodes, at least the most CPU and the most memory that is free on one of them; spares looking at each. */
  readonly blocks: { cpu: number; memory: number }[];
  /** Those that may get nodes, then those that have some already. */
  readonly zones: readonly string[];
  readonly openZones: number;
  /** Workloads in each zone. */
  readonly inZone: readonly Set<number>[];
  readonly templates: readonly Template[];
  /** The first templates, of which nodes may be added. */
  readonly newTemplates: number;
  readonly resources: number;
  readonly usesPorts: boolean;
  readonly watchesZones: boolean;
  readonly leastWaste: boolean;
  newNodesLeft: number;
}

/** A beginning: existing nodes with nothing but DaemonSets on them, and no new ones. */
export function packingState(
  { zones: open = [''], existing = [], closedZones = [], templates: kinds, expander, maxNewNodes }: PackingInputs,
  templates: readonly Template[],
  groups: readonly Group[],
  resources: number,
): PackingState {
  const zones = [...new Set([...open, ...existing.map(({ zone = '' }) => zone), ...closedZones])];
  const state: PackingState = {
    nodes: [],
    free: new Float64Array(64 * resources),
    blocks: [],
    zones,
    openZones: open.length,
    inZone: zones.map(() => new Set<number>()),
    templates,
    newTemplates: kinds.length,
    resources,
    usesPorts: groups.some(({ ports }) => ports.length > 0),
    watchesZones: groups.some(({ apart }) => apart.zone.length > 0),
    leastWaste: expander === 'least-waste',
    newNodesLeft: maxNewNodes ?? Number.POSITIVE_INFINITY,
  };
  existing.forEach(({ zone = '' }, index) => {
    addNode(state, kinds.length + index, zones.indexOf(zone), true);
  });
  return state;
}

/** Whether a pod fits the node when nothing but DaemonSets is there. */
export function fitsEmpty({ need, ports }: Group, template: Template): boolean {
  return podsThatFit(template.free, need) > 0 && !ports.some((port) => template.ports.includes(port));
}

/** What a workload's own pods do to the places of the next ones. */
interface Progress {
  /** Spread or zones bound it, so that it has to be counted what stands where. */
  readonly constrained: boolean;
  /** By node. */
  readonly onNode: number[];
  readonly inZone: number[];
}

/** Places the pods that have a place; says how many are left, and whether one node more would have taken some. */
export function place(state: PackingState, group: Group): { readonly left: number; readonly limited: boolean } {
  const constrained = group.spread.length > 0 || group.apart.zone.length > 0;
  const progress: Progress = { constrained, onNode: [], inZone: state.zones.map(() => 0) };
  // Nodes only fill, so a node that does not take a pod now takes none later but where spread alone forbids it.
  const candidates: number[] = [];
  let left = group.count;
  const { blocks } = state;
  const { length } = state.nodes;
  const [cpu = 0, memory = 0] = group.need;
  for (let number = 0; number < blocks.length && left > 0; number++) {
    const block = blocks[number];
    if (block === undefined || cpu > block.cpu || memory > block.memory) continue;
    const end = Math.min(length, (number + 1) * blockSize);
    for (let index = number * blockSize; index < end && left > 0; index++) {
      if (!takes(state, group, index)) continue;
      if (constrained) candidates.push(index);
      else left -= fill(state, group, progress, index, left);
    }
    tighten(state, number);
  }
  // Without spread or zones nothing but the node itself bounds how many come to it.
  let free: Spot | undefined;
  while (left > 0 && !constrained) {
    if (free === undefined || state.leastWaste) free = newSpot(state, group, progress, left);
    if (free === undefined || state.newNodesLeft === 0) return { left, limited: free !== undefined };
    state.newNodesLeft--;
    left -= fill(state, group, progress, addNode(state, free.template, free.zone, false), left);
  }
  while (left > 0) {
    const placed = passOver(state, group, progress, candidates, left);
    left -= placed;
    if (placed > 0) continue;
    const spot = newSpot(state, group, progress, left);
    if (spot === undefined || state.newNodesLeft === 0) return { left, limited: spot !== undefined };
    state.newNodesLeft--;
    const index = addNode(state, spot.template, spot.zone, false);
    const most = room(state, group, progress, spot.zone, index, leastOf(state, group, progress));
    left -= fill(state, group, progress, index, Math.min(left, most));
    candidates.push(index);
  }
  return { left, limited: false };
}

const blockSize = 16;

/** What is free only shrinks, so a block's bounds hold until they are looked at again. */
function tighten({ nodes, free, blocks, resources }: PackingState, number: number): void {
  const block = blocks[number];
  if (block === undefined) return;
  block.cpu = 0;
  block.memory = 0;
  const end = Math.min(nodes.length, (number + 1) * blockSize);
  for (let index = number * blockSize; index < end; index++) {
    block.cpu = Math.max(block.cpu, free[index * resources] ?? 0);
    block.memory = Math.max(block.memory, free[index * resources + 1] ?? 0);
  }
}

/** Once over the candidates, each as far as spread and zones let it now; how many pods found a place. */
function passOver(
  state: PackingState,
  group: Group,
  progress: Progress,
  candidates: readonly number[],
  left: number,
): number {
  if (candidates.length === 0) return 0;
  const least = leastOf(state, group, progress);
  let openZones = state.zones.filter((_, zone) => zoneRoom(state, group, progress, zone, least) > 0).length;
  let placed = 0;
  for (const index of candidates) {
    if (placed === left || openZones === 0) break;
    const { zone } = state.nodes[index] ?? { zone: 0 };
    const most = Math.min(left - placed, room(state, group, progress, zone, index, least));
    if (most <= 0 || !takes(state, group, index)) continue;
    placed += fill(state, group, progress, index, most);
    if (zoneRoom(state, group, progress, zone, least) <= 0) openZones--;
  }
  return placed;
}

/** Whether the node takes one pod more by all but spread and zones. */
function takes({ nodes, free, resources }: PackingState, group: Group, index: number): boolean {
  const { need, apart, ports } = group;
  const start = index * resources;
  for (let resource = 0; resource < resources; resource++) {
    const each = need[resource] ?? 0;
    if (each > 0 && (free[start + resource] ?? 0) < each) return false;
  }
  const node = nodes[index];
  if (node === undefined || group.allowed[node.template] !== true) return false;
  for (const other of apart.hostname) if (node.pods.some(({ workload }) => workload === other)) return false;
  for (const port of ports) if (node.ports?.has(port) === true) return false;
  return true;
}

/** Puts up to `most` pods on a node that takes one; how many it took. */
function fill(state: PackingState, group: Group, progress: Progress, index: number, most: number): number {
  const node = state.nodes[index];
  if (most <= 0 || node === undefined) return 0;
  const { id, need } = group;
  const { free, resources } = state;
  const start = index * resources;
  const count = group.onePerNode ? 1 : Math.min(most, fitting(free, start, need));
  for (let resource = 0; resource < need.length; resource++) {
    free[start + resource] = (free[start + resource] ?? 0) - count * (need[resource] ?? 0);
  }
  for (const port of group.ports) node.ports?.add(port);
  // Without constraints a node is filled once.
  const own = progress.constrained ? node.pods.find(({ workload }) => workload === id) : undefined;
  if (own === undefined) node.pods.push({ workload: id, count });
  else own.count += count;
  if (state.watchesZones) state.inZone[node.zone]?.add(id);
  if (progress.constrained) {
    progress.onNode[index] = (progress.onNode[index] ?? 0) + count;
    progress.inZone[node.zone] = (progress.inZone[node.zone] ?? 0) + count;
  }
  return count;
}

/** {@link podsThatFit} on one of the nodes that lie side by side. */
function fitting(free: Float64Array, start: number, need: Float64Array): number {
  let most = Number.POSITIVE_INFINITY;
  for (let resource = 0; resource < need.length; resource++) {
    const each = need[resource] ?? 0;
    if (each > 0) most = Math.min(most, Math.floor((free[start + resource] ?? 0) / each));
  }
  return most;
}

/** Pods that may come to the node by spread (count + 1 − least ≤ maxSkew) and by zone. */
function room(
  state: PackingState,
  group: Group,
  progress: Progress,
  zone: number,
  index: number,
  least: readonly number[],
): number {
  let most = zoneRoom(state, group, progress, zone, least);
  for (let rule = 0; rule < group.spread.length; rule++) {
    const { key, maxSkew } = group.spread[rule] ?? { key: 'zone', maxSkew: 0 };
    if (key === 'zone') continue;
    most = Math.min(most, (least[rule] ?? 0) + maxSkew - (progress.onNode[index] ?? 0));
  }
  return most;
}

/** The same for the zone alone. */
function zoneRoom(
  state: PackingState,
  { id, apart, spread }: Group,
  progress: Progress,
  zone: number,
  least: readonly number[],
): number {
  let most = Number.POSITIVE_INFINITY;
  for (const other of apart.zone) {
    if (state.inZone[zone]?.has(other) === true) return 0;
    if (other === id) most = 1;
  }
  for (let rule = 0; rule < spread.length; rule++) {
    const { key, maxSkew } = spread[rule] ?? { key: 'hostname', maxSkew: 0 };
    if (key === 'hostname') continue;
    most = Math.min(most, (least[rule] ?? 0) + maxSkew - (progress.inZone[zone] ?? 0));
  }
  return most;
}

/** By constraint, the fewest pods in a domain; zero while there are fewer domains than asked. */
function leastOf({ nodes, zones }: PackingState, { spread, allowed }: Group, progress: Progress): readonly number[] {
  return spread.map(({ key, minDomains = 1 }) => {
    if (key === 'zone') return zones.length < minDomains ? 0 : Math.min(...progress.inZone);
    let [domains, least] = [0, Number.POSITIVE_INFINITY];
    for (let index = 0; index < nodes.length && least > 0; index++) {
      if (allowed[nodes[index]?.template ?? -1] !== true) continue;
      domains++;
      least = Math.min(least, progress.onNode[index] ?? 0);
    }
    return least === 0 || domains < minDomains ? 0 : least;
  });
}

interface Spot {
  readonly template: number;
  readonly zone: number;
}

/** The kind and first zone of a new node, which is a domain without pods, that would take one. */
function newSpot(state: PackingState, group: Group, progress: Progress, left: number): Spot | undefined {
  const least = leastOf(state, group, progress);
  let best: Spot | undefined;
  let leastIdle = Number.POSITIVE_INFINITY;
  for (let template = 0; template < state.newTemplates; template++) {
    const kind = state.templates[template];
    if (kind === undefined || group.allowed[template] !== true || !fitsEmpty(group, kind)) continue;
    const zone = state.zones.findIndex(
      (_, each) => each < state.openZones && zoneRoom(state, group, progress, each, least) > 0,
    );
    if (zone < 0) continue;
    if (!state.leastWaste) return { template, zone };
    const idle = idleShare(group, kind, left);
    if (idle >= leastIdle) continue;
    leastIdle = idle;
    best = { template, zone };
  }
  return best;
}

/** Of CPU and memory, the share that stays idle when as many of the pods that are left go there as fit. */
function idleShare({ need, onePerNode }: Group, { free }: Template, left: number): number {
  const pods = onePerNode ? 1 : Math.min(left, podsThatFit(free, need));
  const idle = (resource: number) => 1 - (pods * (need[resource] ?? 0)) / (free[resource] || 1);
  return idle(0) + idle(1);
}

/** Its index. */
function addNode(state: PackingState, template: number, zone: number, existing: boolean): number {
  const kind = state.templates[template];
  const index = state.nodes.length;
  const start = index * state.resources;
  if (start + state.resources > state.free.length) {
    const grown = new Float64Array(2 * state.free.length);
    grown.set(state.free);
    state.free = grown;
  }
  for (let each = 0; each < state.resources; each++) state.free[start + each] = kind?.free[each] ?? 0;
  const ports = state.usesPorts ? new Set(kind?.ports) : undefined;
  state.nodes.push({ template, zone, existing, pods: [], ports });
  const block = state.blocks[Math.floor(index / blockSize)];
  const [cpu = 0, memory = 0] = kind?.free ?? [];
  if (block === undefined) state.blocks.push({ cpu, memory });
  else {
    block.cpu = Math.max(block.cpu, cpu);
    block.memory = Math.max(block.memory, memory);
  }
  return index;
}
