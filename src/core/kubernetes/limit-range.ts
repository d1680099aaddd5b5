import type { Located } from '../text/span.ts';
import { knownItems, knownMapping, knownText, textMap } from '../yaml/field.ts';
import type { KubernetesFile, KubernetesObject, PlacedObject } from './model.ts';
import { sameNamespace } from './service.ts';

type Quantities = ReadonlyMap<string, Located<string>>;

/** One item of a LimitRange's `limits`. Quantities as text, by resource; spans of the LimitRange's own document. */
export interface LimitRangeItem {
  /** `Container`, `Pod`, `PersistentVolumeClaim`, … */
  readonly type: string;
  readonly default: Quantities;
  readonly defaultRequest: Quantities;
  readonly min: Quantities;
  readonly max: Quantities;
  readonly maxLimitRequestRatio: Quantities;
}

/** The items of a LimitRange; empty where the object is something else. */
export function readLimitRange(object: KubernetesObject): readonly LimitRangeItem[] {
  if (object.kind.value !== 'LimitRange') return [];
  return knownItems(object.root, 'spec', 'limits').map(({ node }) => {
    const quantities = (key: string): Quantities => textMap(knownMapping(node, key));
    return {
      type: knownText(node, 'type')?.value ?? '',
      default: quantities('default'),
      defaultRequest: quantities('defaultRequest'),
      min: quantities('min'),
      max: quantities('max'),
      maxLimitRequestRatio: quantities('maxLimitRequestRatio'),
    };
  });
}

/** The file's LimitRanges that may stand in the object's namespace. */
function limitRangesFor(object: KubernetesObject, file: KubernetesFile): readonly PlacedObject[] {
  return file.objects.filter(
    (placed) => placed.object.kind.value === 'LimitRange' && sameNamespace(placed.object, object) !== 'no',
  );
}

/**
 * What the file's LimitRanges put into a container that says nothing: limits from `default`, else `max`; requests from
 * `defaultRequest`, else `default`, `max` and `min` (the object's own defaulting, kubernetes/pkg/apis/core/v1/defaults.go).
 */
export function containerDefaults(
  object: KubernetesObject,
  file: KubernetesFile,
): { readonly requests: ReadonlyMap<string, string>; readonly limits: ReadonlyMap<string, string> } {
  const requests = new Map<string, string>();
  const limits = new Map<string, string>();
  const put = (into: Map<string, string>, quantities: Quantities) => {
    for (const [resource, { value }] of quantities) if (!into.has(resource)) into.set(resource, value);
  };
  for (const placed of limitRangesFor(object, file)) {
    for (const item of readLimitRange(placed.object)) {
      if (item.type !== 'Container') continue;
      put(limits, item.default);
      put(limits, item.max);
      put(requests, item.defaultRequest);
      put(requests, item.default);
      put(requests, item.max);
      put(requests, item.min);
    }
  }
  return { requests, limits };
}
