import type { Workload } from '../../kubernetes/model.ts';
import { avoidancesOf, placementOf } from '../../kubernetes/placement.ts';
import { demandsOn } from '../../sizing/node-choice.ts';
import { pack, packedSummary } from '../../sizing/packing.ts';
import type { PackedWorkload, Packing, PackingInputs, PackingSummary } from '../../sizing/packing-model.ts';
import { podAmounts, type SchedulerAmounts } from '../../sizing/scheduler-units.ts';
import { onceFor } from '../../text/once-for.ts';
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
  readonly counts: PodCounts;
}

/** The pods in view on the chosen nodes. */
export interface NodePacking {
  readonly chosen: ChosenNodes;
  readonly pods: readonly Packable[];
  readonly daemonSets: readonly Packable[];
  /** Workloads whose size or number is not known. */
  readonly unknown: readonly Sized[];
  /** Resources of pods that nobody has said of the nodes, so that they are not counted. */
  readonly uncounted: readonly string[];
  /** Labels that the nodes are taken to have. */
  readonly taken: readonly string[];
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
  const chosen = chosenNodes(scope);
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
  if (b === undefined || a.sized.workload !== b.sized.workload) return false;
  if (a.sized === b.sized && a.counts === b.counts) return true;
  const counts = (['least', 'now', 'peak', 'most'] as const).every((count) => a.counts[count] === b.counts[count]);
  if (!counts || a.requests.size !== b.requests.size) return false;
  return [...a.requests].every(([resource, amount]) => b.requests.get(resource) === amount);
}

const allAmounts = onceFor(({ values }: Sized): SchedulerAmounts => podAmounts(values.defaulted.pod));

/** Counts of workloads without an autoscaler, which depend on nothing else. */
const plainCounts = onceFor((sized: Sized) => podCounts(sized, undefined));

const devices = /^(?:nvidia\.com\/gpu|amd\.com\/gpu|aws\.amazon\.com\/neuron\w*|google\.com\/tpu)$/;

const plain = onceFor((amounts: SchedulerAmounts): SchedulerAmounts => only(amounts, () => false));
const withDevices = onceFor(
  (amounts: SchedulerAmounts): SchedulerAmounts => only(amounts, (name) => devices.test(name)),
);

function only(amounts: SchedulerAmounts, also: (resource: string) => boolean): SchedulerAmounts {
  const isCounted = (resource: string) => resource === 'cpu' || resource === 'memory' || also(resource);
  return [...amounts.keys()].every(isCounted)
    ? amounts
    : new Map([...amounts].filter(([resource]) => isCounted(resource)));
}

function questionOf({ sized, scalings, inputs, settings }: SectionScope, chosen: ChosenNodes): Question {
  const [pods, daemonSets, unknown]: [Packable[], Packable[], Sized[]] = [[], [], []];
  const counted = knowsDevices(chosen) ? withDevices : plain;
  for (const one of sized) {
    const { source, id, kind } = one.workload;
    if (source.kind !== 'kubernetes') continue;
    const scaling = scalings.get(id);
    const counts = scaling === undefined ? plainCounts(one) : podCounts(one, scaling);
    const { cpuRequest, memoryRequest } = one.pod;
    if (counts === undefined || cpuRequest.value === 'unknown' || memoryRequest.value === 'unknown') unknown.push(one);
    else {
      const packable = { sized: one, workload: source.workload, requests: counted(allAmounts(one)), counts };
      (kind === 'DaemonSet' ? daemonSets : pods).push(packable);
    }
  }
  return { key: `${chosen.key}\n${validAssumption('zones', inputs, settings)}`, pods, daemonSets, unknown };
}

/** Which devices a preset has is published; of a node of one's own nobody has said it. */
function knowsDevices({ kinds }: ChosenNodes): boolean {
  return kinds.every(({ shape }) => shape !== undefined);
}

