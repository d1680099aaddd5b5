import { addQuantities, compareQuantities, type KubernetesQuantity, quantityOf } from '../quantity/kubernetes.ts';
import { totalUsage } from './quota.ts';
import type { ResourceList } from './resources.ts';

/** Pods of a workload as a quota counts them while a new version replaces the old one. */
export interface QuotaRollout {
  readonly name: string;
  /** What one pod is charged, by the quota's names. */
  readonly usage: ResourceList;
  readonly pods: number;
  /** With the surge. */
  readonly peak: number;
  /** At the autoscaler's maximum. */
  readonly most: number;
  /** Pods that may be missing meanwhile: what they were charged is free for their successors. */
  readonly unavailable: number;
}

/** One resource of a quota. */
export interface QuotaOutlook {
  readonly resource: string;
  readonly hard: KubernetesQuantity;
  readonly now: KubernetesQuantity;
  /** While everything rolls out at once. */
  readonly peak: KubernetesQuantity;
  readonly most: KubernetesQuantity;
  /** More than there may be, without any rollout: the last pods are never made. */
  readonly isExceeded: boolean;
  /** Workloads of which not even one new pod is admitted, and no old one may go before: their rollouts never move. */
  readonly stops: readonly string[];
  /** Workloads that roll with less surge than they ask for. */
  readonly slows: readonly string[];
}

/**
 * What a quota does to rollouts, each workload alone: admission refuses a pod that would take a resource above `hard`
 * (kubernetes apiserver pkg/admission/plugin/resourcequota/controller.go), the ReplicaSet controller tries again, and the
 * Deployment goes on as far as `maxUnavailable` lets old pods go (pkg/controller/deployment/rolling.go).
 */
export function quotaOutlook(hard: ResourceList, rollouts: readonly QuotaRollout[]): readonly QuotaOutlook[] {
  const totals = (count: (rollout: QuotaRollout) => number) =>
    totalUsage(rollouts.map((rollout) => ({ usage: rollout.usage, pods: count(rollout) })));
  const [now, peak, most] = [totals(({ pods }) => pods), totals((one) => one.peak), totals((one) => one.most)];
  return [...hard].map(([resource, bound]): QuotaOutlook => {
    const zero = quantityOf(0n, bound.format);
    const used = now.get(resource) ?? zero;
    const isExceeded = compareQuantities(used, bound) > 0;
    const stops: string[] = [];
    const slows: string[] = [];
    for (const { name, usage, pods, peak: top, unavailable } of rollouts) {
      const each = usage.get(resource);
      const surge = top - pods;
      if (isExceeded || each === undefined || surge <= 0 || fits(used, each, surge, bound)) continue;
      if (unavailable > 0 || fits(used, each, 1, bound)) slows.push(name);
      else stops.push(name);
    }
    return {
      resource,
      hard: bound,
      now: used,
      peak: peak.get(resource) ?? zero,
      most: most.get(resource) ?? zero,
      isExceeded,
      stops,
      slows,
    };
  });
}

function fits(used: KubernetesQuantity, each: KubernetesQuantity, pods: number, hard: KubernetesQuantity): boolean {
  const more: KubernetesQuantity = { nano: each.nano * BigInt(pods), format: each.format };
  return compareQuantities(addQuantities(used, more), hard) <= 0;
}
