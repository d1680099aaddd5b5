import { nodeMismatch } from './node-match.ts';
import { nodeBound, podsThatFit } from './packing-bound.ts';
import type {
  NodeBound,
  NodeTemplate,
  PackedNode,
  PackedPods,
  PackedWorkload,
  Packing,
  PackingInputs,
  PackingSummary,
  RefusingTemplate,
  TopologyKey,
  UnplacedReason,
} from './packing-model.ts';
import {
  fitsEmpty,
  type Group,
  type Node,
  type PackingState,
  packingState,
  place,
  type Template,
} from './packing-place.ts';
import type { SchedulerAmounts } from './scheduler-units.ts';

/**
 * Packs workloads onto nodes by first fit decreasing, as cluster-autoscaler's estimator does: workloads in falling order of
 * cpu ÷ node's cpu + memory ÷ node's memory, equal ones as they come; each pod onto the first node that takes it, else onto
 * a new one of the first kind, in the first zone, that does (kubernetes/autoscaler cluster-autoscaler/estimator). One
 * answer for one question; the scheduler, which scores, may spread pods otherwise.
 */
export function pack(inputs: PackingInputs): Packing {
  return packed(placeAll(prepared(inputs)));
}

function packed(placed: PlacedGroups): Packing {
  const { state, groups, resources } = placed;
  const divide = divider(groups);
  const nodes: PackedNode[] = [];
  for (const [index, node] of state.nodes.entries())
    if (node.pods.length > 0) nodes.push(packedNode(node, index, state, divide, resources));
  return { ...summaryOf(placed, divide), nodes };
}

/** Packs the same workloads several times, each with other numbers of pods, in the order of the workloads. */
export function packer(inputs: PackingInputs) {
  const ready = prepared(inputs);
  return {
    pack: () => packed(placeAll(ready)),
    /** Without the nodes one by one; what found no place is told by the workloads, not by their members. */
    summary: (counts?: readonly number[]): PackingSummary =>
      summaryOf(placeAll(ready, counts), (group, count, into) => {
        into.push({ workload: ready.groups[group]?.source.name ?? '', count });
      }),
  };
}

type Divide = (group: number, count: number, into: PackedPods[]) => void;

/** Says of whom the next pods of a group are, one member after the other. */
function divider(groups: readonly Group[]): Divide {
  const cursors = groups.map(() => ({ member: 0, taken: 0 }));
  return (id, count, into) => {
    const { name = '', members } = groups[id]?.source ?? {};
    const cursor = cursors[id];
    if (members === undefined || cursor === undefined) {
      into.push({ workload: name, count });
      return;
    }
    for (let left = count; left > 0; ) {
      const member = members[cursor.member];
      if (member === undefined) break;
      const taken = Math.min(left, member.count - cursor.taken);
      if (taken > 0) into.push({ workload: member.workload, count: taken });
      left -= taken;
      cursor.taken += taken;
      if (cursor.taken === member.count) {
        cursor.member++;
        cursor.taken = 0;
      }
    }
  };
}

interface PlacedGroups {
  readonly state: PackingState;
  readonly resources: readonly string[];
  readonly templates: readonly Template[];
  readonly groups: readonly Group[];
  /** How many pods there are. */
  readonly all: number;
  /** Those that fit somewhere. */
  readonly possible: readonly Group[];
  readonly unplaced: readonly { readonly group: Group; readonly count: number; readonly reason: UnplacedReason }[];
}

/** What does not depend on how many pods there are. */
interface Prepared {
  readonly inputs: PackingInputs;
  readonly resources: readonly string[];
  readonly templates: readonly Template[];
  readonly groups: readonly Group[];
  /** In the order that they are placed in. */
  readonly ordered: readonly Group[];
}

function prepared(inputs: PackingInputs): Prepared {
  const resources = resourceNames(inputs);
  const sources = [...inputs.templates, ...(inputs.existing ?? []).map(({ template }) => template)];
  const templates = sources.map((source) => templateOf(source, inputs, resources));
  const apart = { hostname: apartOf(inputs.workloads, 'hostname'), zone: apartOf(inputs.workloads, 'zone') };
  const groups = inputs.workloads.map((source, id): Group => {
    const { hostPorts: ports = none, spread = none } = source;
    const beside = { hostname: apart.hostname?.[id] ?? none, zone: apart.zone?.[id] ?? none };
    return {
      id,
      source,
      need: podVector(source.requests, resources),
      count: source.count,
      allowed: templates.map((template) => nodeMismatch(source, template.source) === undefined),
      spread,
      apart: beside,
      ports,
      onePerNode: ports.length > 0 || beside.hostname.includes(id),
    };
  });
  return { inputs, resources, templates, groups, ordered: packingOrder(groups, templates[0]) };
}

