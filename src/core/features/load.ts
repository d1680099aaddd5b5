import { baseName, isDockerfileName, isSettingsName, type Parsed } from '../parsed.ts';
import { onceFor } from '../text/once-for.ts';
import { shiftSpan } from '../text/span.ts';
import type { YamlProblem } from '../yaml/node.ts';
import { parseDocument } from '../yaml/parse.ts';
import { amountText, plainNumber, resourceName, withBefore } from './explain.ts';
import { fieldProblems, readField } from './field-values.ts';
import { kernelFigures } from './kernel-figures.ts';
import { fieldsOf, fieldText, isChanged, type LoadField, type WorkloadFields } from './load-fields.ts';
import {
  type Measured,
  measured,
  measures,
  mostPlaces,
  type PodMeasures,
  podMeasures,
  qosFigure,
  shortened,
  sumMeasures,
  totalMeasures,
} from './load-figures.ts';
import type {
  Draft,
  EditableField,
  Figure,
  LoadContainer,
  LoadRow,
  LoadView,
  LoadWorkload,
  NamespaceTotals,
} from './load-view.ts';
import { type Bounds, type PodValues, placeholder, podValues } from './pod-values.ts';
import { type Scaling, scalingProblems } from './scaling.ts';

/** A workload with its numbers, a draft applied. */
export interface Sized {
  readonly workload: WorkloadFields;
  readonly values: PodValues;
  readonly pod: PodMeasures;
  readonly total: PodMeasures;
  readonly qos: Figure;
  /** Its fields that the draft changes. */
  readonly changed: readonly LoadField[];
  /** Why fields cannot stand, by their ids. */
  readonly problems: ReadonlyMap<string, string>;
}

type Sums = { readonly [Name in keyof PodMeasures]: Measured };

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

/**
 * What the workloads ask for and are allowed, the draft applied. Every figure that the draft changes says what it was.
 * Never throws; a file with nothing to show says what to do.
 */
export function computeLoad(parsed: Parsed, now: LoadSide, past: LoadSide, opened: Opened): LoadView {
  if (now.sized.length === 0) return nothing(parsed);
  const before = past.sized;
  const changes = changesOf(now);
  const sums = sumsOf(now.sized);
  const sumsBefore = now === past ? sums : sumsOf(before);
  const pods = podsFigure(now.sized);
  const isWhole = (id: string) => opened === 'all' || now.sized.length <= mostWhole || opened.has(id);
  return {
    kind: 'load',
    rows: now.sized.map((sized, at) => loadRow(sized, before[at] ?? sized)),
    namespaces: namespacesOf(now.sized, before),
    workloads: now.sized.flatMap((sized, at) =>
      isWhole(sized.workload.id) ? [loadWorkload(sized, before[at] ?? sized, now)] : [],
    ),
    totals: { ...figuresOf(sums, sumsBefore), pods: withBefore(pods, podsFigure(before)) },
    draft: {
      changes,
      summary: summary(changes, now.sized, before, sums, sumsBefore),
      canApply: changes > 0 && canApply(now),
    },
    ...warning(parsed),
  };
}

/** How many fields the draft changes. */
export function changesOf({ sized, scalings, draft }: LoadSide): number {
  const changed = sized.reduce((count, one) => count + one.changed.length, 0);
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
    values,
    pod,
    total: totalMeasures(workload, values, pod),
    qos: qosFigure(workload, values),
    changed: fieldsOf(workload).filter((field) => isChanged(field, draft)),
    problems: fieldProblems(workload, draft),
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
  const cell = (text: (one: Sized) => string): LoadRow['qos'] => {
    const [now, old] = [text(sized), text(before)];
    return now === old ? { text: now } : { text: now, before: old };
  };
  const total = (measure: keyof PodMeasures) => cell((one) => one.total[measure].figure.text);
  return {
    id,
    kind,
    name,
    namespace,
    span,
    qos: cell((one) => one.qos.text),
    pods: cell(({ values }) => (values.copies.count === undefined ? 'unknown' : `${values.copies.count}`)),
    cpuRequest: total('cpuRequest'),
    cpuLimit: total('cpuLimit'),
    memoryRequest: total('memoryRequest'),
    memoryLimit: total('memoryLimit'),
  };
}

