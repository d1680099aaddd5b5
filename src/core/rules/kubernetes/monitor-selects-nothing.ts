import { defineRule } from '../../engine/rule.ts';
import type { KubernetesObject, PlacedObject } from '../../kubernetes/model.ts';
import { mayMakePods } from '../../kubernetes/references.ts';
import {
  asksForAdded,
  type LabelSet,
  labelsOfPods,
  readLabelSelector,
  readLabels,
  selects,
  type Verdict,
} from '../../kubernetes/selector.ts';
import { readService, sameNamespace } from '../../kubernetes/service.ts';
import { onceFor } from '../../text/once-for.ts';
import { fieldAt, knownItems, knownMapping, knownText, mayHide, scalarText } from '../../yaml/field.ts';
import { oneLabelFix, spelled } from './parts/label-selectors.ts';

/** What only says how others are watched. */
const monitors = ['ServiceMonitor', 'PodMonitor', 'PrometheusRule', 'Probe', 'ScrapeConfig', 'AlertmanagerConfig'];

const manifest = (app: string) => `apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata:
  name: web
spec:
  selector:
    matchLabels:
      app: ${app}
  endpoints:
    - port: metrics
---
apiVersion: v1
kind: Service
metadata:
  name: web
  labels:
    app: web
spec:
  ports:
    - name: metrics
      port: 9090
`;

export default defineRule('kubernetes-file', {
  meta: {
    id: 'kubernetes/monitor-selects-nothing',
    rows: ['K714'],
    summary: 'A ServiceMonitor should select Services that exist, and a PodMonitor pods.',
    why: "Prometheus scrapes what a monitor selects: a ServiceMonitor by the labels of Services, not of their pods, a PodMonitor by those of pods. One that selects nothing is accepted, and its metrics and alerts are simply not there. Only what is deployed together is compared, and only where there is something to be selected in the monitor's namespaces.",
    severity: 'warning',
    topic: 'reliability',
    messages: { dangling: 'The monitor selects nothing: no {what} here has {labels}' },
    titles: { value: 'Select {key}: {actual}' },
    fix: 'sometimes',
    examples: [{ file: 'web.yaml', bad: manifest('webb'), good: manifest('web') }],
    options: {},
    sources: ['kube-linter dangling-servicemonitor'],
  },
  *check(file) {
    if (mayMakePods(file, monitors)) return;
    const near = [...file.objects, ...(file.neighbours?.near ?? [])];
    for (const { object, start } of file.objects) {
      const labelsOf = object.context === 'patch' ? undefined : labelsFor(object);
      const mapping = labelsOf && knownMapping(object.root, 'spec', 'selector');
      if (labelsOf === undefined || mapping === undefined) continue;
      const selector = readLabelSelector(mapping);
      if (selector.partial || selector.requirements.length === 0 || asksForAdded(selector, file)) continue;
      if (selector.requirements.some(({ values, operator }) => values === undefined && operator.endsWith('In')))
        continue;
      const looksAt = placesOf(object);
      const candidates = (placed: readonly PlacedObject[]) =>
        placed.flatMap(({ object: other }) => {
          const labels = labelsOf(other);
          const place = labels === undefined ? 'no' : looksAt(other);
          return labels === undefined || place === 'no' ? [] : [{ place, labels, patch: other.context === 'patch' }];
        });
      const here = candidates(near);
      const certain = here.filter(({ place }) => place === 'yes');
      if (certain.length === 0 || here.some(({ patch }) => patch)) continue;
      const selected = ({ labels }: { readonly labels: LabelSet }) => selects(selector, labels) !== 'no';
      if (here.some(selected) || candidates(file.neighbours?.far ?? []).some(selected)) continue;
      yield {
        message: 'dangling',
        data: {
          what: object.kind.value === 'PodMonitor' ? 'pod' : 'Service',
          labels: selector.requirements.map(spelled).join(', '),
        },
        span: selector.requirements[0]?.span ?? mapping.span,
        offset: start,
        fixes: oneLabelFix(
          object.document,
          { mapping, path: [...object.path, 'spec', 'selector'], selector },
          certain.map(({ labels }) => labels),
        ),
      };
    }
  },
});

/** The labels of a Service itself; undefined for other objects. */
const labelsOfService = onceFor((object: KubernetesObject) =>
  readService(object) ? readLabels(knownMapping(object.root, 'metadata')) : undefined,
);

/** What the monitor compares of another object, which is nothing for most; undefined where this is no monitor. */
function labelsFor({ apiVersion, kind }: KubernetesObject) {
  if (!apiVersion.value.startsWith('monitoring.coreos.com/')) return undefined;
  if (kind.value === 'PodMonitor') return labelsOfPods;
  return kind.value === 'ServiceMonitor' ? labelsOfService : undefined;
}

/** Whether a monitor looks into the namespace of another object: its own, unless it says which. */
function placesOf(monitor: KubernetesObject): (other: KubernetesObject) => Verdict {
  const chosen = fieldAt(monitor.root, 'spec', 'namespaceSelector');
  if (chosen === 'unknown' || mayHide(chosen, 'matchNames')) return () => 'unknown';
  if (knownText(chosen, 'any')?.value === 'true') return () => 'yes';
  const names = knownItems(chosen, 'matchNames').map(({ node }) => scalarText(node)?.value);
  if (names.length === 0) return (other) => sameNamespace(monitor, other);
  return ({ namespace }) => {
    if (namespace === undefined || names.includes(undefined)) return 'unknown';
    return names.includes(namespace.value) ? 'yes' : 'no';
  };
}
