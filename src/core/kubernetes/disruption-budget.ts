import type { DisruptionBudget } from '../sizing/disruption.ts';
import { onceFor } from '../text/once-for.ts';
import { fieldAt, knownMapping, knownText } from '../yaml/field.ts';
import { asScalar } from '../yaml/read.ts';
import type { KubernetesObject, Workload } from './model.ts';
import { readLabelSelector, readPodLabels, type Selector, selects } from './selector.ts';
import { sameNamespace } from './service.ts';

/** A PodDisruptionBudget whose numbers and selector are known. */
export interface Budget {
  readonly object: KubernetesObject;
  readonly budget: DisruptionBudget;
  readonly selector: Selector;
}

/** The object as a PodDisruptionBudget; undefined where it is something else, or not all of it is known. */
export const readBudget = onceFor((object: KubernetesObject): Budget | undefined => {
  if (object.kind.value !== 'PodDisruptionBudget' || object.context === 'patch') return undefined;
  const mapping = knownMapping(object.root, 'spec', 'selector');
  if (mapping === undefined) return undefined;
  for (const [key, kind] of [
    ['minAvailable', 'min-available'],
    ['maxUnavailable', 'max-unavailable'],
  ] as const) {
    const text = knownText(object.root, 'spec', key)?.value;
    if (text === undefined) continue;
    const field = fieldAt(object.root, 'spec', key);
    const isNumber = /^\d{1,9}$/.test(text) && asScalar(field === 'unknown' ? undefined : field)?.style === 'plain';
    if (!isNumber && !/^\d{1,3}%$/.test(text)) return undefined;
    return { object, budget: { kind, value: isNumber ? Number(text) : text }, selector: readLabelSelector(mapping) };
  }
  return undefined;
});

/** Whether a budget counts a workload's pods, for sure. */
export function budgets({ object, selector }: Budget, workload: Workload): boolean {
  return sameNamespace(object, workload.object) === 'yes' && selects(selector, readPodLabels(workload)) === 'yes';
}
