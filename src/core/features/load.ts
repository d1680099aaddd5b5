import type { Parsed } from '../parsed.ts';
import { onceFor } from '../text/once-for.ts';
import { amountText, resourceName, withBefore } from './explain.ts';
import { fieldProblems } from './field-values.ts';
import { limitRangeProblems } from './limit-range-problems.ts';
import { fieldsOf, isChanged, type LoadField, type WorkloadFields } from './load-fields.ts';
import {
  figuresOf,
  type Measured,
  measured,
  measures,
  type PodMeasures,
  podMeasures,
  qosFigure,
  totalMeasures,
} from './load-figures.ts';
import { nothing, warning } from './load-nothing.ts';
import { podsOf, type Sums, sumsAsWritten, sumsWith } from './load-sums.ts';
import type { Draft, Figure, LoadRow, LoadView, LoadWorkload, NamespaceTotals } from './load-view.ts';
import { loadWorkload } from './load-workload.ts';
import { type Bounds, type PodValues, podValues } from './pod-values.ts';
import { type Scaling, scalingProblems } from './scaling.ts';
import type { Headline } from './sections/section-view.ts';

/** A workload with its numbers, a draft applied. */
export interface Sized {
  readonly workload: WorkloadFields;
  /** Empty where it touches none of the workload's own fields. */
  readonly draft: Draft;
  readonly values: PodValues;
  readonly pod: PodMeasures;
  readonly total: PodMeasures;
  readonly qos: Figure;
  /** Its fields that the draft changes. */
  readonly changed: readonly LoadField[];
  /** Why fields cannot stand, by their ids. */
  readonly problems: ReadonlyMap<string, string>;
}

/** One side of the load: all workloads in view, and what previews assume. */
export interface LoadSide {
  readonly sized: readonly Sized[];
  /** By the workload's id. */
  readonly scalings: ReadonlyMap<string, Scaling>;
  readonly draft: Draft;
  /** Quantity as text. */
  readonly nodeMemory: string;
}

/** So many workloads are shown whole; of more, those that the person opens. */
const mostWhole = 12;

/** The workloads to show whole: by id, or all. */
export type Opened = ReadonlySet<string> | 'all';

export interface ShownOf {
  readonly opened: Opened;
  /** How many workloads are listed, beside those that are opened. */
  readonly rows: number;
  /** What the sections say at the top of the panel: the difference that a draft makes to it is told too. */
  readonly headlines: readonly Headline[];
}

/**
 * What the workloads ask for and are allowed, the draft applied. Every figure that the draft changes says what it was.
 * Never throws; a file with nothing to show says what to do.
 */
export function computeLoad(
  parsed: Parsed,
  now: LoadSide,
  past: LoadSide,
  { opened, rows, headlines }: ShownOf,
): LoadView {
  if (now.sized.length === 0) return nothing(parsed);
  const before = past.sized;
  const changes = changesOf(now);
  const sumsBefore = sumsAsWritten(before);
  const sums = now === past ? sumsBefore : sumsWith(now.sized, before);
  const listed: LoadRow[] = [];
  const whole: LoadWorkload[] = [];
  const mayBeOpened = opened === 'all' || opened.size > 0;
  for (const [at, sized] of now.sized.entries()) {
    if (at >= rows && at >= mostWhole && !mayBeOpened) break;
    const isOpened = opened === 'all' || opened.has(sized.workload.id);
    const old = before[at] ?? sized;
    if (at < rows || isOpened) listed.push(loadRow(sized, old));
    if (now.sized.length <= mostWhole || isOpened) whole.push(loadWorkload(sized, old, now, past));
  }
  return {
    kind: 'load',
    count: now.sized.length,
    rows: listed,
    namespaces: namespacesOf(now.sized, before),
    workloads: whole,
    totals: { ...figuresOf(sums, sumsBefore), pods: withBefore(sums.pods, sumsBefore.pods) },
    counted: now.sized.every(({ workload }) => workload.source.kind === 'compose') ? 'containers' : 'pods',
    draft: {
      changes,
      summary: summary(changes, now.sized, before, [...differences(sums, sumsBefore), ...others(headlines)]),
      canApply: changes > 0 && canApply(now),
    },
    ...warning(parsed),
  };
}

/** How many fields the draft changes. */
export function changesOf({ sized, scalings, draft }: LoadSide): number {
  let changed = 0;
  for (const one of sized) changed += one.changed.length;
  if (scalings.size === 0) return changed;
  const bounds = new Map(
    [...scalings.values()].flatMap(({ min, max }) => [min, max]).map((field) => [field.id, field]),
  );
  return changed + [...bounds.values()].filter((field) => isChanged(field, draft)).length;
}

function canApply({ sized, scalings, draft }: LoadSide): boolean {
  return (
    sized.every(({ changed, problems }) => changed.every(({ id }) => !problems.has(id))) &&
    [...scalings.values()].every(
      (scaling) =>
        ![scaling.min, scaling.max].some((field) => isChanged(field, draft)) ||
        scalingProblems(scaling, draft).size === 0,
    )
  );
}

/** A workload sized with a draft. */
export function size(workload: WorkloadFields, draft: Draft, bounds: Bounds = {}): Sized {
  const values = podValues(workload, draft, bounds);
  const pod = podMeasures(workload, values);
  return {
    workload,
    draft,
    values,
    pod,
    total: totalMeasures(workload, values.copies, pod),
    qos: qosFigure(workload, values),
    changed: fieldsOf(workload).filter((field) => isChanged(field, draft)),
    problems: new Map([...limitRangeProblems(values), ...fieldProblems(workload, draft)]),
  };
}

