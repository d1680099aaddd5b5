import type { NodeDemands, NodeMismatch, NodeTraits } from './node-match.ts';
import type { SchedulerAmounts } from './scheduler-units.ts';

/** A kind of node that can be added. */
export interface NodeTemplate extends NodeTraits {
  readonly name: string;
  /** What pods may have there, `pods` among it. */
  readonly allocatable: SchedulerAmounts;
}

/** A node that is there already, without pods of its own but the DaemonSets'. */
export interface ExistingNode {
  readonly template: NodeTemplate;
  readonly zone?: string | undefined;
}

export type TopologyKey = 'hostname' | 'zone';

/** `topologySpreadConstraints` with `whenUnsatisfiable: DoNotSchedule`, over the workload's own pods. */
export interface Spread {
  readonly key: TopologyKey;
  readonly maxSkew: number;
  /** With fewer domains than these the least of them counts as zero. */
  readonly minDomains?: number | undefined;
}

/** Required anti-affinity: no pod of these workloads beside. The own name keeps replicas apart. It works both ways. */
export interface AntiAffinity {
  readonly key: TopologyKey;
  readonly workloads: readonly string[];
}

/** Pods that are alike, of one workload. Names are told apart by the caller: each stands for one workload. */
export interface PackedWorkload extends NodeDemands {
  readonly name: string;
  /** Of one pod. */
  readonly requests: SchedulerAmounts;
  readonly count: number;
  /** Workloads that are alike, packed as this one: their counts come to its own, and the first takes its pods first. */
  readonly members?: readonly PackedPods[] | undefined;
  /** Each at most once on a node: `TCP/8080`. */
  readonly hostPorts?: readonly string[] | undefined;
  readonly spread?: readonly Spread[] | undefined;
  readonly antiAffinity?: readonly AntiAffinity[] | undefined;
}

export interface PackingInputs {
  readonly workloads: readonly PackedWorkload[];
  /** One pod of each on every node that it matches; `count` is not asked. */
  readonly daemonSets?: readonly Omit<PackedWorkload, 'count'>[] | undefined;
  /** By preference, where {@link PackingInputs.expander} does not choose. */
  readonly templates: readonly NodeTemplate[];
  /**
   * Of which kind a new node is: the `first` that takes a pod (unless said otherwise), or the one of which the pods of the
   * workload that are left would leave the least CPU and memory idle, the first of equals; as cluster-autoscaler's
   * expanders `priority` and `least-waste`.
   */
  readonly expander?: 'first' | 'least-waste' | undefined;
  readonly existing?: readonly ExistingNode[] | undefined;
  /** Where new nodes may be, by preference; one zone without a name when absent. */
  readonly zones?: readonly string[] | undefined;
  /** Zones that have nodes, none of which can take these pods; they count in spreads. */
  readonly closedZones?: readonly string[] | undefined;
  readonly maxNewNodes?: number | undefined;
}

export interface PackedPods {
  readonly workload: string;
  readonly count: number;
}

export interface PackedNode {
  readonly template: string;
  readonly zone: string;
  readonly existing: boolean;
  /** In the order they came. */
  readonly pods: readonly PackedPods[];
  readonly allocatable: SchedulerAmounts;
  /** Pods and DaemonSets together. */
  readonly used: SchedulerAmounts;
}

/** Why pods found no place. */
export type UnplacedReason =
  /** On no kind of node, were it empty; per kind what is short there or what keeps the pods off. */
  | { readonly kind: 'impossible'; readonly templates: readonly RefusingTemplate[] }
  /** They would need more nodes than may be added. */
  | { readonly kind: 'node-limit' }
  /** Spread or anti-affinity forbids every place that is left. */
  | { readonly kind: 'topology' };

export interface RefusingTemplate {
  readonly template: string;
  readonly mismatch: NodeMismatch | undefined;
  readonly insufficient: readonly string[];
}

export interface UnplacedPods extends PackedPods {
  readonly reason: UnplacedReason;
}

/** Nodes that no packing can do without. The greatest of the three holds. */
export interface NodeBound {
  readonly nodes: number;
  /** ⌈Σ requests ÷ capacity⌉, by resource, `pods` among them. */
  readonly volume: ReadonlyMap<string, number>;
  /** ⌈count ÷ pods of it that fit a node⌉, the greatest over the workloads. */
  readonly homogeneous: number;
  /** Martello and Toth's L2: large pods that cannot share a node; the greatest over the resources. */
  readonly sharing: number;
}

export interface PackingSummary {
  /** Nodes that hold pods of the workloads. */
  readonly nodeCount: number;
  /** The same by kind. */
  readonly nodesOf: ReadonlyMap<string, number>;
  readonly placed: number;
  readonly unplaced: readonly UnplacedPods[];
  /** Of all pods that fit somewhere: between this and `nodeCount` lies the least that is possible. */
  readonly lowerBound: number;
  /** For each set of workloads that share kinds of nodes; the sum of their `nodes` is the bound. */
  readonly bounds: readonly NodeBound[];
  /** The resource of which the nodes use the greatest part, or that replicas must stand apart; undefined without nodes. */
  readonly binding: string | 'one-per-node' | undefined;
}

export interface Packing extends PackingSummary {
  /** Nodes that hold pods of the workloads, the existing ones first. */
  readonly nodes: readonly PackedNode[];
}
