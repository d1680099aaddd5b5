import type { KubernetesQuantity } from '../quantity/kubernetes.ts';
import { defaultLimitRangeItem, type LimitRangeItem } from './limit-range.ts';
import { amountsOf, effectiveLimits, effectiveRequests } from './pod-requests.ts';
import {
  type ContainerRef,
  containerAt,
  everyContainer,
  isHugePages,
  isPodLevelResource,
  type PodResources,
  type ResourceList,
  type ResourcePart,
  type ResourceRequirements,
} from './resources.ts';

/** A value that the API server puts where the manifest has none. */
export interface FilledValue {
  /** Undefined where it is the pod's own. */
  readonly container: ContainerRef | undefined;
  readonly part: ResourcePart;
  readonly resource: string;
  readonly quantity: KubernetesQuantity;
  readonly from: /** The container's own limit. */
    | 'limit'
    /** The LimitRange's `default` (or its `max`). */
    | 'limit-range-default'
    /** The LimitRange's `defaultRequest` (or its `default`, `max`, `min`). */
    | 'limit-range-default-request'
    /** All containers together, for the pod's own. */
    | 'containers'
    /** The pod's own limit. */
    | 'pod-limit';
}

export interface Defaulted {
  readonly pod: PodResources;
  /** In the order in which they are filled. */
  readonly filled: readonly FilledValue[];
}

/**
 * The pod as it is stored: what the manifest says, then the values of decoding, of the pod level, and of the
 * LimitRanges, in this order. Where several items give a value, the first one's is taken.
 */
export function applyDefaults(pod: PodResources, limitRanges: readonly LimitRangeItem[] = []): Defaulted {
  const filled: FilledValue[] = [...requestsFromLimits(pod)];
  let current = fill(pod, filled);
  for (const step of [hugePageLimitsOfPod, requestsOfPod]) {
    const values = step(current);
    filled.push(...values);
    current = fill(current, values);
  }
  for (const item of limitRanges) {
    const values = fromLimitRange(current, defaultLimitRangeItem(item));
    filled.push(...values);
    current = fill(current, values);
  }
  return { pod: current, filled };
}

/** A limit without a request is its own request (kubernetes v1.36 pkg/apis/core/v1/defaults.go:164 SetDefaults_Pod). */
function requestsFromLimits(pod: PodResources): readonly FilledValue[] {
  return everyContainer(pod).flatMap(({ ref, container }) =>
    missing(container.limits, container.requests).map(
      ([resource, quantity]): FilledValue => ({ container: ref, part: 'requests', resource, quantity, from: 'limit' }),
    ),
  );
}

/** Huge pages that only containers limit become the pod's own limit (v1.36 defaults.go:486 defaultHugePagePodLimits). */
function hugePageLimitsOfPod(pod: PodResources): readonly FilledValue[] {
  const own = pod.podLevel;
  if (own === undefined || own.limits.size + own.requests.size === 0) return [];
  const summed = amountsOf(effectiveLimits(pod, { overhead: false, podLevel: false }));
  return missing(summed, own.limits)
    .filter(([resource]) => isHugePages(resource) && !own.requests.has(resource))
    .map(([resource, quantity]) => ({ container: undefined, part: 'limits', resource, quantity, from: 'containers' }));
}

/**
 * Where the pod has limits of its own, its requests are those of the containers together; its own limit, where no
 * container requests anything (v1.36 defaults.go:433 defaultPodRequests).
 */
function requestsOfPod(pod: PodResources): readonly FilledValue[] {
  const own = pod.podLevel;
  if (own === undefined || own.limits.size === 0) return [];
  const summed = amountsOf(effectiveRequests(pod, { overhead: false, podLevel: false }));
  const ofContainers = missing(summed, own.requests).filter(
    ([resource]) => isPodLevelResource(resource) && !isHugePages(resource),
  );
  const known: ResourceList = new Map([...own.requests, ...ofContainers]);
  const ofLimits = missing(own.limits, known).filter(([resource]) => isPodLevelResource(resource));
  const value = (from: FilledValue['from']) => {
    return ([resource, quantity]: readonly [string, KubernetesQuantity]): FilledValue => {
      return { container: undefined, part: 'requests', resource, quantity, from };
    };
  };
  return [...ofContainers.map(value('containers')), ...ofLimits.map(value('pod-limit'))];
}

/** The LimitRanger fills what is missing, in app and init containers alike (v1.36 plugin/pkg/admission/limitranger). */
function fromLimitRange(pod: PodResources, item: LimitRangeItem): readonly FilledValue[] {
  if (item.type !== 'Container') return [];
  return everyContainer(pod).flatMap(({ ref, container }): FilledValue[] => [
    ...missing(item.default, container.limits).map(([resource, quantity]): FilledValue => {
      return { container: ref, part: 'limits', resource, quantity, from: 'limit-range-default' };
    }),
    ...missing(item.defaultRequest, container.requests).map(([resource, quantity]): FilledValue => {
      return { container: ref, part: 'requests', resource, quantity, from: 'limit-range-default-request' };
    }),
  ]);
}

function missing(offered: ResourceList, present: ResourceList): (readonly [string, KubernetesQuantity])[] {
  return [...offered].filter(([resource]) => !present.has(resource));
}

function fill(pod: PodResources, values: readonly FilledValue[]): PodResources {
  const into = <T extends ResourceRequirements>(target: T, mine: readonly FilledValue[]): T => {
    const part = (name: ResourcePart): ResourceList =>
      new Map([
        ...target[name],
        ...mine.filter((value) => value.part === name).map((value) => [value.resource, value.quantity] as const),
      ]);
    return mine.length === 0 ? target : { ...target, requests: part('requests'), limits: part('limits') };
  };
  const of = (list: ContainerRef['list'], index: number) =>
    values.filter(({ container }) => container?.list === list && container.index === index);
  const own = values.filter(({ container }) => container === undefined);
  return {
    ...pod,
    containers: pod.containers.map((container, index) => into(container, of('containers', index))),
    initContainers: pod.initContainers.map((container, index) => into(container, of('initContainers', index))),
    podLevel: pod.podLevel === undefined ? undefined : into(pod.podLevel, own),
  };
}

/** What a container holds of a resource after defaulting, and where that came from; undefined where it has none. */
export function defaultedAmount(
  { pod, filled }: Defaulted,
  ref: ContainerRef,
  part: ResourcePart,
  resource: string,
): { readonly quantity: KubernetesQuantity; readonly from: FilledValue['from'] | 'manifest' } | undefined {
  const quantity = containerAt(pod, ref)?.container[part].get(resource);
  if (quantity === undefined) return undefined;
  const value = filled.find(
    ({ container, part: filledPart, resource: name }) =>
      container?.list === ref.list && container.index === ref.index && filledPart === part && name === resource,
  );
  return { quantity, from: value?.from ?? 'manifest' };
}