const noDraft: Draft = {};

interface KeptSizes {
  readonly limitRanges: Bounds['limitRanges'];
  /** By the range. */
  readonly sizes: Map<string, Sized>;
}

const keptSizes = new WeakMap<WorkloadFields, KeptSizes>();

/** A workload as it is written; kept for the range of its autoscaler that is written and the one that is drafted. */
export function sizeAsWritten(workload: WorkloadFields, { range, limitRanges }: Bounds = {}): Sized {
  const known = keptSizes.get(workload);
  const kept = known?.limitRanges === limitRanges && known !== undefined ? known : { limitRanges, sizes: new Map() };
  if (kept !== known) keptSizes.set(workload, kept);
  const key = range === undefined ? '' : `${range.least} ${range.most}`;
  const sized = kept.sizes.get(key);
  if (sized !== undefined) return sized;
  const made = size(workload, noDraft, { range, limitRanges });
  const [, drafted] = kept.sizes.keys();
  if (drafted !== undefined) kept.sizes.delete(drafted);
  kept.sizes.set(key, made);
  return made;
}

const rowAsWritten = onceFor((sized: Sized): LoadRow => rowOf(sized, sized));

function loadRow(sized: Sized, before: Sized): LoadRow {
  return sized === before ? rowAsWritten(sized) : rowOf(sized, before);
}

function rowOf(sized: Sized, before: Sized): LoadRow {
  const { id, kind, name, namespace, span } = sized.workload;
  const cell = (figure: (one: Sized) => Figure) => withBefore(figure(sized), figure(before));
  return {
    id,
    kind,
    name,
    namespace,
    span,
    qos: cell(({ qos }) => qos),
    pods: cell(podsOf),
    ...figuresOf(sized.total, before.total),
  };
}

/** Totals of each namespace, where the workloads are in more than one. */
function namespacesOf(now: readonly Sized[], before: readonly Sized[]): readonly NamespaceTotals[] {
  const written = namespacesAsWritten(before);
  if (now === before || written.length === 0) return written.map(({ totals }) => totals);
  return written.map(({ members, places, totals }) => {
    if (places.every((at) => now[at] === before[at])) return totals;
    const drafted = places.flatMap((at) => now[at] ?? []);
    return { ...totals, ...figuresOf(sumsWith(drafted, members), sumsAsWritten(members)) };
  });
}

interface Namespace {
  readonly members: readonly Sized[];
  /** Where they stand among all. */
  readonly places: readonly number[];
  readonly totals: NamespaceTotals;
}

const namespacesAsWritten = onceFor((all: readonly Sized[]): readonly Namespace[] => {
  const groups = new Map<string, number[]>();
  for (const [at, { workload }] of all.entries()) {
    const namespace = workload.namespace ?? '';
    const group = groups.get(namespace);
    if (group === undefined) groups.set(namespace, [at]);
    else group.push(at);
  }
  if (groups.size < 2) return [];
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([namespace, places]) => {
      const members = places.flatMap((at) => all[at] ?? []);
      const sums = sumsAsWritten(members);
      return { members, places, totals: { namespace, workloads: members.length, ...figuresOf(sums, sums) } };
    });
});

/** `1 change · +300m CPU requested, same nodes, same QoS`. */
function summary(changes: number, now: readonly Sized[], before: readonly Sized[], parts: readonly string[]): string {
  if (changes === 0) return 'No changes.';
  const classes = now.flatMap(({ workload, qos }, at) => {
    const old = before[at]?.qos.text;
    if (old === undefined || old === qos.text) return [];
    return [now.length === 1 ? `${old} becomes ${qos.text}` : `${workload.name} becomes ${qos.text}`];
  });
  const ranks = now.some(({ workload }) => workload.source.kind === 'kubernetes');
  const ending = classes.length > 0 ? classes : ranks ? ['same QoS'] : [];
  return `${changes} ${changes === 1 ? 'change' : 'changes'} · ${[...parts, ...ending].join(', ')}`;
}

function differences(sums: Sums, before: Sums): readonly string[] {
  const parts = measures.flatMap((name) => difference(name, sums[name], before[name]));
  return parts.length === 0 ? ['same totals'] : parts;
}

/** `4 nodes instead of 2`, `cost 240 a month instead of 120`; what stays the same is said of the first alone. */
function others(headlines: readonly Headline[]): readonly string[] {
  return headlines.flatMap(({ label, figure: { text, before } }, at) => {
    if (before !== undefined)
      return [`${isNumber(text) ? `${text} ${label}` : `${label} ${text}`} instead of ${before}`];
    return at === 0 ? [`same ${label}`] : [];
  });
}

function isNumber(text: string): boolean {
  return /^\d+$/.test(text);
}

function difference(name: keyof PodMeasures, now: Measured, before: Measured): readonly string[] {
  const [resource, part] = measured[name];
  const what = `${resourceName(resource)} ${part === 'requests' ? 'requested' : 'limit'}`;
  if (now.value === before.value) return [];
  if (typeof now.value !== 'bigint' || typeof before.value !== 'bigint') return [`${what} ${now.figure.text}`];
  const by = now.value - before.value;
  const change = `${by < 0n ? '−' : '+'}${amountText(resource, by < 0n ? -by : by)}`;
  return [part === 'requests' ? `${change} ${what}` : `${what} ${change}`];
}
