import type { Span } from '../text/span.ts';

/** A span of a file: of the one that is followed, unless another is named. */
export interface Place extends Span {
  /** Path of another file. */
  readonly file?: string;
}

/** How far a number can be trusted. The three are never mixed in one figure. */
export type Certainty = 'exact' | 'estimate' | 'rule of thumb';

/** A number to show, with the reasons behind it. Plain data: it travels to the panel as JSON. */
export interface Figure {
  /** `600m`, `768 MiB`, `unbounded`. */
  readonly text: string;
  /** What it was before the draft, where the draft changes it. */
  readonly before?: string;
  readonly certainty: Certainty;
  /** The formula with its numbers filled in, one line each; the winning term is named. */
  readonly explanation: readonly string[];
  /** The fields behind it, to jump to; offsets of the file. */
  readonly fields: readonly { readonly label: string; readonly span: Place }[];
}

/** A value of the file that the panel can change. */
export interface EditableField {
  /** Stable while the structure of the file is: names the document, the path and the resource. */
  readonly id: string;
  readonly label: string;
  /** As written, or as drafted; empty where unset. */
  readonly text: string;
  /** As written, where a draft differs. */
  readonly before?: string;
  /** What the API server puts there where it is unset: `500m (from the limit)`, or `unset`. */
  readonly placeholder: string;
  /** Undefined where nothing is written yet. */
  readonly span: Place | undefined;
  /** Why the draft's text is no value, for the field's own error line. */
  readonly problem?: string;
  /** In cores or bytes, for bars; undefined where unset or invalid. */
  readonly amount: number | undefined;
}

export interface ResourceLine {
  readonly resource: 'cpu' | 'memory';
  readonly request: EditableField;
  readonly limit: EditableField;
}

export interface OtherLine extends Omit<ResourceLine, 'resource'> {
  /** `nvidia.com/gpu` */
  readonly resource: string;
}

export interface ResourceFigures {
  readonly cpuRequest: Figure;
  readonly memoryRequest: Figure;
  readonly cpuLimit: Figure;
  readonly memoryLimit: Figure;
}

export interface LoadContainer {
  readonly name: string;
  readonly role: 'app' | 'init' | 'sidecar' | 'ephemeral';
  readonly span: Place;
  readonly resources: readonly ResourceLine[];
  /** Devices, huge pages, ephemeral storage: those that are written. */
  readonly others: readonly OtherLine[];
  /** `cpu.weight`, `cpu.max`, `memory.max`, `oom_score_adj`. */
  readonly kernel: readonly { readonly label: string; readonly figure: Figure }[];
}

export interface LoadWorkload {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string | undefined;
  readonly span: Place;
  readonly qos: Figure;
  /** Undefined for kinds that do not scale. */
  readonly replicas: EditableField | undefined;
  /** The bounds of its autoscaler, which then decides how many there are, and what all pods come to at each. */
  readonly scaling?: {
    readonly min: EditableField;
    readonly max: EditableField;
    readonly least: ResourceFigures;
    readonly most: ResourceFigures;
  };
  /** What it makes several of: Compose knows no pods. */
  readonly copy: 'pod' | 'container';
  /** Of one pod, with the winning term named. */
  readonly pod: ResourceFigures;
  /** Times replicas. */
  readonly total: ResourceFigures;
  /** The pod's own `spec.resources`, where some are written. */
  readonly ownResources?: readonly ResourceLine[];
  readonly containers: readonly LoadContainer[];
}

/** A workload in one line: totals of all its pods. */
export interface LoadRow extends ResourceFigures {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string | undefined;
  readonly span: Place;
  readonly qos: Figure;
  readonly pods: Figure;
}

export interface NamespaceTotals extends ResourceFigures {
  /** Empty where none is written. */
  readonly namespace: string;
  readonly workloads: number;
}

/** Texts of changed fields by their id; an empty text takes the field out. */
export type Draft = Readonly<Record<string, string>>;

export type LoadView =
  | {
      readonly kind: 'load';
      /** How many workloads are in view. */
      readonly count: number;
      /** All of them, or the first that were asked for. */
      readonly rows: readonly LoadRow[];
      /** Empty where all are in one. */
      readonly namespaces: readonly NamespaceTotals[];
      /** Those that are shown whole: all where they are few, else those that were opened. */
      readonly workloads: readonly LoadWorkload[];
      readonly totals: ResourceFigures & { readonly pods: Figure };
      /** What `totals.pods` counts. */
      readonly counted: 'pods' | 'containers';
      readonly draft: { readonly changes: number; readonly summary: string; readonly canApply: boolean };
      /** The file has errors beside what is shown. */
      readonly warning?: string;
    }
  | {
      readonly kind: 'nothing';
      readonly reason: 'no-file' | 'not-supported' | 'empty' | 'broken' | 'no-workload';
      /** What is the matter, and what to do. */
      readonly message: string;
      readonly span?: Place;
    };
