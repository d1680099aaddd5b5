import type { Workload } from '../../kubernetes/model.ts';
import { avoidancesOf, placementOf } from '../../kubernetes/placement.ts';
import { demandsOn } from '../../sizing/node-choice.ts';
import { packer } from '../../sizing/packing.ts';
import type { PackedWorkload, Packing, PackingSummary } from '../../sizing/packing-model.ts';
import { podAmounts, type SchedulerAmounts } from '../../sizing/scheduler-units.ts';
import { lastFor, onceFor } from '../../text/once-for.ts';
import { validAssumption } from '../assumptions.ts';
import type { Sized } from '../load.ts';
import type { WorkloadFields } from '../load-fields.ts';
import { type PodCounts, podCounts } from '../pod-counts.ts';
import { type ChosenNodes, chosenNodes, labelIsKnown } from './node-kinds.ts';
import type { SectionScope } from './section.ts';

/** A workload whose pods can be packed. */
export interface Packable {
  readonly sized: Sized;
  readonly workload: Workload;
  /** Of one pod, of the resources that are known of the nodes. */
  readonly requests: SchedulerAmounts;
  /** The same in thousandths and bytes; zero where nothing is requested. */
  readonly cpu: number;
  readonly memory: number;
  /** Equal for pods that request the same CPU and memory, and nothing else; undefined for others. */
  readonly amounts: string | undefined;
  readonly counts: PodCounts;
  /** Resources that it requests and that are not known of the nodes. */
  readonly uncounted: readonly string[];
}

/** The pods in view on the chosen nodes. */
export interface NodePacking {
  readonly chosen: ChosenNodes;
  readonly pods: readonly Packable[];
  /** Where they stand there, by the workload's id. */
  readonly places: ReadonlyMap<string, number>;
  readonly daemonSets: readonly Packable[];
  /** Workloads whose size or number is not known. */
  readonly unknown: readonly Sized[];
  /** Resources of pods that nobody has said of the nodes, so that they are not counted. */
  readonly uncounted: readonly string[];
  /** Labels that the nodes are taken to have. */
  readonly taken: readonly string[];
  /** Some pods say on which nodes they may be. */
  readonly isChoosy: boolean;
  /** Some pods are spread over zones, or kept apart by them. */
  readonly usesZones: boolean;
  readonly zones: number;
  readonly now: Packing;
  /** Undefined where the numbers are those of `now`. */
  readonly peak: PackingSummary | undefined;
  readonly least: PackingSummary | undefined;
  readonly most: PackingSummary | undefined;
}

/** What packing depends on: two that agree in all of it are the same. */
interface Question {
  readonly key: string;
  readonly pods: readonly Packable[];
  readonly daemonSets: readonly Packable[];
  readonly unknown: readonly Sized[];
}

/** The last answers about a file, with and without a draft. */
const answers = new WeakMap<SectionScope['parsed'], readonly (readonly [Question, NodePacking | undefined])[]>();

/** Packs what is in view; undefined where nothing runs on a cluster, or no node is chosen. Kept while nothing changes. */
export function nodePacking(scope: SectionScope): NodePacking | undefined {
  const chosen = chosenNodes(scope.settings, scope.inputs);
  const question = questionOf(scope, chosen);
  const kept = answers.get(scope.parsed) ?? [];
  const known =
    kept.find(([asked]) => isSame(asked, question)) ?? ([question, packed(scope, chosen, question)] as const);
  answers.set(scope.parsed, [...kept.filter((one) => one !== known).slice(1 - mostAnswers), known]);
  return known[1];
}

/** With the draft, without it, and with what was typed a moment ago. */
const mostAnswers = 3;

function isSame(a: Question, b: Question): boolean {
  const alike = (first: readonly Packable[], second: readonly Packable[]) =>
    first.length === second.length && first.every((one, at) => samePods(one, second[at]));
  return (
    a.key === b.key &&
    alike(a.pods, b.pods) &&
    alike(a.daemonSets, b.daemonSets) &&
    a.unknown.length === b.unknown.length &&
    a.unknown.every((one, at) => one.workload === b.unknown[at]?.workload)
  );
}

function samePods(a: Packable, b: Packable | undefined): boolean {
  if (a === b) return true;
  if (b === undefined || a.sized.workload !== b.sized.workload || a.requests.size !== b.requests.size) return false;
  return (
    (['least', 'now', 'peak', 'most'] as const).every((count) => a.counts[count] === b.counts[count]) &&
    [...a.requests].every(([resource, amount]) => b.requests.get(resource) === amount)
  );
}