/** Totals of each namespace, where the workloads are in more than one. */
function namespacesOf(now: readonly Sized[], before: readonly Sized[]): readonly NamespaceTotals[] {
  const of = ({ workload }: Sized) => workload.namespace ?? '';
  const groups = new Map<string, { now: Sized[]; before: Sized[] }>();
  for (const [at, sized] of now.entries()) {
    const group = groups.get(of(sized)) ?? { now: [], before: [] };
    group.now.push(sized);
    group.before.push(before[at] ?? sized);
    groups.set(of(sized), group);
  }
  if (groups.size < 2) return [];
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([namespace, group]) => {
      const sums = sumsOf(group.now);
      const same = group.now.every((sized, at) => sized === group.before[at]);
      return {
        namespace,
        workloads: group.now.length,
        ...figuresOf(sums, same ? sums : sumsOf(group.before)),
      };
    });
}

function loadWorkload(
  { workload, values, pod, total, qos, problems }: Sized,
  before: Sized,
  { scalings, draft, nodeMemory }: LoadSide,
): LoadWorkload {
  const scaling = scalings.get(workload.id);
  const { id, kind, name, namespace, span, replicas } = workload;
  return {
    id,
    kind,
    name,
    namespace,
    span,
    qos: withBefore(qos, before.qos),
    replicas:
      replicas &&
      editable(replicas, draft, problems, { text: replicas.templated ? 'decided elsewhere' : '1', nano: undefined }),
    ...(scaling && { scaling: scalingView(scaling, draft) }),
    pod: figuresOf(pod, before.pod),
    total: figuresOf(total, before.total),
    containers: values.containers.map((placed, at): LoadContainer => {
      const { fields, ref } = placed;
      const old = before.values.containers[at];
      const kernelBefore = old && kernelFigures(workload, before.values, old, nodeMemory);
      return {
        name: fields.name,
        role: fields.role,
        span: fields.span,
        resources: (['cpu', 'memory'] as const).map((resource) => ({
          resource,
          request: editable(
            fields[resource].request,
            draft,
            problems,
            placeholder(fields[resource].request, ref, values),
          ),
          limit: editable(fields[resource].limit, draft, problems, placeholder(fields[resource].limit, ref, values)),
        })),
        kernel: kernelFigures(workload, values, placed, nodeMemory).map(({ label, figure }, index) => ({
          label,
          figure: withBefore(figure, kernelBefore?.[index]?.figure),
        })),
      };
    }),
  };
}

function scalingView(scaling: Scaling, draft: Draft): NonNullable<LoadWorkload['scaling']> {
  const problems = scalingProblems(scaling, draft);
  const field = (bound: LoadField, unset: string) =>
    editable(bound, draft, problems, { text: bound.templated ? 'decided elsewhere' : unset, nano: undefined });
  return { min: field(scaling.min, '1'), max: field(scaling.max, 'unset') };
}

/** A field as the panel edits it. */
export function editable(
  field: LoadField,
  draft: Draft,
  problems: ReadonlyMap<string, string>,
  unset: ReturnType<typeof placeholder>,
): EditableField {
  const reading = readField(field, draft);
  const problem = problems.get(field.id);
  const amount = reading.kind === 'value' ? reading.quantity.nano : undefined;
  return {
    id: field.id,
    label: field.label,
    text: fieldText(field, draft),
    ...(isChanged(field, draft) ? { before: field.written?.value ?? '' } : {}),
    placeholder: unset.text,
    span: field.written?.span,
    ...(problem === undefined ? {} : { problem }),
    amount: amount === undefined ? undefined : plainNumber(amount),
  };
}

function figuresOf(now: PodMeasures, before: PodMeasures): LoadWorkload['pod'] {
  const one = (name: keyof PodMeasures) => withBefore(now[name].figure, before[name].figure);
  return {
    cpuRequest: one('cpuRequest'),
    memoryRequest: one('memoryRequest'),
    cpuLimit: one('cpuLimit'),
    memoryLimit: one('memoryLimit'),
  };
}

function sumsOf(all: readonly Sized[]): Sums {
  const sum = (name: keyof PodMeasures) =>
    sumMeasures(
      name,
      all.map(({ workload, total }) => ({ name: workload.name, total: total[name] })),
    );
  return {
    cpuRequest: sum('cpuRequest'),
    memoryRequest: sum('memoryRequest'),
    cpuLimit: sum('cpuLimit'),
    memoryLimit: sum('memoryLimit'),
  };
}

function podsFigure(all: readonly Sized[]): Figure {
  const counts = all.map(({ values }) => values.copies.count);
  const known = counts.every((count) => count !== undefined);
  const sum = counts.reduce<bigint>((total, count) => total + (count ?? 0n), 0n);
  return {
    text: known ? `${sum}` : 'unknown',
    certainty: 'exact',
    explanation: shortened(all, ({ workload, values }) => `${workload.name}: ${values.copies.explanation}`),
    fields: all
      .slice(0, mostPlaces)
      .flatMap(({ workload: { replicas } }) =>
        replicas?.written === undefined ? [] : [{ label: replicas.label, span: replicas.written.span }],
      ),
  };
}

