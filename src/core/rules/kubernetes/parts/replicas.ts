import type {
  KubernetesFile,
  KubernetesObject,
  NeighbourObject,
  PlacedObject,
  Workload,
} from '../../../kubernetes/model.ts';
import { sameNamespace } from '../../../kubernetes/service.ts';
import { onceFor } from '../../../text/once-for.ts';
import { fieldAt, knownInteger, knownText } from '../../../yaml/field.ts';

/** The autoscaler of an object, among those that are deployed with the file: a HorizontalPodAutoscaler, or KEDA's. */
export function scalerOf(file: KubernetesFile, object: KubernetesObject): PlacedObject | NeighbourObject | undefined {
  return scalersOf(file).find(({ object: { root }, object: scaler }) => {
    const target = knownText(root, 'spec', 'scaleTargetRef', 'name');
    // A template decides it: it may be this one.
    if (target === undefined) return fieldAt(root, 'spec', 'scaleTargetRef', 'name') === 'unknown';
    const of = knownText(root, 'spec', 'scaleTargetRef', 'kind')?.value ?? 'Deployment';
    return target.value === object.name?.value && of === object.kind.value && sameNamespace(scaler, object) !== 'no';
  });
}

const scalersOf = onceFor((file: KubernetesFile) =>
  [...file.objects, ...(file.neighbours?.near ?? [])].filter(
    ({ object: { kind } }) => kind.value === 'HorizontalPodAutoscaler' || kind.value === 'ScaledObject',
  ),
);

/** Whether a kustomization sets the replicas of an object, whatever it says itself. */
export function isRescaled({ neighbours }: KubernetesFile, { name }: KubernetesObject): boolean {
  return name !== undefined && neighbours?.rescaled.has(name.value) === true;
}

/**
 * How many pods a workload has at least: its own number, or the autoscaler's; undefined where that is not known.
 * `unset` where nothing here says it: one pod, or as many as an autoscaler elsewhere makes of it.
 */
export function fewestReplicas(
  file: KubernetesFile,
  { object, replicas, scales }: Workload,
): number | 'unset' | undefined {
  if (!scales) return undefined;
  const scaler = scalerOf(file, object)?.object;
  if (scaler !== undefined) {
    const key = scaler.kind.value === 'ScaledObject' ? 'minReplicaCount' : 'minReplicas';
    const written = knownInteger(scaler.root, 'spec', key)?.value;
    const unset = key === 'minReplicas' ? 1 : 0;
    return written ?? (fieldAt(scaler.root, 'spec', key) === undefined ? unset : undefined);
  }
  if (isRescaled(file, object)) return undefined;
  if (replicas !== undefined) return replicas.value;
  return fieldAt(object.root, 'spec', 'replicas') === undefined ? 'unset' : undefined;
}
