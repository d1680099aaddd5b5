import type { NeighbourObject, PlacedObject } from '../kubernetes/model.ts';
import type { Parsed } from '../parsed.ts';
import { type Sized, sizeAsWritten } from './load.ts';
import { fileOfField, loadFields, loadFieldsOf, type WorkloadFields } from './load-fields.ts';
import type { Draft } from './load-view.ts';
import type { Bounds } from './pod-values.ts';
import { type AutoscalerFields, autoscalersNear, autoscalersOf, autoscalersOfOther, scalingsOf } from './scaling.ts';
import type { ObjectInView } from './sections/section.ts';

/** The files in view, and what other objects say of the workloads in them. */
export interface InView {
  /** The followed one first. */
  readonly files: readonly Parsed[];
  /** Those of the followed file first. */
  readonly workloads: readonly WorkloadFields[];
  readonly autoscalers: readonly AutoscalerFields[];
  /** By namespace, empty where none is written. */
  readonly limitRanges: ReadonlyMap<string, readonly PlacedObject[]>;
  /** The Kubernetes objects of all files in view, and those near the followed one that are in none of them. */
  readonly objects: readonly ObjectInView[];
}

interface KeptView {
  readonly others: readonly Parsed[];
  readonly near: readonly NeighbourObject[];
  readonly view: InView;
}

const keptViews = new WeakMap<Parsed, KeptView>();

/**
 * `near` are objects of files that are deployed with the followed one; those of files in view are not counted twice. Kept
 * while none of them changes.
 */
export function inView(parsed: Parsed, others: readonly Parsed[], near: readonly NeighbourObject[]): InView {
  const known = keptViews.get(parsed);
  if (known !== undefined && alike(known.others, others) && alike(known.near, near)) return known.view;
  const view = readView(parsed, others, near);
  keptViews.set(parsed, { others, near, view });
  return view;
}

function alike(a: readonly object[], b: readonly object[]): boolean {
  return a === b || (a.length === b.length && a.every((one, at) => one === b[at]));
}

function readView(parsed: Parsed, others: readonly Parsed[], near: readonly NeighbourObject[]): InView {
  const seen = new Set([parsed, ...others].map(({ file }) => file.path));
  const beside = near.filter(({ path }) => !seen.has(path));
  const objects = [parsed, ...others].flatMap((one) => (one.kind === 'kubernetes' ? one.kubernetes.objects : []));
  return {
    files: [parsed, ...others],
    workloads: [...loadFields(parsed), ...others.flatMap(loadFieldsOf)],
    autoscalers: [
      ...autoscalersOf(parsed),
      ...others.flatMap(autoscalersOfOther),
      ...autoscalersNear(near).filter(({ min }) => !seen.has(fileOfField(min.id).file)),
    ],
    objects: objectsIn(parsed, others, beside),
    limitRanges: byNamespace([...objects, ...beside].filter(({ object }) => object.kind.value === 'LimitRange')),
  };
}

function objectsIn(
  followed: Parsed,
  others: readonly Parsed[],
  beside: readonly NeighbourObject[],
): readonly ObjectInView[] {
  const own = followed.kind === 'kubernetes' ? followed.kubernetes.objects : [];
  const theirs = others.flatMap((parsed) =>
    parsed.kind === 'kubernetes'
      ? parsed.kubernetes.objects.map((placed) => ({ ...placed, file: parsed.file.path }))
      : [],
  );
  return [...own, ...theirs, ...beside.map((placed) => ({ ...placed, file: placed.path }))];
}

function byNamespace(limitRanges: readonly PlacedObject[]): InView['limitRanges'] {
  const groups = new Map<string, PlacedObject[]>();
  for (const placed of limitRanges) {
    const namespace = placed.object.namespace?.value ?? '';
    const same = groups.get(namespace);
    if (same === undefined) groups.set(namespace, [placed]);
    else same.push(placed);
  }
  return new Map([...groups].map(([namespace, group]) => [namespace, asKept(group)]));
}

const kept = new WeakMap<object, readonly PlacedObject[]>();

/** The same array for the same objects: sizes are kept with it. */
function asKept(group: readonly PlacedObject[]): readonly PlacedObject[] {
  const [first] = group;
  const known = first && kept.get(first.object);
  if (known?.length === group.length && known.every(({ object }, at) => object === group[at]?.object)) return known;
  if (first !== undefined) kept.set(first.object, group);
  return group;
}

/** What bounds each workload but its own fields, the draft applied. */
export function boundsIn({ limitRanges }: InView, scalings: ReturnType<typeof scalingsOf>) {
  return ({ id, namespace = '' }: WorkloadFields): Bounds => ({
    range: scalings.get(id),
    limitRanges: limitRanges.get(namespace) ?? none,
  });
}

const none: readonly PlacedObject[] = [];
const noDraft: Draft = {};

/** The workloads of a file as they are written, as the panel sizes them: hover and lens say the same. */
export function sizedAsWritten(parsed: Parsed, near: readonly NeighbourObject[]): readonly Sized[] {
  const view = inView(parsed, [], near);
  const boundsOf = boundsIn(view, scalingsOf(view.workloads, view.autoscalers, noDraft));
  return view.workloads.map((workload) => sizeAsWritten(workload, boundsOf(workload)));
}