/** `1 change · +300m CPU requested, same QoS`. */
function summary(
  changes: number,
  now: readonly Sized[],
  before: readonly Sized[],
  sums: Sums,
  sumsBefore: Sums,
): string {
  if (changes === 0) return 'No changes.';
  const parts = measures.flatMap((name) => difference(name, sums[name], sumsBefore[name]));
  const classes = now.flatMap(({ workload, qos }, at) => {
    const old = before[at]?.qos.text;
    if (old === undefined || old === qos.text) return [];
    return [now.length === 1 ? `${old} becomes ${qos.text}` : `${workload.name} becomes ${qos.text}`];
  });
  const ranks = now.some(({ workload }) => workload.source.kind === 'kubernetes');
  const ending = classes.length > 0 ? classes : ranks ? ['same QoS'] : [];
  const said = [...(parts.length === 0 ? ['same totals'] : parts), ...ending].join(', ');
  return `${changes} ${changes === 1 ? 'change' : 'changes'} · ${said}`;
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

/** Problems of a file's YAML in offsets of the file. */
function problemsOf(parsed: Parsed): readonly YamlProblem[] {
  if (parsed.kind === 'kubernetes' || parsed.kind === 'compose') {
    return parsed.yaml.parts.flatMap(({ document, start }) =>
      document.problems.map((problem) => ({ ...problem, span: shiftSpan(problem.span, start) })),
    );
  }
  if ((parsed.kind !== 'other' && parsed.kind !== 'values') || !isYaml(parsed)) return [];
  return parseDocument(parsed.file.text, { template: false }).problems;
}

function warning(parsed: Parsed): { readonly warning?: string } {
  const problems = problemsOf(parsed);
  const [first] = problems;
  if (first === undefined) return {};
  const line = parsed.file.text.slice(0, first.span.start).split(/\r\n|\r|\n/).length;
  return { warning: `The YAML has an error at line ${line}: what it hides is not counted. ${first.message}` };
}

function nothing(parsed: Parsed): LoadView {
  const { file } = parsed;
  if (parsed.kind === 'dockerfile' || isDockerfileName(file.path)) {
    const message =
      'A Dockerfile asks for no CPU and no memory: what runs its image does. Open the Kubernetes manifest or the Compose file that names it.';
    return { kind: 'nothing', reason: 'no-workload', message };
  }
  if (parsed.kind === 'settings' || isSettingsName(file.path)) {
    const message = 'These are Plimsoll’s settings. Open a Kubernetes manifest or a Compose file to see its load.';
    return { kind: 'nothing', reason: 'not-supported', message };
  }
  if (!isYaml(parsed)) return notSupported(file.path);
  if (
    file.text
      .replace(/^\s*(?:#.*)?$/gm, '')
      .replace(/^-{3}\s*$/gm, '')
      .trim() === ''
  ) {
    const message =
      'This file is empty. Write a workload, such as a Deployment or a Compose service, and its load shows here.';
    return { kind: 'nothing', reason: 'empty', message };
  }
  const [problem] = problemsOf(parsed);
  if (problem !== undefined) {
    const line = file.text.slice(0, problem.span.start).split(/\r\n|\r|\n/).length;
    const message = `The YAML cannot be read at line ${line}: mend that, and the load shows here. ${problem.message}`;
    return { kind: 'nothing', reason: 'broken', message, span: problem.span };
  }
  if (parsed.kind === 'kubernetes') {
    const message =
      'Nothing here runs pods. Open a file with a workload, such as a Deployment, a StatefulSet, a CronJob or a Pod.';
    return { kind: 'nothing', reason: 'no-workload', message };
  }
  if (parsed.kind === 'compose') {
    const message = 'No service is written here. Add one under services, and its load shows here.';
    return { kind: 'nothing', reason: 'no-workload', message };
  }
  return notSupported(file.path);
}

function notSupported(path: string): LoadView {
  const message = `${baseName(path)} is neither a Kubernetes manifest nor a Compose file. Open one to see its load.`;
  return { kind: 'nothing', reason: 'not-supported', message };
}

function isYaml({ file }: Parsed): boolean {
  return /^(?:yaml|dockercompose|helm)$/.test(file.languageId) || /\.ya?ml$/i.test(file.path);
}
