import type { IntOrPercent } from '../sizing/int-or-percent.ts';
import { daemonSetRollout, deploymentRollout, statefulSetMaxUnavailable } from '../sizing/rollout.ts';
import { onceFor } from '../text/once-for.ts';
import type { Located } from '../text/span.ts';
import { fieldAt, knownMapping, knownText, mayHide } from '../yaml/field.ts';
import type { YamlMapping, YamlPath } from '../yaml/node.ts';
import { asScalar } from '../yaml/read.ts';
import type { KubernetesObject, Workload } from './model.ts';

/** How a new version of an object's pods replaces the old one. */
export interface RolloutStrategy {
  readonly node: YamlMapping;
  /** From the document's root. */
  readonly path: YamlPath;
  /** Undefined where none is written, which is RollingUpdate, or a template decides. */
  readonly type: Located<string> | undefined;
}

const fields: Readonly<Record<string, string>> = {
  Deployment: 'strategy',
  DeploymentConfig: 'strategy',
  DaemonSet: 'updateStrategy',
  StatefulSet: 'updateStrategy',
};

/** The strategy that an object writes; undefined where it writes none, or is of a kind that has none. */
export function strategyOf({ root, path, kind }: KubernetesObject): RolloutStrategy | undefined {
  const field = Object.hasOwn(fields, kind.value) ? fields[kind.value] : undefined;
  if (field === undefined) return undefined;
  const node = knownMapping(root, 'spec', field);
  return node && { node, path: [...path, 'spec', field], type: knownText(node, 'type') };
}

/** How many pods may be there more, or fewer, at a time. */
export interface RolloutAmount extends Located<string> {
  /** Pods, or hundredths of them; undefined where the text is neither: a number in quotes is none. */
  readonly amount: number | undefined;
  readonly percent: boolean;
}

/** An amount as it is written; undefined where it is not, or something else fills it in. */
export function rolloutAmount(
  { node }: RolloutStrategy,
  key: 'maxUnavailable' | 'maxSurge',
): RolloutAmount | undefined {
  const field = fieldAt(node, 'rollingUpdate', key);
  const text = knownText(node, 'rollingUpdate', key);
  if (text === undefined || field === undefined || field === 'unknown' || /[${}<>]/.test(text.value)) return undefined;
  const percent = /^(\d+)%$/.exec(text.value)?.[1];
  const number = asScalar(field)?.style === 'plain' ? /^\d+$/.exec(text.value)?.[0] : undefined;
  const written = percent ?? number;
  return { ...text, amount: written === undefined ? undefined : Number(written), percent: percent !== undefined };
}

/** The pods of a workload while a new version replaces the old one. */
export interface PodRollout {
  /**
   * `rolling`: pod by pod, surge allowed. `in-place`: an old pod goes before its successor comes. `recreate`: all go first.
   * `by-hand`: nothing changes until somebody deletes pods. `none`: it does not roll. `elsewhere`: a controller that is not
   * Kubernetes' own, or a template, decides.
   */
  readonly kind: 'rolling' | 'in-place' | 'recreate' | 'by-hand' | 'none' | 'elsewhere';
  readonly replicas: number;
  /** Pods above the replicas. */
  readonly surge: number;
  /** Pods below the replicas. */
  readonly unavailable: number;
  /** Pods that run at once, those that are told to stop not counted. */
  readonly peak: number;
  /** With those that still stop in the first step. */
  readonly peakWithTerminating: number;
  /** While no old pod is gone before the last new one is there. */
  readonly worstWithTerminating: number;
  readonly minAvailable: number;
  /** As they count: `25%`, or a number; absent where the kind has none. */
  readonly maxSurge?: IntOrPercent;
  readonly maxUnavailable?: IntOrPercent;
}

type RolloutWay =
  | { readonly kind: Exclude<PodRollout['kind'], 'rolling' | 'in-place'> }
  | {
      readonly kind: 'deployment' | 'stateful-set' | 'daemon-set';
      readonly maxSurge: IntOrPercent;
      readonly maxUnavailable: IntOrPercent;
    };

const controllers = { Deployment: 'deployment', StatefulSet: 'stateful-set', DaemonSet: 'daemon-set' } as const;

