import { type NodeShape, nodeShapes } from '../../data/node-shapes.ts';
import { type KubernetesQuantity, milliValue, quantityOf, wholeValue } from '../quantity/kubernetes.ts';
import {
  type AllocatableAmount,
  defaultEviction,
  defaultMaxPods,
  type EvictionThreshold,
  kubeletAllocatable,
  noReservations,
} from './node-allocatable.ts';
import { eksReservedEphemeralBytes } from './node-eks.ts';
import { estimateNode, type NodePart } from './node-estimate.ts';
import { gkeReservedEphemeralMiB } from './node-gke.ts';
import type { NodeDemands, NodeRequirement } from './node-match.ts';
import type { NodeTemplate } from './packing-model.ts';
import { isHugePages, type ResourceList } from './resources.ts';
import { type SchedulerAmounts, schedulerAmount } from './scheduler-units.ts';

/** A kind of node that was chosen. */
export interface NodeKind {
  readonly template: NodeTemplate;
  /** Undefined for a node of one's own size. */
  readonly shape: NodeShape | undefined;
  /** Thousandths of a CPU. */
  readonly capacityMilli: number;
  readonly capacityBytes: number;
  /** What the node keeps for itself. */
  readonly parts: readonly NodePart[];
}

/** The name that stands for a node of one's own size. */
export const ownNodeName = 'own';

/** The preset that its cloud calls so. */
export function shapeNamed(name: string): NodeShape | undefined {
  return nodeShapes.find((shape) => shape.name === name);
}

/** The presets by cloud and architecture, in the order of the clouds. */
export function shapesByCloud(): readonly {
  readonly cloud: NodeShape['cloud'];
  readonly arch: NodeShape['arch'];
  readonly shapes: readonly NodeShape[];
}[] {
  return (['aws', 'gcp', 'azure'] as const)
    .flatMap((cloud) =>
      (['amd64', 'arm64'] as const).map((arch) => ({
        cloud,
        arch,
        shapes: nodeShapes.filter((shape) => shape.cloud === cloud && shape.arch === arch),
      })),
    )
    .filter(({ shapes }) => shapes.length > 0);
}

/** What somebody has said of nodes that is in no preset. */
export interface NodeSaid {
  /** The most pods on a node; the cloud's or the kubelet's own rule where it is not said. */
  readonly maxPods?: bigint | undefined;
  /** Minor of Kubernetes 1, for the rules of AKS. */
  readonly minor?: number | undefined;
  /** Capacity of other resources: local storage, huge pages, devices. */
  readonly more?: ResourceList | undefined;
  /** kube-reserved and system-reserved together, of a node of one's own. */
  readonly reserved?: ResourceList | undefined;
  /** `evictionHard` of `memory.available`, of a node of one's own; 100 MiB where it is not said. */
  readonly eviction?: EvictionThreshold | undefined;
}

const estimated = new WeakMap<NodeShape, NodeKind>();

/** A preset under its cloud's Kubernetes; see {@link estimateNode}. Kept where nothing is said of it. */
export function presetNode(shape: NodeShape, said: NodeSaid = {}): NodeKind {
  const isPlain = said.maxPods === undefined && said.minor === undefined && (said.more?.size ?? 0) === 0;
  const kept = isPlain ? estimated.get(shape) : undefined;
  if (kept !== undefined) return kept;
  const { maxPods, minor, more = nothing } = said;
  const options = { ...(maxPods !== undefined && { maxPods }), ...(minor !== undefined && { minor }) };
  const { cpuMilli, memoryBytes, pods, extended, capacityMilli, capacityBytes, parts } = estimateNode(shape, options);
  const pages = pageBytesOf(more);
  const allocatable = new Map([
    ['cpu', Number(cpuMilli)],
    ['memory', Math.max(0, Number(memoryBytes - pages))],
    ['pods', Number(pods)],
  ]);
  for (const [resource, amount] of extended) allocatable.set(resource, Number(amount));
  const disk = more.get(storage);
  const reserved = disk === undefined ? nothing : new Map([[storage, cloudStorage(shape.cloud, disk)]]);
  for (const [resource, amount] of allocatableOf(more, reserved)) allocatable.set(resource, amount);
  const labels = new Map([
    ['kubernetes.io/os', 'linux'],
    ['beta.kubernetes.io/os', 'linux'],
    ['kubernetes.io/arch', shape.arch],
    ['beta.kubernetes.io/arch', shape.arch],
    ['node.kubernetes.io/instance-type', shape.name],
    ['beta.kubernetes.io/instance-type', shape.name],
  ]);
  const kind: NodeKind = {
    template: { name: shape.name, allocatable, labels },
    shape,
    capacityMilli: Number(capacityMilli),
    capacityBytes: Number(capacityBytes),
    parts: [...parts, ...pageParts(pages)],
  };
  if (isPlain) estimated.set(shape, kind);
  return kind;
}

