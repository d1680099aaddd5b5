import type { Workload } from '../kubernetes/model.ts';
import { type PodRollout, rolloutOf } from '../kubernetes/rollout.ts';
import { onceFor } from '../text/once-for.ts';
import type { Sized } from './load.ts';
import type { Scaling } from './scaling.ts';

/** How many pods of a workload there may be. */
export interface PodCounts {
  /** At the autoscaler's minimum; none of what runs to its end. */
  readonly least: number;
  /** As the files say, moved into the autoscaler's range. */
  readonly now: number;
  /** While a new version replaces this one. */
  readonly peak: number;
  /** At the autoscaler's maximum. */
  readonly most: number;
  readonly rollout: PodRollout;
}

/** The counts of a workload; undefined where they are not known. Those without an autoscaler are kept. */
export function podCounts(sized: Sized, scaling: Scaling | undefined): PodCounts | undefined {
  return scaling === undefined ? unscaled(sized) : countPods(sized, scaling);
}

const unscaled = onceFor((sized: Sized) => countPods(sized, undefined));

function countPods({ workload, values }: Sized, scaling: Scaling | undefined): PodCounts | undefined {
  if (workload.source.kind !== 'kubernetes') return undefined;
  const written = values.copies.count === undefined ? undefined : Number(values.copies.count);
  const range = scaling ?? { least: written, most: written };
  const { least, most } = range;
  if (least === undefined || most === undefined) return undefined;
  const now = Math.max(least, Math.min(most, written ?? least));
  const source: Workload = workload.source.workload;
  const rollout = rolloutOf(source, now);
  return {
    least: source.runsToCompletion ? 0 : least,
    now,
    peak: rollout.peak,
    most: Math.max(least, most),
    rollout,
  };
}