/** How a workload rolls, whatever the number of its pods; what the API server fills in is filled in. */
const rolloutWay = onceFor(({ object, runsToCompletion }: Workload): RolloutWay => {
  const kind = object.kind.value;
  const controller = Object.entries(controllers).find(([name]) => name === kind)?.[1];
  if (controller === undefined) {
    const own = runsToCompletion || /^(?:Pod|ReplicaSet|ReplicationController)$/.test(kind);
    return { kind: own ? 'none' : 'elsewhere' };
  }
  const field = fields[kind] ?? '';
  if (mayHide(object.root, 'spec', field) || mayHide(object.root, 'spec', field, 'rollingUpdate')) {
    return { kind: 'elsewhere' };
  }
  const strategy = strategyOf(object);
  const type = strategy?.type?.value ?? 'RollingUpdate';
  if (type === 'Recreate') return { kind: 'recreate' };
  if (type === 'OnDelete') return { kind: 'by-hand' };
  const unset = { deployment: ['25%', '25%'], 'stateful-set': [0, 1], 'daemon-set': [0, 1] } as const;
  const [surge, unavailable] = unset[controller];
  const maxSurge = controller === 'stateful-set' ? 0 : amountOr(strategy, 'maxSurge', surge);
  const maxUnavailable = amountOr(strategy, 'maxUnavailable', unavailable);
  if (type !== 'RollingUpdate' || maxSurge === undefined || maxUnavailable === undefined) return { kind: 'elsewhere' };
  return { kind: controller, maxSurge, maxUnavailable };
});

/** Undefined where what is written is no amount. */
function amountOr(
  strategy: RolloutStrategy | undefined,
  key: 'maxSurge' | 'maxUnavailable',
  unset: IntOrPercent,
): IntOrPercent | undefined {
  if (strategy === undefined || fieldAt(strategy.node, 'rollingUpdate', key) === undefined) return unset;
  const { amount, percent } = rolloutAmount(strategy, key) ?? { amount: undefined, percent: false };
  return amount !== undefined && percent ? `${amount}%` : amount;
}

/** How a workload of so many pods rolls, as its controller rounds. `replicas` of a DaemonSet are its nodes. */
export function rolloutOf(workload: Workload, replicas: number): PodRollout {
  const way = rolloutWay(workload);
  const counts = { replicas, peak: replicas, peakWithTerminating: replicas, worstWithTerminating: replicas };
  const rest = { ...counts, surge: 0, unavailable: 0 };
  const still = { ...rest, minAvailable: replicas };
  switch (way.kind) {
    case 'recreate':
      return { ...still, kind: 'recreate', unavailable: replicas, minAvailable: 0 };
    case 'deployment': {
      const { maxSurge, maxUnavailable } = way;
      const rolling = deploymentRollout({ maxSurge, maxUnavailable }, replicas);
      if (rolling === undefined) return { ...still, kind: 'elsewhere' };
      return {
        kind: 'rolling',
        replicas,
        maxSurge,
        maxUnavailable,
        surge: Math.min(rolling.surge, replicas),
        unavailable: Math.min(rolling.unavailable, replicas),
        peak: rolling.peakPods,
        peakWithTerminating: rolling.firstStepWithTerminating,
        worstWithTerminating: rolling.worstCaseWithTerminating,
        minAvailable: rolling.minAvailable,
      };
    }
    case 'stateful-set': {
      const { maxUnavailable } = way;
      const unavailable = Math.min(replicas, statefulSetMaxUnavailable(maxUnavailable, replicas) ?? 1);
      return { ...still, kind: 'in-place', unavailable, minAvailable: replicas - unavailable, maxUnavailable };
    }
    case 'daemon-set': {
      const { maxSurge, maxUnavailable } = way;
      const rolling = daemonSetRollout({ maxSurge, maxUnavailable }, replicas);
      if (rolling === undefined) return { ...still, kind: 'elsewhere' };
      const unavailable = Math.min(rolling.unavailable, replicas);
      return {
        kind: rolling.surge > 0 ? 'rolling' : 'in-place',
        replicas,
        maxSurge,
        maxUnavailable,
        surge: Math.min(rolling.surge, replicas),
        unavailable,
        peak: rolling.peakPods,
        // Without surge a node gets its new pod once the old one is gone.
        peakWithTerminating: rolling.peakPods,
        worstWithTerminating: rolling.peakPods,
        minAvailable: replicas - unavailable,
      };
    }
    default:
      return { ...still, kind: way.kind };
  }
}