const nothing: ResourceList = new Map();
const storage = 'ephemeral-storage';

/** Of local storage EKS keeps 1 GiB, GKE min(50 %, 6 GiB + 35 %, 100 GiB); of AKS nothing is published. */
function cloudStorage(cloud: NodeShape['cloud'], disk: KubernetesQuantity): KubernetesQuantity {
  const mib = cloud === 'gcp' ? gkeReservedEphemeralMiB(wholeValue(disk) >> 20n) : 0n;
  return quantityOf(cloud === 'aws' ? eksReservedEphemeralBytes : mib << 20n, 'BinarySI');
}

/** Allocatable of what is neither CPU nor memory: 10 % of the storage stay free (nodefs.available). */
function allocatableOf(more: ResourceList, kubeReserved: ResourceList): SchedulerAmounts {
  const amounts = kubeletAllocatable(more, { ...noReservations, kubeReserved });
  return new Map([...amounts].map(([resource, { allocatable }]) => [resource, schedulerAmount(resource, allocatable)]));
}

/** Huge pages that are set up are taken from memory. */
function pageBytesOf(more: ResourceList): bigint {
  return [...more].reduce((sum, [name, amount]) => (isHugePages(name) ? sum + wholeValue(amount) : sum), 0n);
}

function pageParts(pages: bigint): readonly NodePart[] {
  if (pages === 0n) return [];
  return [{ kind: 'huge-pages', cpuMilli: 0n, memoryBytes: pages, formula: 'pages set up', source: 'the kubelet' }];
}

/**
 * A node of one's own: capacity − what is reserved − hard eviction ({@link kubeletAllocatable}); a kubelet at its defaults
 * reserves nothing and keeps 100 MiB free. Its architecture and its labels are not known.
 */
export function ownNode(cpu: KubernetesQuantity, memory: KubernetesQuantity, said: NodeSaid = {}): NodeKind {
  const { reserved = nothing, more = nothing, eviction, maxPods = defaultMaxPods } = said;
  const evictionHard = eviction === undefined ? defaultEviction : new Map([...defaultEviction, ['memory', eviction]]);
  const capacity: ResourceList = new Map([...more, ['cpu', cpu], ['memory', memory]]);
  const amounts = kubeletAllocatable(capacity, { ...noReservations, kubeReserved: reserved, evictionHard });
  const allocatable = new Map([['pods', Number(maxPods)]]);
  for (const [resource, { allocatable: amount }] of amounts) {
    allocatable.set(resource, schedulerAmount(resource, amount));
  }
  return {
    template: { name: ownNodeName, allocatable },
    shape: undefined,
    capacityMilli: Number(milliValue(cpu)),
    capacityBytes: Number(wholeValue(memory)),
    parts: [...ownParts('cpu', amounts.get('cpu')), ...ownParts('memory', amounts.get('memory'))],
  };
}

function ownParts(resource: 'cpu' | 'memory', amount: AllocatableAmount | undefined): readonly NodePart[] {
  return (amount?.parts ?? []).map(({ kind, quantity }): NodePart => {
    const memoryBytes = resource === 'memory' ? wholeValue(quantity) : 0n;
    const cpuMilli = resource === 'cpu' ? milliValue(quantity) : 0n;
    if (kind === 'eviction') {
      const formula = `memory.available < ${memoryBytes >> 20n} MiB`;
      return { kind, cpuMilli, memoryBytes, formula, source: 'evictionHard of the kubelet' };
    }
    const formula = kind === 'huge-pages' ? 'pages set up' : 'as you say';
    return { kind, cpuMilli, memoryBytes, formula, source: 'the kubelet' };
  });
}

/**
 * The demands about labels that are known of the nodes; those about others count as met, since the owner of a cluster
 * labels nodes as pods ask. `left` names the labels that were left out.
 */
export function demandsOn(
  { nodeSelector, affinityTerms, tolerations }: NodeDemands,
  isKnown: (label: string) => boolean,
): { readonly demands: NodeDemands; readonly left: readonly string[] } {
  const left = new Set<string>();
  const decides = (key: string) => {
    if (!isKnown(key)) left.add(key);
    return isKnown(key);
  };
  const selector = nodeSelector && new Map([...nodeSelector].filter(([key]) => decides(key)));
  const terms = affinityTerms?.map((term) => ({ known: term.filter(({ key }) => decides(key)), whole: term.length }));
  // A term of nothing but unknown labels may hold on every node; one that was empty from the start never does.
  const open = terms?.some(({ known, whole }) => known.length === 0 && whole > 0) === true;
  const required: readonly (readonly NodeRequirement[])[] | undefined = open
    ? undefined
    : terms?.map(({ known }) => known);
  return { demands: { nodeSelector: selector, affinityTerms: required, tolerations }, left: [...left] };
}
