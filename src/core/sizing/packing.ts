import { nodeMismatch } from './node-match.ts';
import { nodeBound, podsThatFit } from './packing-bound.ts';
import type {
  NodeBound,
  NodeTemplate,
  PackedNode,
  PackedWorkload,
  Packing,
  PackingInputs,
  RefusingTemplate,
  TopologyKey,
  UnplacedPods,
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
  const resources = resourceNames(inputs);
  const sources = [...inputs.templates, ...(inputs.existing ?? []).map(({ template }) => template)];
  const templates = sources.map((source) => templateOf(source, inputs, resources));
  const apart = { hostname: apartOf(inputs.workloads, 'hostname'), zone: apartOf(inputs.workloads, 'zone') };
  const groups = inputs.workloads.map((source, id): Group => {
    const ports = source.hostPorts ?? [];
    const beside = { hostname: apart.hostname[id] ?? [], zone: apart.zone[id] ?? [] };
    return {
      id,
      source,
      need: podVector(source.requests, resources),
      count: source.count,
      allowed: templates.map((template) => nodeMismatch(source, template.source) === undefined),
      spread: source.spread ?? [],
      apart: beside,
      ports,
      onePerNode: ports.length > 0 || beside.hostname.includes(id),
    };
  });
  const state = packingState(inputs, templates, groups, resources.length);
  const unplaced: UnplacedPods[] = [];
  const possible: Group[] = [];
  for (const group of packingOrder(groups, templates[0])) {
    if (group.count === 0) continue;
    if (!templates.some((template, index) => group.allowed[index] === true && fitsEmpty(group, template))) {
      const reason = { kind: 'impossible', templates: refusals(group, templates, resources) } as const;
      unplaced.push({ workload: group.source.name, count: group.count, reason });
      continue;
    }
    possible.push(group);
    const { left, limited } = place(state, group);
    const reason = { kind: limited ? 'node-limit' : 'topology' } as const;
    if (left > 0) unplaced.push({ workload: group.source.name, count: left, reason });
  }
  const bounds = boundsOf(possible, templates, resources);
  const nodes = [...state.nodes.entries()]
    .filter(([, { pods }]) => pods.size > 0)
    .map((node) => packedNode(node, state, groups, resources));
  const missing = unplaced.reduce((sum, { count }) => sum + count, 0);
  return {
    nodes,
    placed: groups.reduce((sum, { count }) => sum + count, 0) - missing,
    unplaced,
    lowerBound: bounds.reduce((sum, bound) => sum + bound.nodes, 0),
    bounds,
    binding: bindingOf(nodes, possible, resources),
  };
}

/** How many pods with these requests one empty node takes, `pods` counted (cluster-capacity README). */
export function podsPerNode(requests: SchedulerAmounts, template: NodeTemplate): number {
  const resources = [...new Set(['pods', ...requests.keys()])];
  return podsThatFit(vector(template.allocatable, resources), podVector(requests, resources));
}

function resourceNames({ workloads, daemonSets = [] }: PackingInputs): readonly string[] {
  const asked = [...workloads, ...daemonSets].flatMap(({ requests }) => [...requests.keys()]);
  return [...new Set(['cpu', 'memory', 'pods', ...asked])];
}

function vector(amounts: SchedulerAmounts, resources: readonly string[]): Float64Array {
  return Float64Array.from(resources, (resource) => amounts.get(resource) ?? 0);
}

function podVector(requests: SchedulerAmounts, resources: readonly string[]): Float64Array {
  return Float64Array.from(resources, (resource) => (resource === 'pods' ? 1 : (requests.get(resource) ?? 0)));
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

/** By workload, those that it or that may not stand beside it. */
function apartOf(workloads: readonly PackedWorkload[], key: TopologyKey): readonly (readonly number[])[] {
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
  const parts: { groups: Group[]; templates: Set<number> }[] = [];
  for (const group of groups) {
    const [first, ...others] = parts.filter((part) =>
      [...part.templates].some((index) => group.allowed[index] === true),
    );
    const part = first ?? { groups: [], templates: new Set<number>() };
    if (first === undefined) parts.push(part);
    part.groups.push(group);
    group.allowed.forEach((allowed, index) => {
      if (allowed) part.templates.add(index);
    });
    for (const other of others) {
      part.groups.push(...other.groups);
      for (const index of other.templates) part.templates.add(index);
      parts.splice(parts.indexOf(other), 1);
    }
  }
  return parts.map((part) => {
    const kinds = templates.filter((_, index) => part.templates.has(index));
    const most = Float64Array.from(resources, (_, index) => Math.max(...kinds.map(({ free }) => free[index] ?? 0)));
    return nodeBound(part.groups, most, resources);
  });
}

function packedNode(
  [index, { template, zone, existing, pods }]: readonly [number, Node],
  { templates, free, zones }: PackingState,
  groups: readonly Group[],
  resources: readonly string[],
): PackedNode {
  const kind = templates[template];
  const start = index * resources.length;
  const used = new Map<string, number>();
  resources.forEach((resource, each) => {
    used.set(resource, (kind?.capacity[each] ?? 0) - (free[start + each] ?? 0));
  });
  return {
    template: kind?.source.name ?? '',
    zone: zones[zone] ?? '',
    existing,
    pods: [...pods].map(([id, count]) => ({ workload: groups[id]?.source.name ?? '', count })),
    allocatable: kind?.source.allocatable ?? used,
    used,
  };
}

function bindingOf(
  nodes: readonly PackedNode[],
  groups: readonly Group[],
  resources: readonly string[],
): string | undefined {
  if (nodes.length === 0) return undefined;
  if (groups.some(({ onePerNode, count }) => onePerNode && count === nodes.length)) return 'one-per-node';
  const sum = (pick: (node: PackedNode) => number | undefined) =>
    nodes.reduce((total, node) => total + (pick(node) ?? 0), 0);
  let binding: string | undefined;
  let greatest = 0;
  for (const resource of resources) {
    const share = sum(({ used }) => used.get(resource)) / sum(({ allocatable }) => allocatable.get(resource));
    if (share > greatest) [binding, greatest] = [resource, share];
  }
  return binding;
}
