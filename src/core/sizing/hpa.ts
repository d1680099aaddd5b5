/** How far the ratio may be from 1 without a change, both ends included: 0.1 is 10 %. */
export interface HpaTolerance {
  readonly scaleDown: number;
  readonly scaleUp: number;
}

/** Unless the controller or `behavior.*.tolerance` says otherwise. */
export const defaultHpaTolerance: HpaTolerance = { scaleDown: 0.1, scaleUp: 0.1 };

/** What the API server fills in: one replica at least, and 80 % of the CPU request where no metric is written. */
const hpaDefaults = { minReplicas: 1, cpuUtilizationPercent: 80 } as const;

/** A pod as the autoscaler sees it. */
export interface HpaPod {
  /** `unready`: starting or pending, so its metric does not count. `ignored`: failed, or being deleted. */
  readonly state: 'counted' | 'unready' | 'ignored';
  /** Thousandths of the metric's unit; undefined while there is none. */
  readonly metricMilli: bigint | undefined;
  /** The sum over its containers, of a resource metric. */
  readonly requestMilli: bigint;
}

export interface HpaResult {
  readonly replicas: number;
  /** Of the metric over the pods there are: per pod, or the whole value of an `Object` or `External` metric. */
  readonly averageMilli: bigint;
  /** ⌊100 × usage ÷ requests⌋, of a resource metric. */
  readonly utilizationPercent?: number;
}

const largestReplicas = 2_147_483_647;

/**
 * ⌈ratio × ready⌉, or the current replicas while the ratio is within the tolerance. In 64-bit floats, as the controller
 * computes it, and never above 2³¹ − 1 (kubernetes v1.36 pkg/controller/podautoscaler/replica_calculator.go).
 */
export function replicasForRatio(
  current: number,
  ready: number,
  ratio: number,
  tolerance: HpaTolerance = defaultHpaTolerance,
): number {
  return isWithin(ratio, tolerance) ? current : replicasOf(ratio * ready);
}

/**
 * Replicas for a `Resource` metric with a target utilization in percent. Pods without metrics are taken at
 * max(100 %, target) of their request when that would scale down, and at zero when it would scale up, as are those that
 * are not ready; nothing changes where this turns the direction round (replica_calculator.go GetResourceReplicas).
 * Undefined where no pod has a metric, or the pods request nothing.
 */
export function resourceReplicas(
  current: number,
  pods: readonly HpaPod[],
  targetPercent: number = hpaDefaults.cpuUtilizationPercent,
  tolerance: HpaTolerance = defaultHpaTolerance,
): HpaResult | undefined {
  const percentOf = (samples: readonly Sample[]): number => {
    const requests = total(samples.map(({ requestMilli }) => requestMilli));
    return requests === 0n
      ? Number.NaN
      : Number((100n * total(samples.map(({ valueMilli }) => valueMilli))) / requests);
  };
  const fallback = BigInt(Math.max(100, targetPercent));
  return averaged(current, pods, tolerance, {
    ratio: (samples) => percentOf(samples) / targetPercent,
    missing: ({ requestMilli }) => (requestMilli * fallback) / 100n,
    also: (samples) => ({ utilizationPercent: percentOf(samples) }),
  });
}

/**
 * Replicas for a `Pods` metric with a target average per pod, in thousandths. Averages are cut off; pods without metrics
 * are taken at the target when that would scale down (replica_calculator.go GetMetricReplicas).
 */
export function podsReplicas(
  current: number,
  pods: readonly HpaPod[],
  targetMilli: bigint,
  tolerance: HpaTolerance = defaultHpaTolerance,
): HpaResult | undefined {
  return averaged(current, pods, tolerance, {
    ratio: (samples) => Number(mean(samples)) / Number(targetMilli),
    missing: () => targetMilli,
    also: () => ({}),
  });
}

/**
 * Replicas for an `Object` or `External` metric with a target `Value`: ⌈usage ÷ target × ready pods⌉, and ⌈usage ÷ target⌉
 * from zero (replica_calculator.go getUsageRatioReplicaCount).
 */
export function valueReplicas(
  current: number,
  readyPods: number,
  usageMilli: bigint,
  targetMilli: bigint,
  tolerance: HpaTolerance = defaultHpaTolerance,
): HpaResult {
  const ratio = Number(usageMilli) / Number(targetMilli);
  const replicas = current === 0 ? replicasOf(ratio) : replicasForRatio(current, readyPods, ratio, tolerance);
  return { replicas, averageMilli: usageMilli };
}

