import { addQuantities, compareQuantities, type KubernetesQuantity } from '../quantity/kubernetes.ts';
import {
  type ContainerRef,
  everyContainer,
  isPodLevelResource,
  type PlacedContainer,
  type PodResources,
  positiveAmount,
  type ResourceList,
  type ResourcePart,
  setsPodLevel,
} from './resources.ts';

/** One summand of a term. */
export interface TermPart {
  readonly container: ContainerRef;
  readonly role: 'app' | 'init' | 'sidecar';
  readonly quantity: KubernetesQuantity;
}

/** A candidate for the pod's effective amount; the greatest one wins, unless the pod level says it. */
export type Term =
  /** App containers and sidecars together, as they run. */
  | { readonly kind: 'containers'; readonly quantity: KubernetesQuantity; readonly parts: readonly TermPart[] }
  /** One init container with the sidecars started before it. */
  | {
      readonly kind: 'init';
      readonly container: ContainerRef;
      readonly quantity: KubernetesQuantity;
      readonly parts: readonly TermPart[];
    }
  /** The pod's own `resources`, which override the sum. */
  | { readonly kind: 'pod-level'; readonly quantity: KubernetesQuantity };

export interface EffectiveAmount {
  /** With the overhead. */
  readonly quantity: KubernetesQuantity;
  readonly term: Term;
  /** Every candidate, the winner among them. */
  readonly terms: readonly Term[];
  /** What the RuntimeClass added. */
  readonly overhead: KubernetesQuantity | undefined;
}

export interface EffectiveLimit extends EffectiveAmount {
  /** Containers without this limit. While there is one, the amount is a partial sum and the pod is not bounded by it. */
  readonly unboundedBy: readonly ContainerRef[];
}

export interface EffectiveOptions {
  /** Add `spec.overhead`; true unless said otherwise. */
  readonly overhead?: boolean;
  /** Let the pod's own `resources` override the sums; true unless said otherwise. */
  readonly podLevel?: boolean;
}

/**
 * What the scheduler counts for the pod, by resource:
 * max(Σ app containers + Σ sidecars, each init container + the sidecars before it), overridden by the pod level for
 * cpu, memory and huge pages, plus overhead (component-helpers resource/helpers.go PodRequests, KEP-753).
 */
export function effectiveRequests(
  pod: PodResources,
  options: EffectiveOptions = {},
): ReadonlyMap<string, EffectiveAmount> {
  const amounts = effectiveAmounts(pod, 'requests', options.podLevel ?? true);
  if (options.overhead === false) return amounts;
  for (const [resource, overhead] of pod.overhead) {
    const amount = amounts.get(resource) ?? nothing;
    amounts.set(resource, { ...amount, overhead, quantity: addQuantities(amount.quantity, overhead) });
  }
  return amounts;
}

/**
 * The pod's limits by resource, composed as {@link effectiveRequests}; overhead is added only to a limit that is there
 * (component-helpers resource/helpers.go PodLimits).
 */
export function effectiveLimits(
  pod: PodResources,
  options: EffectiveOptions = {},
): ReadonlyMap<string, EffectiveLimit> {
  const limits = new Map<string, EffectiveLimit>();
  for (const [resource, amount] of effectiveAmounts(pod, 'limits', options.podLevel ?? true)) {
    const overhead = options.overhead === false || amount.quantity.nano === 0n ? undefined : pod.overhead.get(resource);
    const quantity = overhead === undefined ? amount.quantity : addQuantities(amount.quantity, overhead);
    const unboundedBy = amount.term.kind === 'pod-level' ? [] : containersWithoutLimit(pod, resource);
    limits.set(resource, { ...amount, quantity, overhead, unboundedBy });
  }
  return limits;
}

/** The containers, init containers among them, that have no limit of this resource, or a limit of zero. */
export function containersWithoutLimit(pod: PodResources, resource: string): readonly ContainerRef[] {
  return everyContainer(pod)
    .filter(({ container }) => positiveAmount(container.limits, resource) === undefined)
    .map(({ ref }) => ref);
}

/** The bare amounts. */
export function amountsOf(effective: ReadonlyMap<string, EffectiveAmount>): ResourceList {
  return new Map([...effective].map(([resource, { quantity }]) => [resource, quantity]));
}

const zero: KubernetesQuantity = { nano: 0n, format: 'DecimalSI' };
const noContainers: Term = { kind: 'containers', quantity: zero, parts: [] };
const nothing: EffectiveAmount = { quantity: zero, term: noContainers, terms: [noContainers], overhead: undefined };

function effectiveAmounts(pod: PodResources, part: ResourcePart, podLevel: boolean): Map<string, EffectiveAmount> {
  const placed = everyContainer(pod);
  const own = podLevel ? pod.podLevel?.[part] : undefined;
  const override = setsPodLevel(own) ? own : undefined;
  const names = new Set(placed.flatMap(({ container }) => [...container[part].keys()]));
  for (const name of override?.keys() ?? []) if (isPodLevelResource(name)) names.add(name);
  const amounts = new Map<string, EffectiveAmount>();
  for (const resource of names) {
    const written = isPodLevelResource(resource) ? override?.get(resource) : undefined;
    const terms = containerTerms(placed, part, resource);
    if (written !== undefined) terms.push({ kind: 'pod-level', quantity: written });
    const [first] = terms;
    if (first === undefined) continue;
    const term =
      written === undefined
        ? terms.reduce((best, next) => (compareQuantities(next.quantity, best.quantity) > 0 ? next : best), first)
        : (terms.at(-1) ?? first);
    amounts.set(resource, { quantity: term.quantity, term, terms, overhead: undefined });
  }
  return amounts;
}

function containerTerms(placed: readonly PlacedContainer[], part: ResourcePart, resource: string): Term[] {
  const uses = placed.flatMap(({ ref, role, container }): TermPart[] => {
    const quantity = container[part].get(resource);
    return quantity === undefined ? [] : [{ container: ref, role, quantity }];
  });
  const terms: Term[] = [];
  const together = uses.filter(({ role }) => role !== 'init');
  if (together.length > 0) terms.push({ kind: 'containers', quantity: sum(together), parts: together });
  for (const use of uses) {
    if (use.role !== 'init') continue;
    const before = uses.filter(({ role, container }) => role === 'sidecar' && container.index < use.container.index);
    const parts = [...before, use];
    terms.push({ kind: 'init', container: use.container, quantity: sum(parts), parts });
  }
  return terms;
}

function sum(parts: readonly TermPart[]): KubernetesQuantity {
  return parts.map(({ quantity }) => quantity).reduce(addQuantities);
}
