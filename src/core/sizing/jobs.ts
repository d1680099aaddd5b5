/**
 * Pods of a Job that run at once: min(parallelism, completions − succeeded), or the parallelism where no number of
 * completions is asked (kubernetes v1.36 pkg/controller/job/job_controller.go:1798).
 */
export function jobActivePods(parallelism: number, completions: number | undefined, succeeded = 0): number {
  return completions === undefined ? parallelism : Math.min(parallelism, Math.max(0, completions - succeeded));
}

export type ConcurrencyPolicy = 'Allow' | 'Forbid' | 'Replace';

export interface CronJobRuns {
  readonly policy: ConcurrencyPolicy;
  readonly periodSeconds: number;
  /** How long one run takes. */
  readonly durationSeconds: number;
  /** Pods of one run. */
  readonly pods: number;
}

export interface CronJobPeak {
  readonly concurrentJobs: number;
  readonly peakPods: number;
  /** With the pods of the run that is being replaced. */
  readonly peakPodsWithTerminating: number;
}

/**
 * Pods of a CronJob at its peak. `Allow` piles up ⌈duration ÷ period⌉ runs, `Forbid` keeps one, `Replace` keeps one while
 * that before it still stops (batch/v1 CronJobSpec.concurrencyPolicy).
 */
export function cronJobPeak({ policy, periodSeconds, durationSeconds, pods }: CronJobRuns): CronJobPeak {
  const runs = Math.max(1, Math.ceil(durationSeconds / periodSeconds));
  const concurrentJobs = policy === 'Allow' ? runs : 1;
  const peakPods = concurrentJobs * pods;
  const replaced = policy === 'Replace' && runs > 1 ? pods : 0;
  return { concurrentJobs, peakPods, peakPodsWithTerminating: peakPods + replaced };
}
