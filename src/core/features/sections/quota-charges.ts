import type { Workload } from '../../kubernetes/model.ts';
import { placementOf } from '../../kubernetes/placement.ts';
import { type Quota, readQuota } from '../../kubernetes/quota.ts';
import { sameNamespace } from '../../kubernetes/service.ts';
import { podQos } from '../../sizing/qos.ts';
import { type MissingForQuota, missingForQuota, type QuotaFacts, quotaCounts, quotaUsage } from '../../sizing/quota.ts';
import { type QuotaOutlook, type QuotaRollout, quotaOutlook } from '../../sizing/quota-rollout.ts';
import type { ResourceList } from '../../sizing/resources.ts';
import { onceFor } from '../../text/once-for.ts';
import { knownInteger } from '../../yaml/field.ts';
import type { Sized } from '../load.ts';
import type { PodCounts } from '../pod-counts.ts';
import type { Scaling } from '../scaling.ts';
import type { ObjectInView, SectionScope } from './section.ts';

/** A workload with its numbers of pods. */
export interface Rolling {
  readonly sized: Sized;
  readonly scaling: Scaling | undefined;
  /** Undefined where they are not known. */
  readonly counts: PodCounts | undefined;
}

/** A quota and what is charged to it. */
export interface QuotaInView {
  readonly quota: Quota;
  readonly placed: ObjectInView;
  /** Workloads that it counts, but for those in `unknown`. */
  readonly charged: readonly Rolling[];
  readonly unknown: readonly Rolling[];
  /** Names of workloads of the namespace that are not in view, and so not charged. */
  readonly beside: readonly string[];
  readonly outlook: readonly QuotaOutlook[];
  /** Values that the quota asks for and containers lack. */
  readonly missing: readonly { readonly sized: Sized; readonly missing: readonly MissingForQuota[] }[];
}

const factsOf = onceFor(({ workload, values }: Sized): QuotaFacts | undefined => {
  if (workload.source.kind !== 'kubernetes') return undefined;
  const source = workload.source.workload;
  return {
    qosClass: podQos(values.defaulted.pod).qosClass,
    activeDeadlineSeconds: knownInteger(source.spec, 'activeDeadlineSeconds')?.value,
    priorityClassName: values.priorityClassName,
    crossNamespacePodAffinity: placementOf(source).crossNamespace,
  };
});

const usageOf = onceFor(({ values }: Sized): ResourceList => quotaUsage(values.defaulted.pod));

const quotasAmong = onceFor((objects: readonly ObjectInView[]) =>
  objects.flatMap((placed) => {
    const quota = readQuota(placed.object);
    return quota === undefined ? [] : [{ quota, placed }];
  }),
);

/** The quotas in view that count workloads in view, each in its namespace. */
export function quotasInView({ objects }: SectionScope, all: readonly Rolling[]): readonly QuotaInView[] {
  const quotas = quotasAmong(objects);
  if (quotas.length === 0) return [];
  // Comparing each with each would take long where every team has a quota.
  const byNamespace = new Map<string, Rolling[]>();
  for (const one of all) {
    const namespace = one.sized.workload.namespace ?? '';
    const same = byNamespace.get(namespace);
    if (same === undefined) byNamespace.set(namespace, [one]);
    else same.push(one);
  }
  const shown = new Set<Workload>();
  for (const { sized } of all)
    if (sized.workload.source.kind === 'kubernetes') shown.add(sized.workload.source.workload);
  const hidden = objects.filter(({ object: { workload } }) => workload !== undefined && !shown.has(workload));
  return quotas.flatMap(({ quota, placed }): readonly QuotaInView[] => {
    const here = byNamespace.get(quota.object.namespace?.value ?? '') ?? [];
    const counted = here.filter(({ sized }) => {
      const { source } = sized.workload;
      const facts = factsOf(sized);
      if (source.kind !== 'kubernetes' || facts === undefined) return false;
      return sameNamespace(quota.object, source.workload.object) === 'yes' && quotaCounts(quota.scopes, facts);
    });
    if (counted.length === 0) return [];
    const isUnknown = ({ sized, counts }: Rolling) => counts === undefined || sized.values.doubts.length > 0;
    const charged = counted.filter((one) => !isUnknown(one));
    const rollouts = charged.flatMap(({ sized, counts }): readonly QuotaRollout[] => {
      if (counts === undefined) return [];
      const { now, peak, most, rollout } = counts;
      const { source, name } = sized.workload;
      // The next run of a CronJob waits for nothing but its own pods.
      const waits = source.kind === 'kubernetes' && !source.workload.runsToCompletion;
      const unavailable = waits ? rollout.unavailable : peak;
      return [{ name, usage: usageOf(sized), pods: now, peak, most, unavailable }];
    });
    const missing = charged.map(({ sized }) => ({
      sized,
      missing: missingForQuota(quota.hard, sized.values.defaulted.pod),
    }));
    return [
      {
        quota,
        placed,
        charged,
        unknown: counted.filter(isUnknown),
        beside: hidden
          .filter(({ object }) => sameNamespace(quota.object, object) === 'yes')
          .flatMap(({ object }) => object.name?.value ?? []),
        outlook: quotaOutlook(quota.hard, rollouts),
        missing: missing.filter((one) => one.missing.length > 0),
      },
    ];
  });
}