function placeAll(
  { inputs, resources, templates, groups, ordered }: Prepared,
  counts?: readonly number[],
): PlacedGroups {
  const state = packingState(inputs, templates, groups, resources.length);
  const unplaced: PlacedGroups['unplaced'][number][] = [];
  const possible: Group[] = [];
  let all = 0;
  for (const one of ordered) {
    const group = counts === undefined ? one : { ...one, count: counts[one.id] ?? 0 };
    all += group.count;
    if (group.count === 0) continue;
    if (!templates.some((template, index) => group.allowed[index] === true && fitsEmpty(group, template))) {
      const reason = { kind: 'impossible', templates: refusals(group, templates, resources) } as const;
      unplaced.push({ group, count: group.count, reason });
      continue;
    }
    possible.push(group);
    const { left, limited } = place(state, group);
    const reason = { kind: limited ? 'node-limit' : 'topology' } as const;
    if (left > 0) unplaced.push({ group, count: left, reason });
  }
  return { state, resources, templates, groups, possible, unplaced, all };
}

function summaryOf(
  { state, resources, templates, all, possible, unplaced }: PlacedGroups,
  divide: Divide,
): PackingSummary {
  const bounds = boundsOf(possible, templates, resources);
  const missing = unplaced.reduce((sum, { count }) => sum + count, 0);
  const nodesOf = new Map<string, number>();
  let nodeCount = 0;
  for (const { pods, template } of state.nodes) {
    if (pods.length === 0) continue;
    const name = templates[template]?.source.name ?? '';
    nodesOf.set(name, (nodesOf.get(name) ?? 0) + 1);
    nodeCount++;
  }
  return {
    nodeCount,
    nodesOf,
    placed: all - missing,
    unplaced: unplaced.flatMap(({ group, count, reason }) => {
      const pods: PackedPods[] = [];
      divide(group.id, count, pods);
      return pods.map((part) => ({ ...part, reason }));
    }),
    lowerBound: bounds.reduce((sum, bound) => sum + bound.nodes, 0),
    bounds,
    binding: bindingOf(state, possible, resources),
  };
}

const none: readonly never[] = [];

/** How many pods with these requests one empty node takes, `pods` counted (cluster-capacity README). */
export function podsPerNode(requests: SchedulerAmounts, template: NodeTemplate): number {
  const resources = [...new Set(['pods', ...requests.keys()])];
  return podsThatFit(vector(template.allocatable, resources), podVector(requests, resources));
}

function resourceNames({ workloads, daemonSets = [] }: PackingInputs): readonly string[] {
  const names = new Set(['cpu', 'memory', 'pods']);
  for (const { requests } of [...workloads, ...daemonSets]) for (const resource of requests.keys()) names.add(resource);
  return [...names];
}

function vector(amounts: SchedulerAmounts, resources: readonly string[]): Float64Array {
  return Float64Array.from(resources, (resource) => amounts.get(resource) ?? 0);
}

function podVector(requests: SchedulerAmounts, resources: readonly string[]): Float64Array {
  const need = new Float64Array(resources.length);
  for (let index = 0; index < need.length; index++) {
    const resource = resources[index] ?? '';
    need[index] = resource === 'pods' ? 1 : (requests.get(resource) ?? 0);
  }
  return need;
}

/** What is left of an empty node; a DaemonSet that does not fit takes nothing. */
function templateOf(source: NodeTemplate, { daemonSets = [] }: PackingInputs, resources: readonly string[]): Template {
  const capacity = vector(source.allocatable, resources);
  const free = Float64Array.from(capacity);
  const ports: string[] = [];
  for (const daemonSet of daemonSets) {
    const need = podVector(daemonSet.requests, resources);
    if (nodeMismatch(daemonSet, source) !== undefined || podsThatFit(free, need) === 0) continue;
    for (let index = 0; index < need.length; index++) free[index] = (free[index] ?? 0) - (need[index] ?? 0);
    ports.push(...(daemonSet.hostPorts ?? []));
  }
  return { source, capacity, free, ports };
}

