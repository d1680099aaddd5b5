import type { KubernetesFile, KubernetesObject } from '../../../kubernetes/model.ts';
import { labelsOfPods, readLabelSelector, selects } from '../../../kubernetes/selector.ts';
import { sameNamespace } from '../../../kubernetes/service.ts';
import { hasScale } from '../../../kubernetes/workload.ts';
import type { Located } from '../../../text/span.ts';
import { fieldAt, knownInteger, knownMapping } from '../../../yaml/field.ts';
import { patchFix } from '../../patch-fix.ts';
import { isRescaled, scalerOf } from './replicas.ts';

/** A workload of which a budget keeps every replica. */
export interface KeptWorkload {
  readonly workload: string;
  readonly replicas: number;
  /** Pods that the budget keeps: percentages are rounded up, as the controller does. */
  readonly pods: number;
  /** Who says how many replicas there are: the workload, or the autoscaler by its minimum, written or not. */
  readonly by: 'workload' | 'minimum' | 'default minimum';
}

/** The workload of which the budget keeps every replica. */
export function keptWorkload(
  file: KubernetesFile,
  budget: KubernetesObject,
  least: Located<string>,
): KeptWorkload | undefined {
  const [, digits, percent] = /^(\d{1,9})(%?)$/.exec(least.value) ?? [];
  const podsOf = (replicas: number) =>
    percent === '%' ? Math.ceil((Number(digits) * replicas) / 100) : Number(digits);
  const mapping = knownMapping(budget.root, 'spec', 'selector');
  if (digits === undefined || Number(digits) === 0 || mapping === undefined) return undefined;
  const selector = readLabelSelector(mapping);
  const near: KubernetesFile = { objects: [...file.objects, ...(file.neighbours?.near ?? [])] };
  const selected = near.objects.filter(({ object }) => {
    const labels = object.context === 'patch' ? undefined : labelsOfPods(object);
    return labels !== undefined && sameNamespace(budget, object) === 'yes' && selects(selector, labels) === 'yes';
  });
  const [only] = selected;
  if (only === undefined || selected.length > 1) return undefined;
  const { object } = only;
  const written = fieldAt(object.root, 'spec', 'replicas');
  if (!hasScale(object) || written === 'unknown') return undefined;
  const workload = object.name?.value ?? object.kind.value;
  const scaler = scalerOf(file, object)?.object;
  if (scaler !== undefined) {
    const keda = scaler.kind.value === 'ScaledObject';
    const key = keda ? 'minReplicaCount' : 'minReplicas';
    const field = fieldAt(scaler.root, 'spec', key);
    const least = field === undefined ? 1 : knownInteger(scaler.root, 'spec', key)?.value;
    if (least === undefined) return undefined;
    // KEDA goes down to none where nothing is to do, and starts with one.
    const fewest = keda ? Math.max(1, least) : least;
    if (podsOf(fewest) < fewest) return undefined;
    const by = field === undefined ? 'default minimum' : 'minimum';
    return { by, replicas: fewest, pods: podsOf(fewest), workload };
  }
  if (isRescaled(file, object)) return undefined;
  const replicas = knownInteger(object.root, 'spec', 'replicas')?.value ?? 1;
  const pods = podsOf(replicas);
  return pods >= replicas && replicas > 0 ? { by: 'workload', replicas, pods, workload } : undefined;
}

/** Lets one pod at a time be evicted, whatever the budget said. */
export function oneAtATime(object: KubernetesObject) {
  const path = [...object.path, 'spec'];
  const has = fieldAt(object.root, 'spec', 'minAvailable') !== undefined;
  return patchFix(object.document, {
    title: 'one',
    safety: 'suggested',
    patches: [
      { kind: 'set', path: [...path, has ? 'minAvailable' : 'maxUnavailable'], value: 1 },
      ...(has ? ([{ kind: 'rename', path: [...path, 'minAvailable'], key: 'maxUnavailable' }] as const) : []),
    ],
  });
}
