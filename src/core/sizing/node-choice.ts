import { type NodeShape, nodeShapes } from '../../data/node-shapes.ts';
import { type KubernetesQuantity, milliValue, wholeValue } from '../quantity/kubernetes.ts';
import { defaultMaxPods, kubeletAllocatable, noReservations } from './node-allocatable.ts';
import { estimateNode, type NodePart } from './node-estimate.ts';
import type { NodeDemands, NodeRequirement } from './node-match.ts';
import type { NodeTemplate } from './packing-model.ts';
import { schedulerAmount } from './scheduler-units.ts';

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

const estimated = new WeakMap<NodeShape, NodeKind>();

/** A preset under its cloud's Kubernetes; see {@link estimateNode}. */
export function presetNode(shape: NodeShape): NodeKind {
  const kept = estimated.get(shape);
  if (kept !== undefined) return kept;
  const { cpuMilli, memoryBytes, pods, extended, capacityMilli, capacityBytes, parts } = estimateNode(shape);
  const allocatable = new Map([
    ['cpu', Number(cpuMilli)],
    ['memory', Number(memoryBytes)],
    ['pods', Number(pods)],
  ]);
  for (const [resource, amount] of extended) allocatable.set(resource, Number(amount));
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
    parts,
  };
  estimated.set(shape, kind);
  return kind;
}

/**
 * A node of one's own with a kubelet at its defaults, which reserves nothing and keeps 100 MiB free
 * ({@link kubeletAllocatable}). Its architecture and its labels are not known.
 */
export function ownNode(cpu: KubernetesQuantity, memory: KubernetesQuantity): NodeKind {
  const amounts = kubeletAllocatable(
    new Map([
      ['cpu', cpu],
      ['memory', memory],
    ]),
    noReservations,
  );
  const allocatable = new Map([['pods', Number(defaultMaxPods)]]);
  for (const [resource, { allocatable: amount }] of amounts) {
    allocatable.set(resource, schedulerAmount(resource, amount));
  }
  const kept = (amounts.get('memory')?.parts ?? []).map(
    ({ quantity }): NodePart => ({
      kind: 'eviction',
      cpuMilli: 0n,
      memoryBytes: wholeValue(quantity),
      formula: 'memory.available < 100 MiB',
      source: "the kubelet's default",
    }),
  );
  return {
    template: { name: ownNodeName, allocatable },
    shape: undefined,
    capacityMilli: Number(milliValue(cpu)),
    capacityBytes: Number(wholeValue(memory)),
    parts: kept,
  };
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
