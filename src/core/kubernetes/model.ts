import type { Located, Span } from '../text/span.ts';
import type { YamlDocument, YamlMapping, YamlPath } from '../yaml/node.ts';

/** What a file is to Kubernetes users; decides which rules may speak. */
export type ManifestContext =
  | 'manifest'
  /** Has `{{ … }}` actions: what an action makes is unknown. */
  | 'helm-template'
  /** A Kustomize or strategic-merge patch: nothing in it is missing. */
  | 'patch';

export interface KubernetesObject {
  readonly document: YamlDocument;
  readonly root: YamlMapping;
  /** From the document's root: empty but for the items of a List. */
  readonly path: YamlPath;
  readonly apiVersion: Located<string>;
  readonly kind: Located<string>;
  readonly name: Located<string> | undefined;
  readonly namespace: Located<string> | undefined;
  readonly labels: ReadonlyMap<string, Located<string>>;
  readonly annotations: ReadonlyMap<string, Located<string>>;
  readonly context: ManifestContext;
  /** Undefined where the object runs no pods. */
  readonly workload: Workload | undefined;
}

/** An object that runs pods: Pod, Deployment, CronJob, … and custom kinds with a pod template. */
export interface Workload {
  readonly object: KubernetesObject;
  /** Path of the pod spec from the document's root. */
  readonly specPath: YamlPath;
  readonly spec: YamlMapping;
  /** Labels of the pods that it makes. */
  readonly podLabels: ReadonlyMap<string, Located<string>>;
  /** The mapping that holds the pods' metadata, where there is one. */
  readonly podMetadata: YamlMapping | undefined;
  readonly podMetadataPath: YamlPath;
  /** Undefined where the kind has none (Pod, DaemonSet, Job) or where it is not written; then the API server's default is 1. */
  readonly replicas: Located<number> | undefined;
  readonly scales: boolean;
  /** Ends by itself: Job, CronJob, and Pods that do not restart. */
  readonly runsToCompletion: boolean;
  /** `spec.os.name: windows`. */
  readonly windows: boolean;
  readonly containers: readonly Container[];
}

export type ContainerRole = 'app' | 'init' | 'sidecar' | 'ephemeral';

export interface Container {
  readonly workload: Workload;
  /** `sidecar` is an init container with `restartPolicy: Always`. */
  readonly role: ContainerRole;
  readonly path: YamlPath;
  readonly node: YamlMapping;
  readonly name: Located<string> | undefined;
  /** Undefined where missing or templated. */
  readonly image: Located<string> | undefined;
  readonly requests: ReadonlyMap<string, Located<string>>;
  readonly limits: ReadonlyMap<string, Located<string>>;
  /** The place to underline when something is missing: the name's value, else the first key. */
  readonly label: Span;
  readonly ports: readonly ContainerPort[];
}

export interface ContainerPort {
  readonly span: Span;
  readonly name: Located<string> | undefined;
  readonly number: Located<number> | undefined;
  readonly protocol: string;
}

/** An object and the offset of its document in the file: add it to every span of the object. */
export interface PlacedObject {
  readonly object: KubernetesObject;
  readonly start: number;
}

/** An object of another file; spans are of that file once `start` is added. */
export interface NeighbourObject extends PlacedObject {
  readonly path: string;
  /** Of the whole file. */
  readonly text: string;
}

/** What the workspace holds beside a file. */
export interface Neighbours {
  /** Objects that are deployed with the file's own: of the same kustomization, chart or folder. */
  readonly near: readonly NeighbourObject[];
  /** All others: they show that something exists, never that something is missing. */
  readonly far: readonly NeighbourObject[];
  /** ConfigMaps and Secrets that a kustomization makes, near or far. */
  readonly generated: readonly { readonly kind: string; readonly name: string }[];
  /**
   * Not all that is deployed with the file is here: a kustomization takes something in from an address, or a file that the
   * workspace does not hold.
   */
  readonly incomplete: boolean;
  /** Names of images whose tag or digest a kustomization that takes the file in sets. */
  readonly retagged: ReadonlySet<string>;
  /** What patches are about that are deployed with the file, as `Deployment/web`; `*` stands for every kind or name. */
  readonly patched: ReadonlySet<string>;
  /** Keys of labels that kustomizations add to objects and pods alike; `*` where they may add any. */
  readonly labelled: ReadonlySet<string>;
  /** Names of workloads whose replicas a kustomization sets, whatever they say themselves. */
  readonly rescaled: ReadonlySet<string>;
  /** Images that are built here, by their names without tags. */
  readonly images: ReadonlyMap<string, BuiltImage>;
}

/** An image that the workspace builds, and the user that its Dockerfile leaves it with. */
export interface BuiltImage {
  /** The Dockerfile. */
  readonly path: string;
  readonly text: string;
  /** By name or number, without a group. */
  readonly user: string;
  /** The user's number, where it is known. */
  readonly number: string | undefined;
  /** What says so: USER's word, or the base image. */
  readonly span: Span;
}

/** All objects of a file, for rules that look from one to another. */
export interface KubernetesFile {
  readonly objects: readonly PlacedObject[];
  /** Undefined where nothing is known of other files. */
  readonly neighbours?: Neighbours | undefined;
}

/** A Kubernetes minor version, such as 1.36. */
export interface KubernetesVersion {
  readonly major: number;
  readonly minor: number;
}
