import { addQuantities, type KubernetesQuantity } from '../quantity/kubernetes.ts';
import {
  type ContainerRef,
  everyContainer,
  type PodResources,
  positiveAmount,
  type ResourcePart,
  setsPodLevel,
} from './resources.ts';

export type QosClass = 'Guaranteed' | 'Burstable' | 'BestEffort';

/** CPU and memory alone decide. */
type QosResource = 'cpu' | 'memory';
const qosResources: readonly QosResource[] = ['cpu', 'memory'];

/** What keeps a pod from being Guaranteed. */
export type QosObstacle =
  /** `container` is undefined where the pod's own limits count. */
  | { readonly kind: 'missing-limit'; readonly container: ContainerRef | undefined; readonly resource: QosResource }
  /** The sums differ; undefined stands for nothing but zeros. */
  | {
      readonly kind: 'unequal';
      readonly resource: QosResource;
      readonly requests: KubernetesQuantity | undefined;
      readonly limits: KubernetesQuantity | undefined;
    };

export interface Qos {
  readonly qosClass: QosClass;
  /** Whose values decided: the pod's own, where it has any, else those of all containers and init containers. */
  readonly level: 'pod' | 'containers';
  /** All that stands in the way of Guaranteed, the first one first; empty when nothing does. */
  readonly obstacles: readonly QosObstacle[];
}

/**
 * The pod's QoS class. Apply the defaults first: limits alone are Guaranteed once they are requests too. Zeros count as
 * nothing; sums are compared over the pod, not container by container
 * (kubernetes v1.36 pkg/apis/core/v1/helper/qos/qos.go:87 ComputePodQOS).
 */
export function podQos(pod: PodResources): Qos {
  const own = pod.podLevel;
  const level = own !== undefined && (setsPodLevel(own.requests) || setsPodLevel(own.limits)) ? 'pod' : 'containers';
  const holders: readonly (readonly [ContainerRef | undefined, NonNullable<typeof own>])[] =
    own !== undefined && level === 'pod'
      ? [[undefined, own]]
      : everyContainer(pod).map(({ ref, container }) => [ref, container]);

  const sum = (part: ResourcePart, resource: QosResource): KubernetesQuantity | undefined => {
    const amounts = holders.flatMap(([, holder]) => positiveAmount(holder[part], resource) ?? []);
    const [first, ...rest] = amounts;
    return first === undefined ? undefined : rest.reduce(addQuantities, first);
  };
  const sums = qosResources.map((resource) => {
    return { resource, requests: sum('requests', resource), limits: sum('limits', resource) };
  });
  const obstacles: QosObstacle[] = holders.flatMap(([container, holder]) =>
    qosResources
      .filter((resource) => positiveAmount(holder.limits, resource) === undefined)
      .map((resource) => ({ kind: 'missing-limit', container, resource }) as const),
  );
  for (const { resource, requests, limits } of sums) {
    if (requests?.nano !== limits?.nano) obstacles.push({ kind: 'unequal', resource, requests, limits });
  }
  const nothing = sums.every(({ requests, limits }) => requests === undefined && limits === undefined);
  return { qosClass: nothing ? 'BestEffort' : obstacles.length === 0 ? 'Guaranteed' : 'Burstable', level, obstacles };
}