const devices = /^(?:nvidia\.com\/gpu|amd\.com\/gpu|aws\.amazon\.com\/neuron\w*|google\.com\/tpu)$/;

/** The pods of a workload; undefined where their size or number is not known. */
function packableOf(sized: Sized, counts: PodCounts | undefined, known: KnownResources): Packable | undefined {
  const { workload, pod, values } = sized;
  const isUnknown = pod.cpuRequest.value === 'unknown' || pod.memoryRequest.value === 'unknown';
  if (workload.source.kind !== 'kubernetes' || counts === undefined || isUnknown) return undefined;
  const requests = new Map(podAmounts(values.defaulted.pod));
  const uncounted = [...requests.keys()].filter(
    (resource) =>
      resource !== 'cpu' &&
      resource !== 'memory' &&
      !known.more.has(resource) &&
      !(known.devices && devices.test(resource)),
  );
  for (const resource of uncounted) requests.delete(resource);
  const isPlain = [...requests.keys()].every((resource) => resource === 'cpu' || resource === 'memory');
  const amounts = isPlain ? `${requests.get('cpu')} ${requests.get('memory')}` : undefined;
  const [cpu, memory] = [requests.get('cpu') ?? 0, requests.get('memory') ?? 0];
  return { sized, workload: workload.source.workload, requests, cpu, memory, amounts, counts, uncounted };
}

/** Resources besides CPU and memory of which it is known how much nodes have. */
interface KnownResources {
  readonly devices: boolean;
  readonly more: ReadonlySet<string>;
}

/** Workloads without an autoscaler, which depend on nothing else. */
const unscaled = lastFor((sized: Sized, known: KnownResources) =>
  packableOf(sized, podCounts(sized, undefined), known),
);

function questionOf({ sized, scalings, inputs, settings }: SectionScope, chosen: ChosenNodes): Question {
  const [pods, daemonSets, unknown]: [Packable[], Packable[], Sized[]] = [[], [], []];
  const known = knownResources(chosen);
  for (const one of sized) {
    const { source, id, kind } = one.workload;
    if (source.kind !== 'kubernetes') continue;
    const scaling = scalings.get(id);
    const packable = scaling === undefined ? unscaled(one, known) : packableOf(one, podCounts(one, scaling), known);
    if (packable === undefined) unknown.push(one);
    else (kind === 'DaemonSet' ? daemonSets : pods).push(packable);
  }
  return { key: `${chosen.key}\n${validAssumption('zones', inputs, settings)}`, pods, daemonSets, unknown };
}

/** Which devices a preset has is published; of a node of one's own nobody has said it. */
const knownResources = onceFor(({ kinds, more }: ChosenNodes): KnownResources => {
  return { devices: kinds.every(({ shape }) => shape !== undefined), more };
});

function packed(
  { inputs, settings }: SectionScope,
  chosen: ChosenNodes,
  { pods, daemonSets, unknown }: Question,
): NodePacking | undefined {
  if (pods.length + daemonSets.length + unknown.length === 0 || chosen.kinds.length === 0) return undefined;
  const zones = Number(validAssumption('zones', inputs, settings) ?? '1');
  const [podPlan, daemonPlan] = [planOf(pods, chosen), planOf(daemonSets, chosen)];
  const daemons = daemonPlan.parts.map((part, at) => ({ ...part, requests: daemonSets[at]?.requests ?? new Map() }));
  const { usesZones } = podPlan;
  const units = unitsOf(pods, podPlan);
  const { pack, summary } = packer({
    workloads: units.map(packedUnit),
    daemonSets: daemons,
    templates: chosen.kinds.map(({ template }) => template),
    expander: chosen.kinds.length > 1 ? 'least-waste' : 'first',
    ...(usesZones && { zones: Array.from({ length: zones }, (_, index) => `zone ${index + 1}`) }),
  });
  const summaryAt = (moment: 'peak' | 'least' | 'most') =>
    pods.some(({ counts }) => counts[moment] !== counts.now)
      ? summary(units.map((unit) => countOf(unit, moment)))
      : undefined;
  const uncounted = new Set<string>();
  for (const one of [...pods, ...daemonSets]) for (const resource of one.uncounted) uncounted.add(resource);
  return {
    chosen,
    pods,
    places: podPlan.places,
    daemonSets,
    unknown,
    uncounted: [...uncounted],
    taken: [...new Set([...podPlan.taken, ...daemonPlan.taken])],
    usesZones,
    zones,
    isChoosy: podPlan.isChoosy,
    now: pack(),
    peak: summaryAt('peak'),
    least: summaryAt('least'),
    most: summaryAt('most'),
  };
}

