import type { IntOrPercent } from '../sizing/int-or-percent.ts';
import { daemonSetRollout, deploymentRollout, statefulSetMaxUnavailable } from '../sizing/rollout.ts';
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
  readonly minAvailable: number;
  /** As they count: `25%`, or a number; absent where the kind has none. */
  readonly maxSurge?: IntOrPercent;
  readonly maxUnavailable?: IntOrPercent;
}

/**
 * How a workload of so many pods rolls, as its controller rounds; what the API server fills in is filled in. `replicas` of a
 * DaemonSet are its nodes.
 */
export function rolloutOf(workload: Workload, replicas: number): PodRollout {
  const { object } = workload;
  const kind = object.kind.value;
  const rest = { replicas, surge: 0, unavailable: 0, peak: replicas, peakWithTerminating: replicas };
  const still = (how: PodRollout['kind']): PodRollout => ({ kind: how, ...rest, minAvailable: replicas });
  const field = Object.hasOwn(fields, kind) ? fields[kind] : undefined;
  if (field === undefined || kind === 'DeploymentConfig') {
    const own = /^(?:Pod|Job|CronJob|ReplicaSet|ReplicationController)$/.test(kind);
    return still(own || workload.runsToCompletion ? 'none' : 'elsewhere');
  }
  if (mayHide(object.root, 'spec', field) || mayHide(object.root, 'spec', field, 'rollingUpdate')) {
    return still('elsewhere');
  }
  const strategy = strategyOf(object);
  const type = strategy?.type?.value ?? 'RollingUpdate';
  if (type === 'Recreate') return { ...still('recreate'), unavailable: replicas, minAvailable: 0 };
  if (type === 'OnDelete') return still('by-hand');
  if (type !== 'RollingUpdate') return still('elsewhere');
  const written = (key: 'maxSurge' | 'maxUnavailable', unset: IntOrPercent): IntOrPercent | undefined => {
    const amount = strategy && rolloutAmount(strategy, key);
    if (amount === undefined) {
      return strategy !== undefined && fieldAt(strategy.node, 'rollingUpdate', key) !== undefined ? undefined : unset;
    }
    if (amount.amount === undefined) return undefined;
    return amount.percent ? `${amount.amount}%` : amount.amount;
  };
  const isDeployment = kind === 'Deployment';
  const maxSurge = kind === 'StatefulSet' ? 0 : written('maxSurge', isDeployment ? '25%' : 0);
  const maxUnavailable = written('maxUnavailable', isDeployment ? '25%' : 1);
  if (maxSurge === undefined || maxUnavailable === undefined) return still('elsewhere');
  if (kind === 'StatefulSet') {
    const unavailable = Math.min(replicas, statefulSetMaxUnavailable(maxUnavailable, replicas) ?? 1);
    return { ...still('in-place'), unavailable, minAvailable: replicas - unavailable, maxUnavailable };
  }
  const update = { maxSurge, maxUnavailable };
  if (!isDeployment) {
    const { surge, unavailable, peakPods } = daemonSetRollout(update, replicas) ?? { ...rest, peakPods: replicas };
    const down = Math.min(unavailable, replicas);
    return {
      ...still(surge > 0 ? 'rolling' : 'in-place'),
      ...update,
      surge: Math.min(surge, replicas),
      unavailable: down,
      peak: peakPods,
      // Without surge a node gets its new pod once the old one is gone.
      peakWithTerminating: peakPods,
      minAvailable: replicas - down,
    };
  }
  const rolling = deploymentRollout(update, replicas);
  if (rolling === undefined) return still('elsewhere');
  return {
    kind: 'rolling',
    replicas,
    ...update,
    surge: Math.min(rolling.surge, replicas),
    unavailable: Math.min(rolling.unavailable, replicas),
    peak: rolling.peakPods,
    peakWithTerminating: rolling.firstStepWithTerminating,
    minAvailable: rolling.minAvailable,
  };
}