function packed(
  { inputs, settings }: SectionScope,
  chosen: ChosenNodes,
  { pods, daemonSets, unknown }: Question,
): NodePacking | undefined {
  if (pods.length + daemonSets.length + unknown.length === 0 || chosen.kinds.length === 0) return undefined;
  const zones = Number(validAssumption('zones', inputs, settings) ?? '1');
  const taken = new Set<string>();
  const fixed = fixedParts(pods, chosen, taken);
  const daemons = fixedParts(daemonSets, chosen, taken).map((part, at) => ({
    ...part,
    requests: daemonSets[at]?.requests ?? new Map(),
  }));
  const usesZones = fixed.some(
    ({ spread, antiAffinity }) =>
      spread?.some(({ key }) => key === 'zone') || antiAffinity?.some(({ key }) => key === 'zone'),
  );
  const inputsFor = (count: (counts: PodCounts) => number): PackingInputs => ({
    workloads: pods.map(({ requests, counts }, at): PackedWorkload => {
      return { ...(fixed[at] ?? { name: '' }), requests, count: count(counts) };
    }),
    daemonSets: daemons,
    templates: chosen.kinds.map(({ template }) => template),
    expander: chosen.kinds.length > 1 ? 'least-waste' : 'first',
    ...(usesZones && { zones: Array.from({ length: zones }, (_, index) => `zone ${index + 1}`) }),
  });
  const summary = (count: 'peak' | 'least' | 'most') =>
    pods.some(({ counts }) => counts[count] !== counts.now)
      ? packedSummary(inputsFor((counts) => counts[count]))
      : undefined;
  const counted = new Set([...pods, ...daemonSets].flatMap(({ requests }) => [...requests.keys()]));
  const asked = new Set([...pods, ...daemonSets].flatMap(({ sized }) => [...allAmounts(sized).keys()]));
  return {
    chosen,
    pods,
    daemonSets,
    unknown,
    uncounted: [...asked].filter((resource) => !counted.has(resource)),
    taken: [...taken],
    usesZones,
    zones,
    now: pack(inputsFor(({ now }) => now)),
    peak: summary('peak'),
    least: summary('least'),
    most: summary('most'),
  };
}

type FixedPart = Omit<PackedWorkload, 'requests' | 'count'>;

/** What no draft changes of each workload: where its pods may be. Labels that the nodes are taken to have go to `taken`. */
function fixedParts(all: readonly Packable[], chosen: ChosenNodes, taken: Set<string>): readonly FixedPart[] {
  const workloads = all.map(({ sized }) => sized.workload);
  const apart = apartOf(workloads);
  return all.map(({ workload, sized }): FixedPart => {
    const { id: name } = sized.workload;
    const placement = placementOf(workload);
    const { hostPorts, spread, nodeSelector, affinityTerms, tolerations } = placement;
    const antiAffinity = apart.get(name);
    const free = nodeSelector?.size === 0 && affinityTerms === undefined && tolerations?.length === 0;
    if (free) return { name, hostPorts, spread, antiAffinity };
    const { demands, left } = demandsOn(placement, (label) => labelIsKnown(chosen, label));
    for (const label of left) taken.add(label);
    return { name, ...demands, hostPorts, spread, antiAffinity };
  });
}

type Apart = ReadonlyMap<string, PackedWorkload['antiAffinity']>;

const lastApart = new WeakMap<WorkloadFields, { readonly of: readonly WorkloadFields[]; readonly apart: Apart }>();

/** By id, the workloads that may not stand beside a workload. Each is compared with each: kept while they are the same. */
function apartOf(workloads: readonly WorkloadFields[]): Apart {
  const [first] = workloads;
  const kept = first && lastApart.get(first);
  if (kept !== undefined && kept.of.length === workloads.length && kept.of.every((one, at) => one === workloads[at])) {
    return kept.apart;
  }
  const apart = new Map<string, PackedWorkload['antiAffinity']>();
  for (const { id, source } of workloads) {
    const terms = source.kind === 'kubernetes' ? avoidancesOf(source.workload) : [];
    if (terms.length === 0) continue;
    const others = (avoids: (other: Workload) => boolean) =>
      workloads.flatMap((other) =>
        other.source.kind === 'kubernetes' && avoids(other.source.workload) ? [other.id] : [],
      );
    apart.set(
      id,
      terms.map(({ key, avoids }) => ({ key, workloads: others(avoids) })),
    );
  }
  if (first !== undefined) lastApart.set(first, { of: workloads, apart });
  return apart;
}
