import { formatKubernetesQuantity } from '../quantity/kubernetes.ts';
import { type LimitRangeViolation, limitRangeViolations, requestProblems } from '../sizing/limit-range.ts';
import { containerAt } from '../sizing/resources.ts';
import { resourceName } from './explain.ts';
import type { PodValues } from './pod-values.ts';

/** What LimitRanges refuse in a pod whose defaults are filled in, by the ids of the fields at fault. */
export function limitRangeProblems({
  defaulted: { pod, filled },
  limitRanges: items,
  containers,
  doubts,
}: PodValues): ReadonlyMap<string, string> {
  const problems = new Map<string, string>();
  if (items.length === 0 || doubts.length > 0) return problems;
  for (const { fields, ref } of containers) {
    const container = containerAt(pod, ref)?.container;
    for (const { resource, limit } of container === undefined ? [] : requestProblems(container)) {
      const given = filled.some(
        (value) =>
          value.part === 'limits' &&
          value.resource === resource &&
          value.container?.list === ref.list &&
          value.container.index === ref.index,
      );
      if (!given || (resource !== 'cpu' && resource !== 'memory')) continue;
      const bound = formatKubernetesQuantity(limit);
      problems.set(fields[resource].request.id, `More than the limit of ${bound} that a LimitRange gives.`);
    }
  }
  for (const violation of items.flatMap((item) => limitRangeViolations(pod, item))) {
    const { container, resource, fault } = violation;
    const placed = containers.find(({ ref }) => ref.list === container?.list && ref.index === container.index);
    if (placed === undefined || (resource !== 'cpu' && resource !== 'memory')) continue;
    const part = fault === 'request' || fault === 'no-request' ? 'request' : 'limit';
    problems.set(placed.fields[resource][part].id, problemText(violation, resource));
  }
  return problems;
}

function problemText({ constraint, fault, enforced }: LimitRangeViolation, resource: 'cpu' | 'memory'): string {
  const bound = formatKubernetesQuantity(enforced);
  if (fault === 'no-limit' || fault === 'no-request') {
    return `A LimitRange asks for a ${fault === 'no-limit' ? 'limit' : 'request'} of ${resourceName(resource)}.`;
  }
  if (constraint === 'maxLimitRequestRatio')
    return `A LimitRange admits a limit of ${bound} times the request at most.`;
  return `A LimitRange admits ${constraint === 'max' ? 'at most' : 'at least'} ${bound} of ${resourceName(resource)}.`;
}
