import type { KubernetesFile, KubernetesObject } from '../../../kubernetes/model.ts';
import { readLabelSelector, readPodLabels, selects } from '../../../kubernetes/selector.ts';
import { sameNamespace, workloadsOf } from '../../../kubernetes/service.ts';
import type { Located } from '../../../text/span.ts';
import { fieldAt, knownInteger, knownMapping, knownText } from '../../../yaml/field.ts';
import { patchFix } from '../../patch-fix.ts';

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
  const selected = workloadsOf(near).filter(
    ({ workload }) =>
      workload.object.context !== 'patch' &&
      sameNamespace(budget, workload.object) === 'yes' &&
      selects(selector, readPodLabels(workload)) === 'yes',
  );
  const [only] = selected;
  if (only === undefined || selected.length > 1) return undefined;
  const { object, scales } = only.workload;
  if (!scales || fieldAt(object.root, 'spec', 'replicas') === 'unknown') return undefined;
  const name = object.name?.value ?? object.kind.value;
  const scaler = near.objects.find(({ object: other }) => scalesIt(other, object));
  if (scaler !== undefined) {
    const field = fieldAt(scaler.object.root, 'spec', 'minReplicas');
    const fewest = field === undefined ? 1 : knownInteger(scaler.object.root, 'spec', 'minReplicas')?.value;
    if (fewest === undefined || podsOf(fewest) < fewest) return undefined;
    return {
      by: field === undefined ? 'default minimum' : 'minimum',
      replicas: fewest,
      pods: podsOf(fewest),
      workload: name,
    };
  }
  const replicas = only.workload.replicas?.value ?? 1;
  const pods = podsOf(replicas);
  return pods >= replicas && replicas > 0 ? { by: 'workload', replicas, pods, workload: name } : undefined;
}

function scalesIt({ kind, root }: KubernetesObject, object: KubernetesObject): boolean {
  if (kind.value !== 'HorizontalPodAutoscaler' && kind.value !== 'ScaledObject') return false;
  return knownText(root, 'spec', 'scaleTargetRef', 'name')?.value === object.name?.value;
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
