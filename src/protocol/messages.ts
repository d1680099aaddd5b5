import type {
  EditableField,
  Figure,
  LoadContainer,
  LoadRow,
  LoadView,
  LoadWorkload,
  NamespaceTotals,
  OtherLine,
  Place,
  ResourceFigures,
  ResourceLine,
} from '../core/features/load-view.ts';
import type { SectionView } from '../core/features/sections/section-view.ts';
import { isField, isFigure, isPlace } from './figures.ts';
import { isSection } from './sections.ts';
import { either, type Guard, isCount, isFlag, isText, listOf, maybe, oneOf, shaped } from './shape.ts';

export type {
  EditableField,
  Figure,
  LoadContainer,
  LoadRow,
  LoadView,
  LoadWorkload,
  NamespaceTotals,
  Place,
  ResourceFigures,
  ResourceLine,
  SectionView,
};

/** Both sides come from one bundle; a panel that outlived an update of the extension is told apart by this. */
export const protocolVersion = 3;

/** All that the panel shows. The host owns it and sends it whole. */
export interface PanelState {
  readonly place: 'view' | 'editor';
  /** Version of the document that `load` was made of; requests about offsets say which one they mean. */
  readonly version: number;
  /** Name of the file to show; undefined where none is followed. */
  readonly file: string | undefined;
  readonly pinned: boolean;
  /** Which files are in view, and which may be chosen. */
  readonly scope: PanelScope;
  readonly load: LoadView;
  readonly sections: readonly SectionView[];
  /** What the assumptions are called that the person has typed and that are not in `.plimsoll.yaml`. */
  readonly unkept: readonly string[];
  /** Why the draft cannot be applied as it stands: the file was changed after it was begun. */
  readonly stale: string | undefined;
  /** The workload to bring into view; a new serial asks again. */
  readonly focus: { readonly workload: string; readonly serial: number } | undefined;
}

export interface PanelScope {
  readonly chosen: string;
  readonly choices: readonly { readonly value: string; readonly text: string }[];
}

export type Outcome = { readonly ok: true } | { readonly ok: false; readonly reason: string };

export type ToPanel = { readonly protocol: typeof protocolVersion } & (
  | { readonly kind: 'state'; readonly state: PanelState }
  /** To every request, failure included. */
  | { readonly kind: 'reply'; readonly to: number; readonly outcome: Outcome }
);

/** What the panel asks of the host. */
export type PanelRequest =
  /** The panel stands and wants its state. */
  | { readonly kind: 'ready' }
  /** Puts a field's text into the draft; an empty one takes the field out of the file. */
  | { readonly kind: 'draft'; readonly field: string; readonly text: string }
  /** Takes a field out of the draft. */
  | { readonly kind: 'undraft'; readonly field: string }
  /** Says what an assumption is; an empty text takes back what was said. */
  | { readonly kind: 'input'; readonly name: string; readonly text: string }
  /** Writes the assumptions into `.plimsoll.yaml`. */
  | { readonly kind: 'keepInputs' }
  /** Forgets the assumptions that are not in `.plimsoll.yaml`. */
  | { readonly kind: 'forgetInputs' }
  | { readonly kind: 'scope'; readonly value: string }
  /** Lists so many workloads. */
  | { readonly kind: 'rows'; readonly count: number }
  /** Shows a workload whole among many, or in one line again. */
  | { readonly kind: 'open'; readonly workload: string; readonly open: boolean }
  /** Copies a summary of everything as Markdown. */
  | { readonly kind: 'copy' }
  /** Writes the draft into the file, if that is still of this version. */
  | { readonly kind: 'apply'; readonly version: number }
  | { readonly kind: 'reset' }
  /** Takes a stale draft over to the file as it is now. */
  | { readonly kind: 'keep' }
  | { readonly kind: 'pin'; readonly pinned: boolean }
  /** Shows the places in the editor, the first one selected. */
  | { readonly kind: 'reveal'; readonly version: number; readonly spans: readonly Place[] };

export type ToHost = {
  readonly protocol: typeof protocolVersion;
  readonly id: number;
  readonly request: PanelRequest;
};

const isLines = listOf(shaped<ResourceLine>({ resource: oneOf('cpu', 'memory'), request: isField, limit: isField }));

const isContainer: Guard<LoadContainer> = shaped<LoadContainer>({
  name: isText,
  role: oneOf('app', 'init', 'sidecar', 'ephemeral'),
  span: isPlace,
  resources: isLines,
  others: listOf(shaped<OtherLine>({ resource: isText, request: isField, limit: isField })),
  kernel: listOf(shaped<LoadContainer['kernel'][number]>({ label: isText, figure: isFigure })),
});

const fourFigures = { cpuRequest: isFigure, memoryRequest: isFigure, cpuLimit: isFigure, memoryLimit: isFigure };
const isFourFigures = shaped<ResourceFigures>(fourFigures);

const isWorkload: Guard<LoadWorkload> = shaped<LoadWorkload>({
  id: isText,
  kind: isText,
  name: isText,
  namespace: maybe(isText),
  span: isPlace,
  qos: isFigure,
  replicas: maybe(isField),
  scaling: maybe(
    shaped<NonNullable<LoadWorkload['scaling']>>({
      min: isField,
      max: isField,
      least: isFourFigures,
      most: isFourFigures,
    }),
  ),
  copy: oneOf('pod', 'container'),
  pod: isFourFigures,
  total: isFourFigures,
  ownResources: maybe(isLines),
  containers: listOf(isContainer),
});

