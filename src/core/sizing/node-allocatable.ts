import {
  type KubernetesQuantity,
  parseKubernetesQuantity,
  quantityOf,
  subtractQuantities,
  wholeValue,
} from '../quantity/kubernetes.ts';
import { isHugePages, type ResourceList } from './resources.ts';

/** `evictionHard` of the kubelet: the least that may be free. */
export type EvictionThreshold =
  | { readonly kind: 'quantity'; readonly quantity: KubernetesQuantity }
  /** Of the capacity, 0 to 100. */
  | { readonly kind: 'percentage'; readonly percent: number };

export interface KubeletReservations {
  readonly kubeReserved: ResourceList;
  readonly systemReserved: ResourceList;
  /** By the resource that they take from: `memory` (memory.available), `ephemeral-storage` (nodefs.available). */
  readonly evictionHard: ReadonlyMap<string, EvictionThreshold>;
}

/** One thing that is set aside. */
export interface ReservedPart {
  readonly kind: 'kube-reserved' | 'system-reserved' | 'eviction' | 'huge-pages';
  readonly quantity: KubernetesQuantity;
}

export interface AllocatableAmount {
  readonly capacity: KubernetesQuantity;
  /** What the scheduler may give to pods: capacity − every part, never below zero. */
  readonly allocatable: KubernetesQuantity;
  readonly parts: readonly ReservedPart[];
}

/** Unless the kubelet is told otherwise (kubernetes v1.36 pkg/kubelet/eviction/defaults_linux.go). Inodes take nothing. */
export const defaultEviction: ReadonlyMap<string, EvictionThreshold> = new Map([
  ['memory', { kind: 'quantity', quantity: quantityOf(100n << 20n, 'BinarySI') }],
  ['ephemeral-storage', { kind: 'percentage', percent: 10 }],
]);

/** A kubelet with its defaults: nothing is reserved, only eviction keeps some free. */
export const noReservations: KubeletReservations = {
  kubeReserved: new Map(),
  systemReserved: new Map(),
  evictionHard: defaultEviction,
};

/** Pods on a node unless the kubelet is told otherwise (kubernetes v1.36 pkg/kubelet/apis/config/v1beta1/defaults.go:196). */
export const defaultMaxPods = 110n;

/** Reads `100Mi` or `5%`; undefined where it is neither, or no part of a whole (pkg/kubelet/eviction/helpers.go). */
export function parseEvictionThreshold(text: string): EvictionThreshold | undefined {
  if (text.endsWith('%')) {
    const percent = /^\d+(\.\d+)?%$/.test(text) ? Number(text.slice(0, -1)) : 101;
    return percent <= 100 ? { kind: 'percentage', percent } : undefined;
  }
  const parsed = parseKubernetesQuantity(text);
  return parsed.ok && parsed.quantity.nano >= 0n ? { kind: 'quantity', quantity: parsed.quantity } : undefined;
}

/**
 * What a threshold keeps of the capacity. The kubelet holds percentages in 32 bits, so 5 % of 10 GiB are 536870920 bytes
 * and not 536870912; cut off (kubernetes v1.36 pkg/kubelet/eviction/api/types.go GetThresholdQuantity).
 */
export function evictionQuantity(threshold: EvictionThreshold, capacity: KubernetesQuantity): KubernetesQuantity {
  if (threshold.kind === 'quantity') return threshold.quantity;
  const share = Math.fround(Math.fround(threshold.percent) / 100);
  return quantityOf(BigInt(Math.trunc(Number(wholeValue(capacity)) * share)), 'BinarySI');
}

/**
 * What is set aside for the scheduler, by resource: kube-reserved + system-reserved + hard eviction; a percentage of a
 * resource without capacity counts nothing (kubernetes v1.36 pkg/kubelet/cm/node_container_manager_linux.go:279).
 */
export function nodeReservation(
  capacity: ResourceList,
  reservations: KubeletReservations,
): ReadonlyMap<string, readonly ReservedPart[]> {
  const parts = new Map<string, ReservedPart[]>();
  const add = (resource: string, part: ReservedPart) => parts.set(resource, [...(parts.get(resource) ?? []), part]);
  for (const [resource, quantity] of reservations.kubeReserved) add(resource, { kind: 'kube-reserved', quantity });
  for (const [resource, quantity] of reservations.systemReserved) add(resource, { kind: 'system-reserved', quantity });
  for (const [resource, threshold] of reservations.evictionHard) {
    const whole = capacity.get(resource);
    if (whole !== undefined) add(resource, { kind: 'eviction', quantity: evictionQuantity(threshold, whole) });
  }
  return parts;
}

/**
 * Capacity − kube-reserved − system-reserved − hard eviction, by resource; huge pages that are set up are taken from
 * memory (kubernetes v1.36 pkg/kubelet/cm/node_container_manager_linux.go, pkg/kubelet/nodestatus/setters.go).
 */
export function kubeletAllocatable(
  capacity: ResourceList,
  reservations: KubeletReservations,
): ReadonlyMap<string, AllocatableAmount> {
  const reserved = nodeReservation(capacity, reservations);
  const hugePages = [...capacity].filter(([resource]) => isHugePages(resource));
  return new Map(
    [...capacity].map(([resource, whole]) => {
      const pages = resource === 'memory' ? hugePages : [];
      const parts = [
        ...(reserved.get(resource) ?? []),
        ...pages.map(([, quantity]): ReservedPart => ({ kind: 'huge-pages', quantity })),
      ];
      return [resource, { capacity: whole, allocatable: without(whole, parts), parts }];
    }),
  );
}

/**
 * What the cgroup `kubepods` is given: capacity − kube-reserved − system-reserved. Eviction is not taken off, so pods can
 * use memory that the scheduler does not give (node_container_manager_linux.go:246 getNodeAllocatableInternalAbsolute).
 */
export function kubepodsCgroup(capacity: ResourceList, reservations: KubeletReservations): ResourceList {
  const reserved = nodeReservation(capacity, { ...reservations, evictionHard: new Map() });
  return new Map([...capacity].map(([resource, whole]) => [resource, without(whole, reserved.get(resource) ?? [])]));
}

function without(capacity: KubernetesQuantity, parts: readonly ReservedPart[]): KubernetesQuantity {
  const left = parts.map(({ quantity }) => quantity).reduce(subtractQuantities, capacity);
  return left.nano < 0n ? { ...left, nano: 0n } : left;
}
