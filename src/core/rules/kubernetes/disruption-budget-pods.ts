import { defineRule } from '../../engine/rule.ts';
import type { KubernetesFile, KubernetesObject } from '../../kubernetes/model.ts';
import { mayMakePods } from '../../kubernetes/references.ts';
import { asksForAdded, readLabelSelector, readPodLabels, type Selector, selects } from '../../kubernetes/selector.ts';
import { type PlacedWorkload, sameNamespace, workloadsOf } from '../../kubernetes/service.ts';
import { knownMapping } from '../../yaml/field.ts';

const manifest = (app: string) => `apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: web
spec:
  maxUnavailable: 1
  selector:
    matchLabels:
      app: ${app}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
        - name: web
          image: web:1.4
`;

export default defineRule('kubernetes-file', {
  meta: {
    id: 'kubernetes/disruption-budget-pods',
    rows: ['K612'],
    summary: 'A disruption budget should select pods that exist and that no other budget has.',
    why: 'A budget that selects no pods protects nothing. Of a pod that two budgets select, no eviction is possible at all: the API server answers with an error, and draining its node never ends. Compared are files that are deployed together, where workloads are written there.',
    severity: 'warning',
    topic: 'reliability',
    messages: {
      nothing: 'The budget selects no pods of the workloads here',
      twice: 'Budget `{other}` selects the pods of {workload} as well: none of them can be evicted',
      other: 'The other budget is here',
    },
    titles: {},
    fix: 'never',
    examples: [{ file: 'web.yaml', bad: manifest('wbe'), good: manifest('web') }],
    options: {},
    sources: ['popeye 900', 'popeye 901', 'popeye 209'],
  },
  *check(file) {
    const budgets = file.objects.filter(isBudget);
    if (budgets.length === 0) return;
    const all = [...file.objects, ...(file.neighbours?.near ?? [])];
    const near = workloadsOf({ objects: all });
    const whole =
      near.length > 0 && !near.some(({ workload }) => workload.object.context === 'patch') && !mayMakePods(file);
    const far = workloadsOf({ objects: file.neighbours?.far ?? [] });
    const others = all.filter(isBudget);
    for (const { object, start } of budgets) {
      const selector = selectorOf(object);
      if (selector === undefined) continue;
      const judged = whole && selector.requirements.length > 0 && !asksForAdded(selector, file);
      if (judged && !near.concat(far).some((one) => may(object, selector, one))) {
        yield { message: 'nothing', span: selector.span, offset: start };
        continue;
      }
      const twice = sharing(others, object, selector, near);
      if (twice === undefined) continue;
      const { other, workload } = twice;
      yield {
        message: 'twice',
        data: { other: other.object.name?.value ?? '', workload },
        span: selector.span,
        offset: start,
        related: [{ message: 'other', span: other.object.name?.span ?? other.object.kind.span, neighbour: other }],
      };
    }
  },
});

function isBudget({ object }: KubernetesFile['objects'][number]): boolean {
  return object.kind.value === 'PodDisruptionBudget' && object.context !== 'patch';
}

function selectorOf({ root }: KubernetesObject): Selector | undefined {
  const mapping = knownMapping(root, 'spec', 'selector');
  const selector = mapping && readLabelSelector(mapping);
  if (selector === undefined || selector.partial) return undefined;
  return selector.requirements.some(({ values, operator }) => values === undefined && operator.endsWith('In'))
    ? undefined
    : selector;
}

function may(budget: KubernetesObject, selector: Selector, { workload }: PlacedWorkload): boolean {
  return sameNamespace(budget, workload.object) !== 'no' && selects(selector, readPodLabels(workload)) !== 'no';
}

/** Another budget, and a workload whose pods both of them surely select. */
function sharing(
  budgets: KubernetesFile['objects'],
  own: KubernetesObject,
  selector: Selector,
  workloads: readonly PlacedWorkload[],
) {
  const sure = (budget: KubernetesObject, by: Selector, { workload }: PlacedWorkload) =>
    sameNamespace(budget, workload.object) === 'yes' && selects(by, readPodLabels(workload)) === 'yes';
  const mine = workloads.filter((one) => one.workload.object.context !== 'patch' && sure(own, selector, one));
  for (const other of mine.length === 0 ? [] : budgets) {
    // One of the same name is another version of it, as in an overlay.
    if (other.object === own || other.object.name?.value === own.name?.value) continue;
    const theirs = selectorOf(other.object);
    const shared = theirs && mine.find((one) => sure(other.object, theirs, one));
    if (shared !== undefined) {
      const { object } = shared.workload;
      return { other, workload: object.name?.value ?? object.kind.value };
    }
  }
  return undefined;
}