type FixedPart = Omit<PackedWorkload, 'requests' | 'count' | 'members'>;

/** What no draft changes: where the pods of each workload may be. */
interface Plan {
  readonly parts: readonly FixedPart[];
  /** Labels that the nodes are taken to have. */
  readonly taken: readonly string[];
  readonly usesZones: boolean;
  readonly isChoosy: boolean;
  /** Whether those that are alike may be packed as one: nothing is said of where they may be. */
  readonly joins: readonly boolean[];
  /** Where each workload stands, by its id. */
  readonly places: ReadonlyMap<string, number>;
}

const plans = new WeakMap<
  WorkloadFields,
  { readonly of: readonly Packable[]; readonly key: string; readonly plan: Plan }
>();

/** Kept while the workloads are the same: anti-affinity compares each with each. */
function planOf(all: readonly Packable[], chosen: ChosenNodes): Plan {
  const first = all[0]?.sized.workload;
  const kept = first && plans.get(first);
  if (kept !== undefined && kept.key === chosen.key && kept.of.length === all.length) {
    if (kept.of.every(({ sized }, at) => sized.workload === all[at]?.sized.workload)) return kept.plan;
  }
  const taken = new Set<string>();
  const parts = all.map((one) => fixedPart(one, all, chosen, taken));
  const avoided = new Set(parts.flatMap(({ antiAffinity = [] }) => antiAffinity.flatMap(({ workloads }) => workloads)));
  const plan: Plan = {
    parts,
    taken: [...taken],
    usesZones: parts.some(({ spread = [], antiAffinity = [] }) =>
      [...spread, ...antiAffinity].some(({ key }) => key === 'zone'),
    ),
    isChoosy: parts.some((part) => 'tolerations' in part),
    joins: parts.map((part) => Object.keys(part).length === 1 && !avoided.has(part.name)),
    places: new Map(parts.map(({ name }, at) => [name, at])),
  };
  if (first !== undefined) plans.set(first, { of: all, key: chosen.key, plan });
  return plan;
}

function fixedPart(
  { workload, sized }: Packable,
  all: readonly Packable[],
  chosen: ChosenNodes,
  taken: Set<string>,
): FixedPart {
  const placement = placementOf(workload);
  const { hostPorts, spread, nodeSelector, affinityTerms, tolerations } = placement;
  const antiAffinity = avoidancesOf(workload).map(({ key, avoids }) => ({
    key,
    workloads: all.flatMap((other) => (avoids(other.workload) ? [other.sized.workload.id] : [])),
  }));
  const part: FixedPart = {
    name: sized.workload.id,
    ...(hostPorts.length > 0 && { hostPorts }),
    ...(spread.length > 0 && { spread }),
    ...(antiAffinity.length > 0 && { antiAffinity }),
  };
  if (nodeSelector?.size === 0 && affinityTerms === undefined && tolerations?.length === 0) return part;
  const { demands, left } = demandsOn(placement, (label) => labelIsKnown(chosen, label));
  for (const label of left) taken.add(label);
  return { ...part, ...demands };
}

/** Workloads whose pods are all alike, so that they are packed as one. */
interface Unit {
  readonly part: FixedPart;
  readonly requests: SchedulerAmounts;
  readonly members: Packable[];
}

/** Most workloads of a cluster ask for the same few amounts, and packing is the dearest part of a preview. */
function unitsOf(pods: readonly Packable[], { parts, joins }: Plan): readonly Unit[] {
  const units: Unit[] = [];
  const alike = new Map<string, Unit>();
  pods.forEach((packable, at) => {
    const { requests, amounts } = packable;
    const part = parts[at] ?? { name: packable.sized.workload.id };
    const key = joins[at] === true ? amounts : undefined;
    const unit = key === undefined ? undefined : alike.get(key);
    if (unit !== undefined) {
      unit.members.push(packable);
      return;
    }
    const made = { part, requests, members: [packable] };
    units.push(made);
    if (key !== undefined) alike.set(key, made);
  });
  return units;
}

function packedUnit(unit: Unit): PackedWorkload {
  const { part, requests, members } = unit;
  const workload = { ...part, requests, count: countOf(unit, 'now') };
  if (members.length === 1) return workload;
  return {
    ...workload,
    members: members.map(({ sized, counts }) => ({ workload: sized.workload.id, count: counts.now })),
  };
}

function countOf({ members }: Unit, moment: 'now' | 'peak' | 'least' | 'most'): number {
  let count = 0;
  for (const { counts } of members) count += counts[moment];
  return count;
}