/**
 * Replicas for an `Object` or `External` metric with a target `AverageValue`: ⌈usage ÷ target⌉, unless
 * usage ÷ (target × replicas) is within the tolerance (replica_calculator.go GetExternalPerPodMetricReplicas).
 */
export function averageValueReplicas(
  current: number,
  usageMilli: bigint,
  targetMilli: bigint,
  tolerance: HpaTolerance = defaultHpaTolerance,
): HpaResult {
  const whole = Number(usageMilli) / Number(targetMilli);
  const replicas = isWithin(whole / current, tolerance) ? current : replicasOf(whole);
  const pods = BigInt(current);
  return { replicas, averageMilli: pods === 0n ? 0n : (usageMilli + pods - 1n) / pods };
}

export interface HpaRange {
  readonly minReplicas: number;
  readonly maxReplicas: number;
}

/**
 * The replicas that an HPA may ask for; one at least unless `minReplicas` says otherwise. Undefined where the API server
 * refuses the pair (kubernetes v1.36 pkg/apis/autoscaling/v2/defaults.go, validation.go).
 */
export function hpaRange(maxReplicas: number, minReplicas: number = hpaDefaults.minReplicas): HpaRange | undefined {
  return maxReplicas < 1 || minReplicas < 0 || maxReplicas < minReplicas ? undefined : { minReplicas, maxReplicas };
}

/** min ≤ desired ≤ max (kubernetes v1.36 pkg/controller/podautoscaler/horizontal.go). */
export function clampReplicas(desired: number, { minReplicas, maxReplicas }: HpaRange): number {
  return Math.min(maxReplicas, Math.max(minReplicas, desired));
}

/**
 * The most replicas 15 seconds from now with the default behaviour: the larger of twice as many and four more
 * (pkg/apis/autoscaling/v2/defaults.go). Going down it may drop all that the last 300 seconds did not want.
 */
export function scaleUpCeiling(current: number): number {
  return Math.max(2 * current, current + 4);
}

interface Sample {
  readonly valueMilli: bigint;
  readonly requestMilli: bigint;
}

interface Averaging {
  readonly ratio: (samples: readonly Sample[]) => number;
  /** What a pod without a metric is taken to use where less is used than wanted. */
  readonly missing: (pod: HpaPod) => bigint;
  readonly also: (samples: readonly Sample[]) => Partial<HpaResult>;
}

function averaged(
  current: number,
  pods: readonly HpaPod[],
  tolerance: HpaTolerance,
  { ratio, missing, also }: Averaging,
): HpaResult | undefined {
  const counted: Sample[] = [];
  const unready: Sample[] = [];
  const without: HpaPod[] = [];
  for (const pod of pods) {
    const { state, metricMilli, requestMilli } = pod;
    if (state === 'ignored') continue;
    if (state === 'unready') unready.push({ valueMilli: 0n, requestMilli });
    else if (metricMilli === undefined) without.push(pod);
    else counted.push({ valueMilli: metricMilli, requestMilli });
  }
  const first = counted.length === 0 ? Number.NaN : ratio(counted);
  if (Number.isNaN(first)) return undefined;
  const result = (replicas: number): HpaResult => ({ replicas, averageMilli: mean(counted), ...also(counted) });

  const starting = first > 1 ? unready : [];
  if (starting.length === 0 && without.length === 0) {
    return result(replicasForRatio(current, counted.length, first, tolerance));
  }
  const assumed = first === 1 ? [] : without.map((pod) => ({ ...pod, valueMilli: first < 1 ? missing(pod) : 0n }));
  const all = [...counted, ...assumed, ...starting];
  const second = ratio(all);
  if (isWithin(second, tolerance) || (first < 1 && second > 1) || (first > 1 && second < 1)) return result(current);
  const replicas = replicasOf(second * all.length);
  return result(second < 1 ? Math.min(replicas, current) : Math.max(replicas, current));
}

function isWithin(ratio: number, { scaleDown, scaleUp }: HpaTolerance): boolean {
  return 1 - scaleDown <= ratio && ratio <= 1 + scaleUp;
}

function replicasOf(count: number): number {
  return Math.min(largestReplicas, Math.ceil(count));
}

function total(values: readonly bigint[]): bigint {
  return values.reduce((sum, value) => sum + value, 0n);
}

function mean(samples: readonly Sample[]): bigint {
  return total(samples.map(({ valueMilli }) => valueMilli)) / BigInt(samples.length);
}
