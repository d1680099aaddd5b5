import assert from 'node:assert/strict';
import { type KubernetesQuantity, parseKubernetesQuantity } from '../../src/core/quantity/kubernetes.ts';
import type { PodResources, ResourceList, ResourceRequirements } from '../../src/core/sizing/resources.ts';

/** The quantity that `text` stands for; fails the test where it stands for none. */
export function quantity(text: string): KubernetesQuantity {
  const parsed = parseKubernetesQuantity(text);
  assert.ok(parsed.ok, `${text} is no quantity`);
  return parsed.quantity;
}

/** Resources as the vectors and manifests spell them. */
export interface SpelledResources {
  readonly requests?: Readonly<Record<string, string>>;
  readonly limits?: Readonly<Record<string, string>>;
}

interface SpelledContainer {
  readonly name?: string;
  readonly resources?: SpelledResources;
  readonly restartPolicy?: string;
}

export interface SpelledPod {
  readonly containers: readonly SpelledContainer[];
  readonly initContainers?: readonly SpelledContainer[];
  readonly resources?: SpelledResources;
  readonly overhead?: Readonly<Record<string, string>>;
  readonly priorityClassName?: string;
}

export function resourceList(spelled: Readonly<Record<string, string>> = {}): ResourceList {
  return new Map(Object.entries(spelled).map(([resource, text]) => [resource, quantity(text)]));
}

export function requirements({ requests, limits }: SpelledResources = {}): ResourceRequirements {
  return { requests: resourceList(requests), limits: resourceList(limits) };
}

export function podResources(spelled: SpelledPod): PodResources {
  const container = ({ name = '', resources }: SpelledContainer) => ({ name, ...requirements(resources) });
  return {
    containers: spelled.containers.map(container),
    initContainers: (spelled.initContainers ?? []).map((init) => {
      return { ...container(init), sidecar: init.restartPolicy === 'Always' };
    }),
    podLevel: spelled.resources === undefined ? undefined : requirements(spelled.resources),
    overhead: resourceList(spelled.overhead),
  };
}

/** Amounts as plain data, to compare: billionths by resource. */
export function nanosOf(list: ResourceList): Readonly<Record<string, bigint>> {
  return Object.fromEntries([...list].map(([resource, { nano }]) => [resource, nano]));
}
