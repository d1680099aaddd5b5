import { defineRule } from '../../engine/rule.ts';
import type { KubernetesFile, KubernetesObject } from '../../kubernetes/model.ts';
import { readLabelSelector, readPodLabels, selects } from '../../kubernetes/selector.ts';
import { sameNamespace, workloadsOf } from '../../kubernetes/service.ts';
import type { Located } from '../../text/span.ts';
import { fieldAt, knownInteger, knownMapping, knownText } from '../../yaml/field.ts';
import { patchFix } from '../patch-fix.ts';

const manifest = (field: string) => `apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: web
spec:
  ${field}
  unhealthyPodEvictionPolicy: AlwaysAllow
  selector:
    matchLabels:
      app: web
`;

export default defineRule('kubernetes-file', {
  meta: {
    id: 'kubernetes/disruption-budget',
    rows: ['K611'],
    summary: 'A disruption budget should let at least one pod be evicted.',
    why: 'A PodDisruptionBudget that allows no disruption makes every drain of a node wait for ever: upgrades of the cluster stop at that node until somebody deletes the pod by hand.',
    severity: 'warning',
    topic: 'reliability',
    messages: {
      none: 'No pod may ever be evicted: draining a node waits for ever',
      replicas: '`minAvailable` keeps all {replicas} replicas of {workload}: draining a node waits for ever',
      minimum: '`minAvailable` keeps all of the {replicas} replicas to which {workload} may be scaled down',
    },
    titles: { one: 'Allow one at a time: `maxUnavailable: 1`' },
    fix: 'sometimes',
    examples: [{ file: 'budget.yaml', bad: manifest('maxUnavailable: 0'), good: manifest('maxUnavailable: 1') }],
    options: {},
    sources: [
      'kube-linter pdb-max-unavailable',
      'kube-linter pdb-min-available',
      'polaris pdbDisruptionsIsZero',
      'polaris pdbMinAvailableGreaterThanHPAMinReplicas',
      'kyverno require-reasonable-pdbs',
      'kyverno pdb-minavailable',
      'kyverno pdb-maxunavailable',
      'kyverno deployment-replicas-higher-than-pdb',
    ],
  },
  *check(file) {
    for (const { object, start } of file.objects) {
      if (object.kind.value !== 'PodDisruptionBudget' || object.context === 'patch') continue;
      const most = knownText(object.root, 'spec', 'maxUnavailable');
      const least = knownText(object.root, 'spec', 'minAvailable');
      if (most !== undefined && /^0+%?$/.test(most.value)) {
        yield { message: 'none', span: most.span, offset: start, fixes: oneAtATime(object) };
        continue;
      }
      if (least === undefined) continue;
      if (/^\d+%$/.test(least.value) && Number.parseInt(least.value, 10) >= 100) {
        yield { message: 'none', span: least.span, offset: start, fixes: oneAtATime(object) };
        continue;
      }
      const kept = keptOf(file, object, least);
      if (kept === undefined) continue;
      const { message, replicas, workload } = kept;
      const data = { replicas, workload };
      yield { message, data, span: least.span, offset: start, fixes: oneAtATime(object) };
    }
  },
});

/** The workload of which the budget keeps every replica. */
function keptOf(file: KubernetesFile, budget: KubernetesObject, least: Located<string>) {
  const number = /^\d+$/.test(least.value) ? Number(least.value) : undefined;
  const mapping = knownMapping(budget.root, 'spec', 'selector');
  if (number === undefined || number === 0 || mapping === undefined) return undefined;
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
    if (fewest === undefined || number < fewest) return undefined;
    return { message: 'minimum' as const, replicas: fewest, workload: name };
  }
  const replicas = only.workload.replicas?.value ?? 1;
  return number >= replicas && replicas > 0 ? { message: 'replicas' as const, replicas, workload: name } : undefined;
}

function scalesIt({ kind, root }: KubernetesObject, object: KubernetesObject): boolean {
  if (kind.value !== 'HorizontalPodAutoscaler' && kind.value !== 'ScaledObject') return false;
  return knownText(root, 'spec', 'scaleTargetRef', 'name')?.value === object.name?.value;
}

function oneAtATime(object: KubernetesObject) {
  const path = [...object.path, 'spec'];
  const has = fieldAt(object.root, 'spec', 'minAvailable') !== undefined;
  return patchFix(object.document, {
    title: 'one',
    safety: 'suggested',
    patches: [
      ...(has ? ([{ kind: 'rename', path: [...path, 'minAvailable'], key: 'maxUnavailable' }] as const) : []),
      { kind: 'set', path: [...path, has ? 'minAvailable' : 'maxUnavailable'], value: 1 },
    ],
  });
}
