import { type KubernetesQuantity, parseKubernetesQuantity } from '../quantity/kubernetes.ts';
import type { LimitRangeItem } from '../sizing/limit-range.ts';
import { noResources, type PodResources, type ResourceList, type ResourceRequirements } from '../sizing/resources.ts';
import { onceFor } from '../text/once-for.ts';
import type { Located } from '../text/span.ts';
import { fieldAt, knownMapping, textMap } from '../yaml/field.ts';
import { mayHaveMoreContainers } from './container.ts';
import { readLimitRange } from './limit-range.ts';
import type { Container, KubernetesObject, PlacedObject, Workload } from './model.ts';
import { sameNamespace } from './service.ts';

/** The texts that are quantities; others are left out. */
export function quantities(texts: ReadonlyMap<string, Located<string>>): ResourceList {
  const amounts = new Map<string, KubernetesQuantity>();
  for (const [resource, { value }] of texts) {
    const parsed = parseKubernetesQuantity(value);
    if (parsed.ok) amounts.set(resource, parsed.quantity);
  }
  return amounts;
}

/** The pod's own `spec.resources`; undefined where none are written. */
export function podLevel({ spec }: Workload): ResourceRequirements | undefined {
  const resources = knownMapping(spec, 'resources');
  if (resources === undefined) return undefined;
  return {
    ...noResources,
    requests: quantities(textMap(knownMapping(resources, 'requests'))),
    limits: quantities(textMap(knownMapping(resources, 'limits'))),
  };
}

/** The LimitRanges among the objects that stand in the namespace of `object` for sure. */
export function limitRangesIn(objects: readonly PlacedObject[], object: KubernetesObject): readonly LimitRangeItem[] {
  return objects
    .filter((placed) => placed.object.kind.value === 'LimitRange' && sameNamespace(placed.object, object) === 'yes')
    .flatMap((placed) => readLimitRange(placed.object))
    .map((item) => ({
      type: item.type,
      default: quantities(item.default),
      defaultRequest: quantities(item.defaultRequest),
      min: quantities(item.min),
      max: quantities(item.max),
      maxLimitRequestRatio: quantities(item.maxLimitRequestRatio),
    }));
}

/** The pod as it is written; undefined where a template decides some of it, or a value is no quantity. */
export const podResources = onceFor((workload: Workload): PodResources | undefined => {
  const { spec, containers } = workload;
  const running = containers.filter(({ role }) => role !== 'ephemeral');
  const hidden = mayHaveMoreContainers(workload) || fieldAt(spec, 'resources') === 'unknown';
  if (hidden || running.some((container) => !isWhole(container))) return undefined;
  const read = ({ name, requests, limits, role }: Container) => ({
    name: name?.value ?? 'unnamed',
    requests: quantities(requests),
    limits: quantities(limits),
    sidecar: role === 'sidecar',
  });
  return {
    containers: running.filter(({ role }) => role === 'app').map(read),
    initContainers: running.filter(({ role }) => role !== 'app').map(read),
    podLevel: podLevel(workload),
    overhead: quantities(textMap(knownMapping(spec, 'overhead'))),
  };
});

function isWhole({ node, requests, limits }: Container): boolean {
  const places = [['resources'], ['resources', 'requests'], ['resources', 'limits']];
  if (places.some((path) => fieldAt(node, ...path) === 'unknown')) return false;
  return (
    [
      ['requests', requests],
      ['limits', limits],
    ] as const
  ).every(([part, texts]) => {
    const mapping = knownMapping(node, 'resources', part);
    if (mapping === undefined) return true;
    const unknown = mapping.open || mapping.pairs.some(({ value }) => value?.kind === 'scalar' && value.unknown);
    return !unknown && [...texts.values()].every(({ value }) => parseKubernetesQuantity(value).ok);
  });
}