const isRow: Guard<LoadRow> = shaped<LoadRow>({
  id: isText,
  kind: isText,
  name: isText,
  namespace: maybe(isText),
  span: isPlace,
  qos: isFigure,
  pods: isFigure,
  ...fourFigures,
});

type Load = LoadView & { readonly kind: 'load' };
type Nothing = LoadView & { readonly kind: 'nothing' };

const isLoad: Guard<Load> = shaped<Load>({
  kind: oneOf('load'),
  count: isCount,
  rows: listOf(isRow),
  namespaces: listOf(shaped<NamespaceTotals>({ namespace: isText, workloads: isCount, ...fourFigures })),
  workloads: listOf(isWorkload),
  totals: shaped<Load['totals']>({ ...fourFigures, pods: isFigure }),
  counted: oneOf('pods', 'containers'),
  draft: shaped<Load['draft']>({ changes: isCount, summary: isText, canApply: isFlag }),
  warning: maybe(isText),
});

const isNothing: Guard<Nothing> = shaped<Nothing>({
  kind: oneOf('nothing'),
  reason: oneOf('no-file', 'not-supported', 'empty', 'broken', 'no-workload'),
  message: isText,
  span: maybe(isPlace),
});

const isState: Guard<PanelState> = shaped<PanelState>({
  place: oneOf('view', 'editor'),
  version: isCount,
  file: maybe(isText),
  pinned: isFlag,
  scope: shaped<PanelScope>({
    chosen: isText,
    choices: listOf(shaped<PanelScope['choices'][number]>({ value: isText, text: isText })),
  }),
  load: either(isLoad, isNothing),
  sections: listOf(isSection),
  unkept: listOf(isText),
  stale: maybe(isText),
  focus: maybe(shaped<{ workload: string; serial: number }>({ workload: isText, serial: isCount })),
});

const isOutcome: Guard<Outcome> = either(
  shaped<Outcome & { ok: true }>({ ok: oneOf(true) }),
  shaped<Outcome & { ok: false }>({ ok: oneOf(false), reason: isText }),
);

const protocol = oneOf(protocolVersion);

/** Whether a message that reached the panel is one that the host sends. */
export const isToPanel: Guard<ToPanel> = either(
  shaped<ToPanel & { kind: 'state' }>({ protocol, kind: oneOf('state'), state: isState }),
  shaped<ToPanel & { kind: 'reply' }>({ protocol, kind: oneOf('reply'), to: isCount, outcome: isOutcome }),
);

/** The core knows which there are; this only keeps out what can be no name. */
function isInputName(value: unknown): value is string {
  return isText(value) && /^[a-z][A-Za-z]{0,40}$/.test(value);
}

const requests: { readonly [Kind in PanelRequest['kind']]: Guard<PanelRequest & { readonly kind: Kind }> } = {
  ready: shaped<PanelRequest & { kind: 'ready' }>({ kind: oneOf('ready') }),
  draft: shaped<PanelRequest & { kind: 'draft' }>({ kind: oneOf('draft'), field: isText, text: isText }),
  undraft: shaped<PanelRequest & { kind: 'undraft' }>({ kind: oneOf('undraft'), field: isText }),
  input: shaped<PanelRequest & { kind: 'input' }>({
    kind: oneOf('input'),
    name: isInputName,
    text: isText,
  }),
  keepInputs: shaped<PanelRequest & { kind: 'keepInputs' }>({ kind: oneOf('keepInputs') }),
  forgetInputs: shaped<PanelRequest & { kind: 'forgetInputs' }>({ kind: oneOf('forgetInputs') }),
  scope: shaped<PanelRequest & { kind: 'scope' }>({ kind: oneOf('scope'), value: isText }),
  rows: shaped<PanelRequest & { kind: 'rows' }>({ kind: oneOf('rows'), count: isCount }),
  open: shaped<PanelRequest & { kind: 'open' }>({ kind: oneOf('open'), workload: isText, open: isFlag }),
  copy: shaped<PanelRequest & { kind: 'copy' }>({ kind: oneOf('copy') }),
  apply: shaped<PanelRequest & { kind: 'apply' }>({ kind: oneOf('apply'), version: isCount }),
  reset: shaped<PanelRequest & { kind: 'reset' }>({ kind: oneOf('reset') }),
  keep: shaped<PanelRequest & { kind: 'keep' }>({ kind: oneOf('keep') }),
  pin: shaped<PanelRequest & { kind: 'pin' }>({ kind: oneOf('pin'), pinned: isFlag }),
  reveal: shaped<PanelRequest & { kind: 'reveal' }>({
    kind: oneOf('reveal'),
    version: isCount,
    spans: listOf(isPlace),
  }),
};

function isRequest(value: unknown): value is PanelRequest {
  return Object.values(requests).some((guard) => guard(value));
}

/** Whether a message that reached the host is one that the panel sends. */
export const isToHost: Guard<ToHost> = shaped<ToHost>({ protocol, id: isCount, request: isRequest });
