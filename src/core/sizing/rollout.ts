import { type IntOrPercent, scaledCount } from './int-or-percent.ts';

/** `strategy.rollingUpdate` of a Deployment. What is absent here counts zero; the API server fills in 25 % for both. */
export interface RollingUpdate {
  readonly maxSurge?: IntOrPercent | undefined;
  readonly maxUnavailable?: IntOrPercent | undefined;
}

/** What the API server fills in (kubernetes v1.36 pkg/apis/apps/v1/defaults.go SetDefaults_Deployment). */
export const defaultRollingUpdate: RollingUpdate = { maxSurge: '25%', maxUnavailable: '25%' };

export interface Fenceposts {
  /** Pods above the replicas. */
  readonly surge: number;
  /** Pods below the replicas. */
  readonly unavailable: number;
}

/**
 * surge = ⌈maxSurge⌉, unavailable = ⌊maxUnavailable⌋; when both come to zero, one may be unavailable. Undefined where one
 * is neither a count nor a percentage (kubernetes v1.36 pkg/controller/deployment/util/deployment_util.go:887
 * ResolveFenceposts).
 */
export function resolveFenceposts(update: RollingUpdate, replicas: number): Fenceposts | undefined {
  const surge = scaledCount(update.maxSurge ?? 0, replicas, 'up');
  const unavailable = scaledCount(update.maxUnavailable ?? 0, replicas, 'down');
  if (surge === undefined || unavailable === undefined) return undefined;
  return { surge, unavailable: surge === 0 && unavailable === 0 ? 1 : unavailable };
}

/** Whether the API server takes the pair: both zero, as written, would leave no way to roll (apps validation.go). */
export function canRoll({ maxSurge, maxUnavailable }: RollingUpdate): boolean {
  const zero = (value: IntOrPercent | undefined) => scaledCount(value ?? 0, 100, 'up') === 0;
  return !(zero(maxSurge) && zero(maxUnavailable));
}

/** `unavailable` bounded by the replicas; zero without replicas (deployment_util.go MaxUnavailable). */
export function deploymentMaxUnavailable(update: RollingUpdate, replicas: number): number | undefined {
  const fenceposts = resolveFenceposts(update, replicas);
  return fenceposts && Math.min(fenceposts.unavailable, replicas);
}

/** Pod counts while a Deployment rolls from one version to the next. */
export interface Rollout extends Fenceposts {
  /** replicas + min(surge, replicas): pods that run at once, those that are told to stop not counted. */
  readonly peakPods: number;
  /** replicas − min(unavailable, replicas): pods that answer at the least. */
  readonly minAvailable: number;
  /** replicas + min(surge + unavailable, replicas): the first step, when the pods that it stops still hold their requests. */
  readonly firstStepWithTerminating: number;
  /** 2 × replicas: every old pod still stopping while every new one runs. */
  readonly worstCaseWithTerminating: number;
}

/**
 * The pods of a rolling update, at peak and at least. The new ReplicaSet never exceeds the replicas; a pod that stops
 * holds its request until it is gone (deployment_util.go NewRSNewReplicas, MinAvailable). Undefined as in
 * {@link resolveFenceposts}.
 */
export function deploymentRollout(update: RollingUpdate, replicas: number): Rollout | undefined {
  const fenceposts = resolveFenceposts(update, replicas);
  if (fenceposts === undefined) return undefined;
  const { surge, unavailable } = fenceposts;
  return {
    surge,
    unavailable,
    peakPods: replicas + Math.min(surge, replicas),
    minAvailable: replicas - Math.min(unavailable, replicas),
    firstStepWithTerminating: replicas + Math.min(surge + unavailable, replicas),
    worstCaseWithTerminating: 2 * replicas,
  };
}

/**
 * The pods of `strategy: Recreate`: all old ones go before a new one comes. It has no surge, and nothing that bounds the
 * unavailable, which Kubernetes writes as zero (deployment_util.go MaxUnavailable).
 */
export function recreateRollout(replicas: number): Rollout {
  return {
    surge: 0,
    unavailable: 0,
    peakPods: replicas,
    minAvailable: 0,
    firstStepWithTerminating: replicas,
    worstCaseWithTerminating: replicas,
  };
}

/**
 * What the new ReplicaSet may grow to: never above the replicas, and all pods together never above replicas + surge
 * (deployment_util.go NewRSNewReplicas).
 */
export function grownReplicaSet(update: RollingUpdate, replicas: number, oldPods: number, newPods: number): number {
  const room = replicas + (scaledCount(update.maxSurge ?? 0, replicas, 'up') ?? 0) - oldPods - newPods;
  return room <= 0 ? newPods : newPods + Math.min(room, replicas - newPods);
}

/** {@link grownReplicaSet}, and cut to the replicas when it is larger (rolling.go reconcileNewReplicaSet). */
export function newReplicaSetSize(update: RollingUpdate, replicas: number, oldPods: number, newPods: number): number {
  return newPods > replicas ? replicas : grownReplicaSet(update, replicas, oldPods, newPods);
}

export interface ReplicaSetPods {
  readonly pods: number;
  readonly ready: number;
}

/**
 * How many old pods remain after one step: those that do not answer go first, then as many as leave
 * replicas − unavailable that do (kubernetes v1.36 pkg/controller/deployment/rolling.go reconcileOldReplicaSets).
 */
export function oldReplicaSetSize(
  update: RollingUpdate,
  replicas: number,
  old: ReplicaSetPods,
  next: ReplicaSetPods,
): number {
  const minAvailable = replicas - (deploymentMaxUnavailable(update, replicas) ?? 0);
  const room = old.pods + next.pods - minAvailable - (next.pods - next.ready);
  if (old.pods === 0 || room <= 0) return old.pods;
  const unready = Math.min(room, old.pods - old.ready);
  const spare = Math.max(0, old.ready + next.ready - minAvailable);
  return old.pods - unready - Math.min(spare, old.pods - unready);
}

/**
 * Pods of a StatefulSet that may be down at once while it rolls: ⌊share⌋, at least one; one when absent
 * (kubernetes v1.36 pkg/controller/statefulset/stateful_set_utils.go getStatefulSetMaxUnavailable).
 */
export function statefulSetMaxUnavailable(value: IntOrPercent | undefined, replicas: number): number | undefined {
  const count = scaledCount(value ?? 1, replicas, 'down');
  return count === undefined ? undefined : Math.max(1, count);
}

export interface DaemonSetRollout extends Fenceposts {
  readonly peakPods: number;
}

/**
 * A DaemonSet rolls over its nodes: both shares are rounded up, one unavailable and no surge when absent, and one
 * unavailable when both come to zero (kubernetes v1.36 pkg/controller/daemon/util/daemonset_util.go:134).
 */
export function daemonSetRollout(update: RollingUpdate, nodes: number): DaemonSetRollout | undefined {
  const surge = scaledCount(update.maxSurge ?? 0, nodes, 'up');
  const unavailable = scaledCount(update.maxUnavailable ?? 1, nodes, 'up');
  if (surge === undefined || unavailable === undefined) return undefined;
  const stuck = surge === 0 && unavailable === 0;
  return { surge, unavailable: stuck ? 1 : unavailable, peakPods: nodes + Math.min(surge, nodes) };
}
