import { addQuantities, compareQuantities, type KubernetesQuantity, quantityOf } from '../quantity/kubernetes.ts';
import { amountsOf, effectiveLimits, effectiveRequests } from './pod-requests.ts';
import type { QosClass } from './qos.ts';
import {
  type ContainerRef,
  everyContainer,
  isExtendedResource,
  isHugePages,
  type PodResources,
  type ResourceList,
  type ResourceRequirements,
  setsPodLevel,
} from './resources.ts';

/** `spec.scopes` of a ResourceQuota. */
export type QuotaScope =
  | 'Terminating'
  | 'NotTerminating'
  | 'BestEffort'
  | 'NotBestEffort'
  | 'PriorityClass'
  | 'CrossNamespacePodAffinity';

export interface QuotaFacts {
  readonly qosClass: QosClass;
  readonly activeDeadlineSeconds?: number | undefined;
  readonly priorityClassName?: string | undefined;
  /** Whether an affinity term names other namespaces. */
  readonly crossNamespacePodAffinity?: boolean | undefined;
}

/** The scopes that a pod falls into (kubernetes v1.36 pkg/quota/v1/evaluator/core/pods.go podMatchesScopeFunc). */
export function quotaScopes(facts: QuotaFacts): readonly QuotaScope[] {
  const { activeDeadlineSeconds: deadline, priorityClassName = '' } = facts;
  const scopes: QuotaScope[] = [
    deadline !== undefined && deadline >= 0 ? 'Terminating' : 'NotTerminating',
    facts.qosClass === 'BestEffort' ? 'BestEffort' : 'NotBestEffort',
  ];
  if (priorityClassName !== '') scopes.push('PriorityClass');
  if (facts.crossNamespacePodAffinity === true) scopes.push('CrossNamespacePodAffinity');
  return scopes;
}

/** One requirement of `spec.scopeSelector`; a plain scope is `Exists`. */
export interface ScopeRequirement {
  readonly scope: QuotaScope;
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
  /** Names of priority classes, which alone can be asked for by value. */
  readonly values: readonly string[];
}

/** Whether the quota counts the pod: every requirement holds (pods.go podMatchesScopeFunc, podMatchesSelector). */
export function quotaCounts(requirements: readonly ScopeRequirement[], facts: QuotaFacts): boolean {
  const scopes = quotaScopes(facts);
  return requirements.every(({ scope, operator, values }) => {
    if (scope !== 'PriorityClass' || operator === 'Exists') return scopes.includes(scope);
    const named = scopes.includes(scope);
    if (operator === 'DoesNotExist') return !named;
    const listed = named && values.includes(facts.priorityClassName ?? '');
    return operator === 'In' ? listed : !listed;
  });
}

const one = quantityOf(1n, 'DecimalSI');
const bounded = ['cpu', 'memory', 'ephemeral-storage'];

/**
 * What one pod is charged, by the quota's names: effective requests with overhead as `requests.<name>` and, but for
 * extended resources, as `<name>`; limits as `limits.<name>`; `pods` and `count/pods`. A pod that is over, or past its
 * deletion grace, is charged `count/pods` alone (kubernetes v1.36 pkg/quota/v1/evaluator/core/pods.go PodUsageFunc).
 */
export function quotaUsage(pod: PodResources, isOver = false): ResourceList {
  if (isOver) return new Map([['count/pods', one]]);
  const requests = amountsOf(effectiveRequests(pod));
  const limits = amountsOf(effectiveLimits(pod));
  return new Map([['count/pods', one], ['pods', one], ...computeUsage({ requests, limits })]);
}

function computeUsage({ requests, limits }: ResourceRequirements): ResourceList {
  const usage = new Map<string, KubernetesQuantity>();
  for (const [resource, request] of requests) {
    const plain = bounded.includes(resource) || isHugePages(resource);
    if (plain) usage.set(resource, request);
    if (plain || isExtendedResource(resource)) usage.set(`requests.${resource}`, request);
  }
  for (const resource of bounded) {
    const limit = limits.get(resource);
    if (limit !== undefined) usage.set(`limits.${resource}`, limit);
  }
  return usage;
}

const mandatory = ['cpu', 'memory', 'requests.cpu', 'requests.memory', 'limits.cpu', 'limits.memory'];

/** A value that a container lacks and a quota makes mandatory. */
export interface MissingForQuota {
  /** By the quota's name: `requests.cpu`. */
  readonly resource: string;
  readonly container: ContainerRef;
}

/**
 * Why the pod is refused whatever it would use: a quota of CPU or memory asks every container, init containers among
 * them, for a value, unless the pod has resources of its own (pods.go Constraints). Apply the LimitRange defaults first,
 * which satisfy it.
 */
export function missingForQuota(hard: ResourceList, pod: PodResources): readonly MissingForQuota[] {
  const required = mandatory.filter((resource) => hard.has(resource));
  const own = pod.podLevel;
  if (required.length === 0 || setsPodLevel(own?.requests) || setsPodLevel(own?.limits)) return [];
  return everyContainer(pod).flatMap(({ ref, container }) => {
    const present = computeUsage(container);
    return required.filter((resource) => !present.has(resource)).map((resource) => ({ resource, container: ref }));
  });
}

/** Pods that are alike, and what each is charged. */
export interface QuotaCharge {
  readonly usage: ResourceList;
  readonly pods: number;
}

export interface QuotaLine {
  readonly resource: string;
  readonly hard: KubernetesQuantity;
  readonly used: KubernetesQuantity;
  readonly exceeded: boolean;
}

/** Σ pods × usage, by the quota's names. */
export function totalUsage(charges: readonly QuotaCharge[]): ResourceList {
  const totals = new Map<string, KubernetesQuantity>();
  for (const { usage, pods } of charges) {
    for (const [resource, { nano, format }] of usage) {
      const amount: KubernetesQuantity = { nano: nano * BigInt(pods), format };
      const before = totals.get(resource);
      totals.set(resource, before === undefined ? amount : addQuantities(before, amount));
    }
  }
  return totals;
}

/**
 * Every line of a quota against what its pods use together. Count a workload with its pods at the peak of a rollout:
 * surge is charged too (kubernetes apiserver pkg/admission/plugin/resourcequota/controller.go).
 */
export function quotaLines(hard: ResourceList, charges: readonly QuotaCharge[]): readonly QuotaLine[] {
  const totals = totalUsage(charges);
  return [...hard].map(([resource, bound]) => {
    const used = totals.get(resource) ?? quantityOf(0n, bound.format);
    return { resource, hard: bound, used, exceeded: compareQuantities(used, bound) > 0 };
  });
}
