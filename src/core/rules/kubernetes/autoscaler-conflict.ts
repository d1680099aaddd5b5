import { defineRule } from '../../engine/rule.ts';
import type { KubernetesObject, NeighbourObject, PlacedObject } from '../../kubernetes/model.ts';
import { sameNamespace } from '../../kubernetes/service.ts';
import type { Span } from '../../text/span.ts';
import { fieldAt, knownItems, knownText, mayHide, scalarText } from '../../yaml/field.ts';

const scaler = (name: string, target = 'web') => `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: ${name}
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: ${target}
  maxReplicas: 5
  metrics:
    - type: Resource
      resource:
        name: cpu
        target:
          type: Utilization
          averageUtilization: 80
`;

const vertical = (mode: string) => `---
apiVersion: autoscaling.k8s.io/v1
kind: VerticalPodAutoscaler
metadata:
  name: web
spec:
  targetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: web
  updatePolicy:
    updateMode: ${mode}
`;

export default defineRule('kubernetes-file', {
  meta: {
    id: 'kubernetes/autoscaler-conflict',
    rows: ['K113'],
    summary: 'Two autoscalers should not work against each other.',
    why: 'Two horizontal autoscalers of one workload set its replicas in turn, and neither is obeyed. A vertical one that changes the CPU request moves the very number by which a horizontal one measures CPU: replicas and requests swing. Let one of them go by another metric, or have the vertical one only recommend (`updateMode: "Off"`).',
    severity: 'warning',
    topic: 'resources',
    messages: {
      twice: '`{other}` scales {kind} `{target}` as well: each undoes what the other one sets',
      metric: 'Replicas follow {resource}, whose request `{other}` changes: the two work against each other',
      other: 'The other autoscaler is here',
    },
    titles: {},
    fix: 'never',
    examples: [
      {
        file: 'web.yaml',
        bad: scaler('web') + vertical('Recreate'),
        good: scaler('web') + vertical('"Off"'),
      },
    ],
    options: {},
    sources: ['kyverno prevent-duplicate-hpa', 'kyverno prevent-duplicate-vpa', 'kyverno check-hpa-exists'],
  },
  *check(file) {
    const own = file.objects.filter(isScaler);
    if (own.length === 0) return;
    const all = [...own, ...(file.neighbours?.near ?? []).filter(isScaler)];
    for (const { object, start } of own) {
      const target = targetOf(object);
      if (target === undefined || object.context === 'patch') continue;
      for (const placed of all) {
        if (!isOther(object, placed.object) || !sameTarget(object, placed.object)) continue;
        const other = placed.object.name?.value ?? '';
        const related = [
          { message: 'other' as const, span: placed.object.name?.span ?? placed.object.kind.span, neighbour: placed },
        ];
        if (placed.object.kind.value === object.kind.value) {
          yield {
            message: 'twice',
            data: { other, kind: target.kind, target: target.name.value },
            span: target.name.span,
            offset: start,
            related,
          };
        } else if (object.kind.value === 'HorizontalPodAutoscaler') {
          const changed = changedBy(placed.object);
          for (const { resource, span } of metricsOf(object)) {
            if (!changed.has(resource)) continue;
            yield { message: 'metric', data: { resource, other }, span, offset: start, related };
          }
        }
      }
    }
  },
});

function isScaler({ object }: PlacedObject | NeighbourObject): boolean {
  return /^(?:Horizontal|Vertical)PodAutoscaler$/.test(object.kind.value);
}

/** One of the same kind and name is another version of the same object, as in an overlay. */
function isOther(a: KubernetesObject, b: KubernetesObject): boolean {
  if (a === b || b.context === 'patch' || b.name === undefined) return false;
  return a.kind.value !== b.kind.value || a.name?.value !== b.name.value;
}

function targetOf(object: KubernetesObject) {
  const field = object.kind.value === 'VerticalPodAutoscaler' ? 'targetRef' : 'scaleTargetRef';
  const kind = knownText(object.root, 'spec', field, 'kind')?.value;
  const name = knownText(object.root, 'spec', field, 'name');
  return kind === undefined || name === undefined ? undefined : { kind, name };
}

function sameTarget(a: KubernetesObject, b: KubernetesObject): boolean {
  const [first, second] = [targetOf(a), targetOf(b)];
  const same = first?.kind === second?.kind && first?.name.value === second?.name.value;
  return same && sameNamespace(a, b) === 'yes';
}

/** The resources by which a horizontal autoscaler counts replicas: CPU where it names no metric. */
function metricsOf({
  root,
  name,
  kind,
}: KubernetesObject): readonly { readonly resource: string; readonly span: Span }[] {
  const metrics = fieldAt(root, 'spec', 'metrics');
  if (metrics === undefined) {
    const percentage = knownText(root, 'spec', 'targetCPUUtilizationPercentage');
    return [{ resource: 'cpu', span: percentage?.span ?? name?.span ?? kind.span }];
  }
  return knownItems(root, 'spec', 'metrics').flatMap(({ node }) => {
    const resource = knownText(node, 'resource', 'name') ?? knownText(node, 'containerResource', 'name');
    return resource === undefined ? [] : [{ resource: resource.value, span: resource.span }];
  });
}

/** The resources whose requests a vertical autoscaler changes; empty where that is not sure. */
function changedBy({ root }: KubernetesObject): ReadonlySet<string> {
  const mode = fieldAt(root, 'spec', 'updatePolicy', 'updateMode');
  const known = mode === undefined || mode === 'unknown' ? undefined : scalarText(mode)?.value;
  const path = ['spec', 'resourcePolicy', 'containerPolicies'];
  // YAML 1.1 reads a bare `Off` as false, which the API server refuses.
  if (mode === 'unknown' || /^(?:off|false)$/i.test(known ?? '') || mayHide(root, ...path)) return new Set();
  const changed = new Set<string>();
  const policies = knownItems(root, ...path).map(({ node }) => node);
  if (!policies.some((policy) => knownText(policy, 'containerName')?.value === '*')) {
    changed.add('cpu').add('memory');
  }
  for (const policy of policies) {
    if (/^off$/i.test(knownText(policy, 'mode')?.value ?? '')) continue;
    const resources = knownItems(policy, 'controlledResources').map(({ node }) => scalarText(node)?.value ?? '');
    for (const resource of resources.length === 0 ? ['cpu', 'memory'] : resources) changed.add(resource);
  }
  return changed;
}
