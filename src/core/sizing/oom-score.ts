import { wholeValue } from '../quantity/kubernetes.ts';
import { effectiveRequests } from './pod-requests.ts';
import { podQos } from './qos.ts';
import { type ContainerRef, containerAt, type PodResources, type ResourceList, setsPodLevel } from './resources.ts';

export interface OomScoreInputs {
  /** The node's memory capacity in bytes, not its allocatable. */
  readonly nodeMemoryBytes: bigint;
  /** `spec.priorityClassName`; `system-node-critical` is kept alive last. */
  readonly priorityClassName?: string | undefined;
}

/** A container's `oom_score_adj` and what made it. */
export type OomScore =
  | { readonly kind: 'node-critical' | 'guaranteed'; readonly adj: -997 }
  | { readonly kind: 'best-effort'; readonly adj: 1000 }
  | {
      readonly kind: 'burstable';
      readonly adj: number;
      /** The container's own memory request, in bytes. */
      readonly requestBytes: bigint;
      /** Its part of what the pod requests beyond its containers, in bytes. */
      readonly shareOfPodBytes: bigint;
      /** 1000 − ⌊1000 × (request + share) / node memory⌋, before the bounds below. */
      readonly formula: number;
      /** Which bound changed it: a sidecar dies no sooner than the smallest app container; 3 and 999 are the ends. */
      readonly boundedBy: 'sidecar' | 'at-least-3' | 'below-best-effort' | undefined;
    };

/**
 * How willingly the kernel kills the container when the node runs out of memory: −997 hardly, 1000 first. Apply the
 * defaults first. Undefined where the pod has no such container, or the node no memory
 * (kubernetes v1.36 pkg/kubelet/qos/policy.go:45 GetContainerOOMScoreAdjust, KEP-2837).
 */
export function oomScore(pod: PodResources, ref: ContainerRef, inputs: OomScoreInputs): OomScore | undefined {
  const placed = containerAt(pod, ref);
  if (placed === undefined || inputs.nodeMemoryBytes <= 0n) return undefined;
  if (inputs.priorityClassName === 'system-node-critical') return { kind: 'node-critical', adj: -997 };
  const { qosClass } = podQos(pod);
  if (qosClass === 'Guaranteed') return { kind: 'guaranteed', adj: -997 };
  if (qosClass === 'BestEffort') return { kind: 'best-effort', adj: 1000 };

  const shareOfPodBytes = shareOfPod(pod);
  const adjustment = (requestBytes: bigint) =>
    1000 - Number((1000n * (requestBytes + shareOfPodBytes)) / inputs.nodeMemoryBytes);
  const requestBytes = memoryBytes(placed.container.requests);
  const formula = adjustment(requestBytes);
  const smallest = placed.role === 'sidecar' ? adjustment(smallestAppRequest(pod)) : formula;
  const unbounded = Math.min(formula, smallest);
  const adj = unbounded < 3 ? 3 : unbounded === 1000 ? 999 : unbounded;
  const boundedBy =
    unbounded < 3
      ? 'at-least-3'
      : unbounded === 1000
        ? 'below-best-effort'
        : unbounded < formula
          ? 'sidecar'
          : undefined;
  return { kind: 'burstable', adj, requestBytes, shareOfPodBytes, formula, boundedBy };
}

function memoryBytes(list: ResourceList): bigint {
  const quantity = list.get('memory');
  return quantity === undefined ? 0n : wholeValue(quantity);
}

function smallestAppRequest(pod: PodResources): bigint {
  const requests = pod.containers.map(({ requests }) => memoryBytes(requests));
  return requests.toSorted((a, b) => (a < b ? -1 : 1))[0] ?? 0n;
}

/** (pod's own request − its containers' together) ÷ number of all containers, cut off. */
function shareOfPod(pod: PodResources): bigint {
  const own = pod.podLevel;
  const count = pod.containers.length + pod.initContainers.length;
  if (own === undefined || !setsPodLevel(own.requests) || memoryBytes(own.requests) === 0n || count === 0) return 0n;
  const together = effectiveRequests(pod, { overhead: false, podLevel: false }).get('memory');
  const containers = together === undefined ? 0n : wholeValue(together.quantity);
  return (memoryBytes(own.requests) - containers) / BigInt(count);
}
