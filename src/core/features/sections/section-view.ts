import type { EditableField, Figure, Place } from '../load-view.ts';

/** The sections of the panel below the load. */
export type SectionId =
  | 'nodes'
  | 'host'
  | 'shares'
  | 'runtime'
  | 'rollout'
  | 'cache'
  | 'network'
  | 'usage'
  | 'dockerfile';

/** A section of the panel as plain data: it travels as JSON, and the panel only draws it. */
export interface SectionView {
  readonly id: SectionId;
  readonly title: string;
  /** The one line that is left when the section is closed. */
  readonly telling: string;
  /** Numbers for the top of the panel, beside the totals. */
  readonly headlines?: readonly Headline[];
  readonly blocks: readonly Block[];
}

export interface Headline extends LabelledFigure {
  /** A few words below it: `bound by CPU`. */
  readonly remark: string;
}

export interface LabelledFigure {
  readonly label: string;
  readonly figure: Figure;
}

/** A paragraph. A warning says what would go wrong; a quiet one is a remark. */
export interface TextBlock {
  readonly kind: 'text';
  readonly text: string;
  readonly tone: 'plain' | 'quiet' | 'warning';
  /** What to show in the editor when it is clicked. */
  readonly place?: Place;
}

/** Numbers in a row, each with its name. */
export interface FiguresBlock {
  readonly kind: 'figures';
  readonly items: readonly LabelledFigure[];
}

export type Cell =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'figure'; readonly figure: Figure }
  /** A value of the file that can be changed. */
  | { readonly kind: 'field'; readonly field: EditableField };

export interface TableRow {
  readonly head: string;
  readonly place?: Place;
  /** As many as the table has columns. */
  readonly cells: readonly Cell[];
}

export interface TableBlock {
  readonly kind: 'table';
  /** For screen readers, and the heading in Markdown. */
  readonly caption: string;
  readonly columns: readonly string[];
  readonly rows: readonly TableRow[];
}

/** What a person can say that is in no file: a node's shape, a price, a load. */
export interface InputView {
  readonly name: string;
  readonly label: string;
  /** Of a plain number: `ms`. */
  readonly unit?: string;
  /** What it means, in a sentence. */
  readonly description: string;
  /** As typed, or as assumed. */
  readonly text: string;
  /** Who says so: the person in the panel, `.plimsoll.yaml` or the editor's settings, or nobody, so that it is a guess. */
  readonly from: 'typed' | 'settings' | 'assumed';
  readonly placeholder: string;
  /** Why the text is no value. */
  readonly problem?: string;
  readonly control: InputControl;
}

export type InputControl =
  | { readonly kind: 'text' }
  | { readonly kind: 'choice'; readonly groups: readonly ChoiceGroup[] }
  /** Any number of the choices; the text has commas between them. */
  | { readonly kind: 'choices'; readonly groups: readonly ChoiceGroup[] }
  | { readonly kind: 'flag' };

export interface ChoiceGroup {
  /** Empty for choices that stand alone. */
  readonly label: string;
  readonly choices: readonly { readonly value: string; readonly text: string }[];
}

export interface InputsBlock {
  readonly kind: 'inputs';
  readonly inputs: readonly InputView[];
}

/** A formula, its numbers filled in, and what it comes to. */
export interface FormulaBlock {
  readonly kind: 'formula';
  readonly formula: string;
  readonly filledIn: string;
  readonly result: Figure;
  readonly remark: string;
}

/** Pods of one workload on a node. Amounts are shares of the node's capacity, from 0 to 1. */
export interface HullLoad {
  readonly workload: string;
  readonly pods: number;
  readonly cpu: number;
  readonly memory: number;
}

/** A node as a hull: what it keeps for itself, the pods stacked to scale, the load line at allocatable. */
export interface Hull {
  readonly title: string;
  /** How many nodes look exactly so. */
  readonly count: number;
  /** Allocatable as a share of capacity. */
  readonly loadLine: { readonly cpu: number; readonly memory: number };
  /** Used by DaemonSets, as shares of capacity; they stand below the pods. */
  readonly daemons: { readonly cpu: number; readonly memory: number };
  readonly loads: readonly HullLoad[];
  /** The same in words. */
  readonly words: readonly HullWords[];
}

/** A line about a hull: `CPU 3 × 200m of 1930m (31 %)`. */
export interface HullWords {
  readonly about: 'pods' | 'cpu' | 'memory' | 'daemons' | 'room';
  readonly text: string;
}

export interface HullsBlock {
  readonly kind: 'hulls';
  readonly hulls: readonly Hull[];
  /** What is not drawn: `and 40 more nodes`. */
  readonly more?: string;
}

export interface CurveMark {
  readonly x: number;
  readonly y: number;
  readonly label: string;
  /** Where it stood before the draft. */
  readonly before?: true;
}

/** A curve over an axis, with marks on it. */
export interface CurveBlock {
  readonly kind: 'curve';
  /** What the picture shows, in a sentence, for those who do not see it. */
  readonly words: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly lines: readonly {
    readonly label: string;
    readonly points: readonly { readonly x: number; readonly y: number }[];
  }[];
  readonly marks: readonly CurveMark[];
}

export interface Axis {
  readonly label: string;
  readonly from: number;
  readonly to: number;
  readonly ticks: readonly { readonly at: number; readonly text: string }[];
}

/** A stage of a Dockerfile in the picture of all. */
export interface StageNode {
  readonly id: string;
  readonly name: string;
  readonly base: string;
  /** What of it is in the image. */
  readonly ships: 'whole' | 'in part' | 'nothing';
  readonly place: Place;
  readonly notes: readonly string[];
}

/** From what is taken to what takes it: `FROM`, or the paths of a COPY or a mount. */
export interface StageEdge {
  /** The id of a stage, or the name of an image. */
  readonly from: string;
  readonly to: string;
  readonly label: string;
  readonly via: 'base' | 'copy' | 'mount';
}

export interface StagesBlock {
  readonly kind: 'stages';
  readonly stages: readonly StageNode[];
  readonly edges: readonly StageEdge[];
}

export type Block =
  | TextBlock
  | FiguresBlock
  | TableBlock
  | InputsBlock
  | FormulaBlock
  | HullsBlock
  | CurveBlock
  | StagesBlock;