/** By workload, those that it or that may not stand beside it; undefined where nobody minds. */
function apartOf(workloads: readonly PackedWorkload[], key: TopologyKey): readonly (readonly number[])[] | undefined {
  if (!workloads.some(({ antiAffinity = none }) => antiAffinity.some((rule) => rule.key === key))) return undefined;
  const ids = new Map(workloads.map(({ name }, id) => [name, id]));
  const apart = workloads.map(() => new Set<number>());
  workloads.forEach(({ antiAffinity = [] }, id) => {
    for (const rule of antiAffinity) {
      if (rule.key !== key) continue;
      for (const name of rule.workloads) {
        const other = ids.get(name);
        if (other === undefined) continue;
        apart[id]?.add(other);
        apart[other]?.add(id);
      }
    }
  });
  return apart.map((others) => [...others]);
}

function refusals(
  group: Group,
  templates: readonly Template[],
  resources: readonly string[],
): readonly RefusingTemplate[] {
  return templates.map(({ source, free }) => {
    const insufficient = resources.filter((_, index) => (group.need[index] ?? 0) > (free[index] ?? 0));
    return { template: source.name, mismatch: nodeMismatch(group.source, source), insufficient };
  });
}

function packingOrder(groups: readonly Group[], template: Template | undefined): readonly Group[] {
  const share = (need: number | undefined, whole: number | undefined) => (need ?? 0) / (whole || 1);
  const scored = groups.map((group) => {
    const [cpu, memory] = group.need;
    return { group, score: share(cpu, template?.free[0]) + share(memory, template?.free[1]) };
  });
  return scored.sort((a, b) => b.score - a.score).map(({ group }) => group);
}

/** Workloads that share no kind of node need nodes of their own, so their bounds add up. */
function boundsOf(
  groups: readonly Group[],
  templates: readonly Template[],
  resources: readonly string[],
): readonly NodeBound[] {
  const parts: { groups: Group[]; kinds: boolean[] }[] = [];
  for (const group of groups) {
    const [first, ...others] = parts.filter(({ kinds }) =>
      kinds.some((kind, at) => kind && group.allowed[at] === true),
    );
    const part = first ?? { groups: [], kinds: templates.map(() => false) };
    if (first === undefined) parts.push(part);
    part.groups.push(group);
    group.allowed.forEach((allowed, at) => {
      if (allowed) part.kinds[at] = true;
    });
    for (const other of others) {
      part.groups.push(...other.groups);
      other.kinds.forEach((kind, at) => {
        if (kind) part.kinds[at] = true;
      });
      parts.splice(parts.indexOf(other), 1);
    }
  }
  return parts.map((part) => {
    const kinds = templates.filter((_, at) => part.kinds[at] === true);
    const most = Float64Array.from(resources, (_, index) => Math.max(...kinds.map(({ free }) => free[index] ?? 0)));
    return nodeBound(part.groups, most, resources);
  });
}

function packedNode(
  { template, zone, existing, pods }: Node,
  index: number,
  { templates, free, zones }: PackingState,
  divide: Divide,
  resources: readonly string[],
): PackedNode {
  const kind = templates[template];
  const start = index * resources.length;
  const used = new Map<string, number>();
  for (let each = 0; each < resources.length; each++)
    used.set(resources[each] ?? '', (kind?.capacity[each] ?? 0) - (free[start + each] ?? 0));
  const parts: PackedPods[] = [];
  for (const { workload, count } of pods) divide(workload, count, parts);
  return {
    template: kind?.source.name ?? '',
    zone: zones[zone] ?? '',
    existing,
    pods: parts,
    allocatable: kind?.source.allocatable ?? used,
    used,
  };
}

function bindingOf(
  { nodes, free, templates }: PackingState,
  groups: readonly Group[],
  resources: readonly string[],
): string | undefined {
  const whole = new Float64Array(resources.length);
  const idle = new Float64Array(resources.length);
  let count = 0;
  for (const [index, { pods, template }] of nodes.entries()) {
    if (pods.length === 0) continue;
    count++;
    const capacity = templates[template]?.capacity;
    for (let each = 0; each < resources.length; each++) {
      whole[each] = (whole[each] ?? 0) + (capacity?.[each] ?? 0);
      idle[each] = (idle[each] ?? 0) + (free[index * resources.length + each] ?? 0);
    }
  }
  if (count === 0) return undefined;
  if (groups.some((group) => group.onePerNode && group.count === count)) return 'one-per-node';
  let binding: string | undefined;
  let greatest = 0;
  resources.forEach((resource, each) => {
    const share = ((whole[each] ?? 0) - (idle[each] ?? 0)) / (whole[each] ?? 0);
    if (share > greatest) [binding, greatest] = [resource, share];
  });
  return binding;
}
