import type { KubernetesQuantity } from '../quantity/kubernetes.ts';

/** Amounts by resource name: `cpu`, `memory`, `ephemeral-storage`, `nvidia.com/gpu`, … */
export type ResourceList = ReadonlyMap<string, KubernetesQuantity>;

export type ResourcePart = 'requests' | 'limits';

/** A zero that is written is there; what is absent is not in the list. */
export interface ResourceRequirements {
  readonly requests: ResourceList;
  readonly limits: ResourceList;
}

export interface ContainerResources extends ResourceRequirements {
  readonly name: string;
}

export interface InitContainerResources extends ContainerResources {
  /** `restartPolicy: Always`: it runs beside the app containers instead of before them. */
  readonly sidecar: boolean;
}

/** What counts of a pod when it is sized. Ephemeral containers never do. */
export interface PodResources {
  readonly containers: readonly ContainerResources[];
  /** In the manifest's order, which matters. */
  readonly initContainers: readonly InitContainerResources[];
  /** The pod's own `spec.resources` (KEP-2837). */
  readonly podLevel: ResourceRequirements | undefined;
  /** `spec.overhead`, which comes from the RuntimeClass. */
  readonly overhead: ResourceList;
}

/** Names one container of a pod; `name` alone may be absent or doubled in a half-written manifest. */
export interface ContainerRef {
  readonly list: 'containers' | 'initContainers';
  readonly index: number;
  readonly name: string;
}

export interface PlacedContainer {
  readonly ref: ContainerRef;
  readonly container: ContainerResources;
  readonly role: 'app' | 'init' | 'sidecar';
}

export const noResources: ResourceRequirements = { requests: new Map(), limits: new Map() };

/** The app containers, then the init containers, each with its place. */
export function everyContainer(pod: PodResources): readonly PlacedContainer[] {
  return [
    ...pod.containers.map((container, index): PlacedContainer => {
      return { ref: { list: 'containers', index, name: container.name }, container, role: 'app' };
    }),
    ...pod.initContainers.map((container, index): PlacedContainer => {
      const ref: ContainerRef = { list: 'initContainers', index, name: container.name };
      return { ref, container, role: container.sidecar ? 'sidecar' : 'init' };
    }),
  ];
}

/** The container that `ref` names; undefined where the pod has none there. */
export function containerAt(pod: PodResources, ref: ContainerRef): PlacedContainer | undefined {
  return everyContainer(pod).find((placed) => placed.ref.list === ref.list && placed.ref.index === ref.index);
}

/** What the pod's own `resources` may name (component-helpers resource/helpers.go IsSupportedPodLevelResource). */
export function isPodLevelResource(resource: string): boolean {
  return resource === 'cpu' || resource === 'memory' || isHugePages(resource);
}

/** Pages of one size, by their resource name (kubernetes v1.36 pkg/apis/core/v1/helper/helpers.go IsHugePageResourceName). */
export function isHugePages(resource: string): boolean {
  return resource.startsWith('hugepages-');
}

/** Whether the list sets something the pod level can hold (helpers.go IsPodLevelRequestsSet, …LimitsSet). */
export function setsPodLevel(list: ResourceList | undefined): boolean {
  return list !== undefined && [...list.keys()].some(isPodLevelResource);
}

/** An unqualified name, or one of `kubernetes.io` (kubernetes v1.36 pkg/apis/core/v1/helper/helpers.go IsNativeResource). */
function isNativeResource(resource: string): boolean {
  const [domain] = resource.includes('/') ? resource.split('/') : [undefined];
  return domain === undefined || domain === 'kubernetes.io' || domain.endsWith('.kubernetes.io');
}

const deviceClassPrefix = 'deviceclass.resource.kubernetes.io/';

/**
 * What a device plugin or a device class counts, in whole pieces: `nvidia.com/gpu`, or a class of dynamic resource
 * allocation under its implicit name (helpers.go IsExtendedResourceName; KEP-5004).
 */
export function isExtendedResource(resource: string): boolean {
  return !isNativeResource(resource) || resource.startsWith(deviceClassPrefix);
}

/** Whether limits may be more than requests: Kubernetes' own resources but huge pages (helpers.go IsOvercommitAllowed). */
export function allowsOvercommit(resource: string): boolean {
  return isNativeResource(resource) && !isHugePages(resource);
}

/** The amount where it is more than zero; the kubelet reads a zero limit as none (helpers_linux.go ResourceConfigForPod). */
export function positiveAmount(list: ResourceList | undefined, resource: string): KubernetesQuantity | undefined {
  const quantity = list?.get(resource);
  return quantity !== undefined && quantity.nano > 0n ? quantity : undefined;
}
