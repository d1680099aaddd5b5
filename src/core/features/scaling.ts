import type { KubernetesObject, NeighbourObject, PlacedObject } from '../kubernetes/model.ts';
import { sameNamespace } from '../kubernetes/service.ts';
import type { Parsed } from '../parsed.ts';
import { onceFor } from '../text/once-for.ts';
import { shiftSpan } from '../text/span.ts';
import { fieldAt, knownText } from '../yaml/field.ts';
import { readField } from './field-values.ts';
import { fieldOfFile, type LoadField, type WorkloadFields } from './load-fields.ts';
import type { Draft } from './load-view.ts';

/** A HorizontalPodAutoscaler with its bounds as fields. */
export interface AutoscalerFields {
  readonly object: KubernetesObject;
  readonly min: LoadField;
  readonly max: LoadField;
}

/** The range that an autoscaler holds a workload in. */
export interface Scaling extends AutoscalerFields {
  /** Replicas; undefined where a template or a text that is no number decides. */
  readonly least: number | undefined;
  readonly most: number | undefined;
}

/** The autoscalers of a file; ids are the file's own. */
export const autoscalersOf = onceFor((parsed: Parsed): readonly AutoscalerFields[] =>
  parsed.kind === 'kubernetes' ? autoscalersAmong(parsed.kubernetes.objects) : [],
);

function autoscalersAmong(objects: readonly PlacedObject[]): readonly AutoscalerFields[] {
  return objects.flatMap(({ object, start }, index) => {
    if (object.kind.value !== 'HorizontalPodAutoscaler') return [];
    const bound = (key: 'minReplicas' | 'maxReplicas', label: string): LoadField => {
      const field = fieldAt(object.root, 'spec', key);
      const text = knownText(object.root, 'spec', key);
      return {
        id: `${index}/${object.kind.value}/${object.name?.value ?? ''}:${key}`,
        label,
        form: 'count',
        resource: 'replicas',
        part: 'count',
        document: object.document,
        start,
        path: [...object.path, 'spec', key],
        written: text && { value: text.value, span: shiftSpan(text.span, start) },
        templated: field !== undefined && text === undefined,
      };
    };
    return [{ object, min: bound('minReplicas', 'least replicas'), max: bound('maxReplicas', 'most replicas') }];
  });
}

/** The same with ids and places that name the file. */
export const autoscalersOfOther = onceFor((parsed: Parsed): readonly AutoscalerFields[] =>
  named(autoscalersOf(parsed), parsed.file.path),
);

/** Those of files that are deployed with the followed one, each with all of its objects in their order. */
export const autoscalersNear = onceFor((near: readonly NeighbourObject[]): readonly AutoscalerFields[] => {
  const files = new Map<string, NeighbourObject[]>();
  for (const placed of near) {
    const same = files.get(placed.path);
    if (same === undefined) files.set(placed.path, [placed]);
    else same.push(placed);
  }
  return [...files].flatMap(([path, objects]) => named(autoscalersAmong(objects), path));
});

function named(autoscalers: readonly AutoscalerFields[], file: string): readonly AutoscalerFields[] {
  const field = (own: LoadField): LoadField => ({
    ...own,
    id: fieldOfFile(file, own.id),
    written: own.written && { ...own.written, span: { ...own.written.span, file } },
  });
  return autoscalers.map(({ object, min, max }) => ({ object, min: field(min), max: field(max) }));
}

/** The autoscaler of each workload that has one, by the workload's id, the draft applied. */
export function scalingsOf(
  workloads: readonly WorkloadFields[],
  autoscalers: readonly AutoscalerFields[],
  draft: Draft,
): ReadonlyMap<string, Scaling> {
  const scalings = new Map<string, Scaling>();
  if (autoscalers.length === 0) return scalings;
  // By the name of what they scale: comparing each with each would take long where every workload has one.
  const byTarget = new Map<string, AutoscalerFields[]>();
  for (const one of autoscalers) {
    const name = targetOf(one.object);
    const same = byTarget.get(name);
    if (same === undefined) byTarget.set(name, [one]);
    else same.push(one);
  }
  for (const { id, source } of workloads) {
    if (source.kind !== 'kubernetes' || !source.workload.scales) continue;
    const candidates = byTarget.get(source.workload.object.name?.value ?? '') ?? [];
    const found = candidates.find(({ object }) => scales(object, source.workload.object));
    if (found !== undefined) {
      // One is what the API server fills in.
      scalings.set(id, { ...found, least: countOf(found.min, draft, 1), most: countOf(found.max, draft, undefined) });
    }
  }
  return scalings;
}

const targetOf = onceFor(
  (scaler: KubernetesObject): string => knownText(scaler.root, 'spec', 'scaleTargetRef', 'name')?.value ?? '',
);

function countOf(field: LoadField, draft: Draft, unset: number | undefined): number | undefined {
  const reading = readField(field, draft);
  if (reading.kind === 'unset') return unset;
  return reading.kind === 'value' ? Number(reading.quantity.nano / 1_000_000_000n) : undefined;
}

function scales(scaler: KubernetesObject, object: KubernetesObject): boolean {
  const name = knownText(scaler.root, 'spec', 'scaleTargetRef', 'name');
  const kind = knownText(scaler.root, 'spec', 'scaleTargetRef', 'kind');
  return (
    name !== undefined &&
    name.value === object.name?.value &&
    kind?.value === object.kind.value &&
    sameNamespace(scaler, object) !== 'no'
  );
}

/** What is wrong with the bounds of an autoscaler, by the ids of its fields (API: 1 ≤ min ≤ max). */
export function scalingProblems({ min, max }: AutoscalerFields, draft: Draft): ReadonlyMap<string, string> {
  const problems = new Map<string, string>();
  for (const field of [min, max]) {
    const reading = readField(field, draft);
    if (reading.kind === 'invalid') problems.set(field.id, reading.problem);
  }
  const [least, most] = [countOf(min, draft, 1), countOf(max, draft, undefined)];
  if (readField(max, draft).kind === 'unset') problems.set(max.id, 'An autoscaler needs a maximum.');
  if (least !== undefined && most !== undefined && least > most) {
    problems.set(draft[max.id] === undefined ? min.id : max.id, `The least, ${least}, is more than the most, ${most}.`);
  }
  return problems;
}
