import { compareQuantities, type KubernetesQuantity, milliValue } from '../quantity/kubernetes.ts';
import { amountsOf, effectiveLimits, effectiveRequests } from './pod-requests.ts';
import {
  allowsOvercommit,
  type ContainerRef,
  everyContainer,
  type PodResources,
  type ResourceList,
  type ResourceRequirements,
} from './resources.ts';

/** One item of a LimitRange's `limits`. */
export interface LimitRangeItem {
  /** `Container`, `Pod` or `PersistentVolumeClaim`. */
  readonly type: string;
  readonly default: ResourceList;
  readonly defaultRequest: ResourceList;
  readonly min: ResourceList;
  readonly max: ResourceList;
  readonly maxLimitRequestRatio: ResourceList;
}

/**
 * The item as it is stored: for containers `default` ← `max`, then `defaultRequest` ← `default`, then ← `min`
 * (kubernetes v1.36 pkg/apis/core/v1/defaults.go:360 SetDefaults_LimitRangeItem).
 */
export function defaultLimitRangeItem(item: LimitRangeItem): LimitRangeItem {
  if (item.type !== 'Container') return item;
  const limits: ResourceList = new Map([...item.max, ...item.default]);
  return { ...item, default: limits, defaultRequest: new Map([...item.min, ...limits, ...item.defaultRequest]) };
}

/** Why a LimitRange's item refuses a pod. */
export interface LimitRangeViolation {
  readonly constraint: 'min' | 'max' | 'maxLimitRequestRatio';
  /** Undefined where the pod as a whole is refused. */
  readonly container: ContainerRef | undefined;
  readonly resource: string;
  readonly enforced: KubernetesQuantity;
  readonly request: KubernetesQuantity | undefined;
  readonly limit: KubernetesQuantity | undefined;
  /** The value at fault; `ratio` where both are there and lie too far apart. */
  readonly fault: 'no-request' | 'no-limit' | 'request' | 'limit' | 'ratio';
}

/**
 * What the item refuses in a pod whose defaults are filled in; empty where it lets the pod in. Values are compared in
 * thousandths rounded up. Items of type `Pod` see the effective amounts without overhead
 * (kubernetes v1.36 plugin/pkg/admission/limitranger/admission.go PodValidateLimitFunc).
 */
export function limitRangeViolations(pod: PodResources, item: LimitRangeItem): readonly LimitRangeViolation[] {
  if (item.type === 'Container') {
    return everyContainer(pod).flatMap(({ ref, container }) => violations(container, item, ref));
  }
  if (item.type !== 'Pod') return [];
  const requests = amountsOf(effectiveRequests(pod, { overhead: false }));
  const limits = amountsOf(effectiveLimits(pod, { overhead: false }));
  return violations({ requests, limits }, item, undefined);
}

function violations(
  resources: ResourceRequirements,
  item: LimitRangeItem,
  container: ContainerRef | undefined,
): readonly LimitRangeViolation[] {
  return (['min', 'max', 'maxLimitRequestRatio'] as const).flatMap((constraint) =>
    [...item[constraint]].flatMap(([resource, enforced]) => {
      const request = resources.requests.get(resource);
      const limit = resources.limits.get(resource);
      const fault = faultOf(constraint, enforced, request, limit);
      return fault === undefined ? [] : [{ constraint, container, resource, enforced, request, limit, fault }];
    }),
  );
}

function faultOf(
  constraint: LimitRangeViolation['constraint'],
  enforced: KubernetesQuantity,
  request: KubernetesQuantity | undefined,
  limit: KubernetesQuantity | undefined,
): LimitRangeViolation['fault'] | undefined {
  const bound = milliValue(enforced);
  switch (constraint) {
    case 'min':
      if (request === undefined) return 'no-request';
      if (milliValue(request) < bound) return 'request';
      return limit !== undefined && milliValue(limit) < bound ? 'limit' : undefined;
    case 'max':
      if (limit === undefined) return 'no-limit';
      if (milliValue(limit) > bound) return 'limit';
      return request !== undefined && milliValue(request) > bound ? 'request' : undefined;
    case 'maxLimitRequestRatio':
      if (request === undefined || request.nano === 0n) return 'no-request';
      if (limit === undefined || limit.nano === 0n) return 'no-limit';
      return milliValue(limit) * 1000n > bound * milliValue(request) ? 'ratio' : undefined;
  }
}

/** A request that the API server refuses beside its limit. */
export interface RequestProblem {
  readonly resource: string;
  readonly request: KubernetesQuantity;
  readonly limit: KubernetesQuantity;
  readonly rule: 'must be less than or equal to the limit' | 'must be equal to the limit';
}

/**
 * Requests above their limits; and, for what cannot be shared out twice (huge pages, extended resources), requests that
 * differ from them (kubernetes v1.36 pkg/apis/core/validation/validation.go:7982).
 */
export function requestProblems({ requests, limits }: ResourceRequirements): readonly RequestProblem[] {
  return [...requests].flatMap(([resource, request]): RequestProblem[] => {
    const limit = limits.get(resource);
    if (limit === undefined) return [];
    const order = compareQuantities(request, limit);
    if (!allowsOvercommit(resource)) {
      return order === 0 ? [] : [{ resource, request, limit, rule: 'must be equal to the limit' }];
    }
    return order <= 0 ? [] : [{ resource, request, limit, rule: 'must be less than or equal to the limit' }];
  });
}
