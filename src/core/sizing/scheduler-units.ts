import {
  type KubernetesQuantity,
  milliValue,
  quantityOf,
  quantityOfMilli,
  wholeValue,
} from '../quantity/kubernetes.ts';
import { effectiveRequests } from './pod-requests.ts';
import type { ContainerResources, PodResources, ResourceList } from './resources.ts';

/**
 * Amounts as the scheduler counts them: thousandths of a CPU, bytes, pieces; whole numbers below 2⁵³, so sums of a
 * cluster are exact.
 */
export type SchedulerAmounts = ReadonlyMap<string, number>;

/** Rounded up, CPU to thousandths and everything else to units; 2⁵³ − 1 at the most (kubernetes framework Resource.Add). */
export function schedulerAmount(resource: string, quantity: KubernetesQuantity): number {
  const units = resource === 'cpu' ? milliValue(quantity) : wholeValue(quantity);
  return units > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(units);
}

/** {@link schedulerAmount} of each; the list's zeros stay. */
export function schedulerAmounts(list: ResourceList): SchedulerAmounts {
  return new Map([...list].map(([resource, quantity]) => [resource, schedulerAmount(resource, quantity)]));
}

/** The pod's effective requests with overhead, which is what the filter NodeResourcesFit counts. */
export function podAmounts(pod: PodResources): SchedulerAmounts {
  return new Map(
    [...effectiveRequests(pod)].map(([resource, { quantity }]) => [resource, schedulerAmount(resource, quantity)]),
  );
}

/** 100m and 200 MiB stand for a request that is not written, in scores alone. */
const assumed: ResourceList = new Map([
  ['cpu', quantityOfMilli(100n, 'DecimalSI')],
  ['memory', quantityOf(200n << 20n, 'BinarySI')],
]);

/**
 * The pod's requests as scores count them: each container without a CPU or memory request is taken at 100m and 200 MiB
 * (kubernetes v1.36 pkg/scheduler/util/pod_resources.go:29). The filter takes it at nothing.
 */
export function scoredAmounts(pod: PodResources): SchedulerAmounts {
  const fill = <Container extends ContainerResources>(container: Container): Container => {
    return { ...container, requests: new Map([...assumed, ...container.requests]) };
  };
  return podAmounts({
    ...pod,
    containers: pod.containers.map(fill),
    initContainers: pod.initContainers.map(fill),
  });
}

/**
 * The resources of which `free` has less than asked; none where the pod fits. What is asked at zero fits anywhere
 * (kubernetes v1.36 pkg/scheduler/framework/plugins/noderesources/fit.go:678). Pods themselves are counted as `pods`.
 */
export function insufficient(asked: SchedulerAmounts, free: SchedulerAmounts): readonly string[] {
  const short: string[] = [];
  for (const [resource, amount] of asked) if (amount > 0 && amount > (free.get(resource) ?? 0)) short.push(resource);
  return short;
}
