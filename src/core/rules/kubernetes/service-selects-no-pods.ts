import { defineRule } from '../../engine/rule.ts';
import type { KubernetesFile, KubernetesObject } from '../../kubernetes/model.ts';
import { mayMakePods } from '../../kubernetes/references.ts';
import {
  asksForAdded,
  type LabelSet,
  labelsOfPods,
  type Requirement,
  satisfies,
  selects,
} from '../../kubernetes/selector.ts';
import { type Service, sameNamespace, serves } from '../../kubernetes/service.ts';
import type { Located, Span } from '../../text/span.ts';
import { knownMapping } from '../../yaml/field.ts';
import type { YamlPatch } from '../../yaml/node.ts';
import { entry } from '../../yaml/read.ts';
import { patchFix } from '../patch-fix.ts';
import { closest } from './parts/closest.ts';
import { type Pods, podsOfFile } from './parts/served-pods.ts';

export default defineRule('kubernetes-file', {
  meta: {
    id: 'kubernetes/service-selects-no-pods',
    rows: ['K703'],
    summary: 'A Service should select pods that exist.',
    why: 'A Service whose selector matches no pod has no endpoints: every connection to it fails, and nothing else tells. Most often one of its labels is misspelt, or the labels of the pods were changed and the Service was not. Only files that hold workloads are checked, since the pods of a lone Service live elsewhere.',
    severity: 'warning',
    topic: 'network',
    messages: {
      dangling: 'Service selects no pods: no workload here has the label `{key}: {wanted}`',
      together: 'Service selects no pods: no workload here has all of its labels',
      elsewhere: 'Service selects no pods: those with its labels are in namespace `{namespace}`',
    },
    titles: { value: 'Select {key}: {actual}', rename: 'Select {actual}: {wanted}' },
    fix: 'sometimes',
    examples: [
      {
        file: 'web.yaml',
        bad: `apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector:
    app: webb
  ports:
    - port: 80
---
apiVersion: v1
kind: Pod
metadata:
  name: web
  labels:
    app: web
spec:
  containers:
    - name: web
      image: web:1.4
`,
        good: `apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector:
    app: web
  ports:
    - port: 80
---
apiVersion: v1
kind: Pod
metadata:
  name: web
  labels:
    app: web
spec:
  containers:
    - name: web
      image: web:1.4
`,
      },
    ],
    options: {},
    sources: [
      'kube-linter dangling-service',
      'kube-score service-targets-pod',
      'kics service_does_not_target_pod',
      'kubescape C-0293',
      'popeye 1100',
    ],
  },
  *check(file) {
    const { all, services } = podsOfFile(file);
    const written = withUnwritten(file, all);
    for (const { service, start, own, targets } of services) {
      if (!own || targets.length > 0) continue;
      const { selector, object } = service;
      if (selector === undefined || selector.partial || selector.requirements.length === 0) continue;
      if (asksForAdded(selector, file)) continue;
      if (service.type === 'ExternalName' || object.context === 'patch') continue;
      if (selector.requirements.some(({ values }) => values === undefined)) continue;
      const near = podsNear(service, written);
      if (near === 'unknown' || selectsElsewhere(service, file)) continue;
      if (near === undefined) {
        const namespace = namespaceOfSelected(service, written);
        const span = object.namespace?.span;
        if (namespace !== undefined && span !== undefined)
          yield { message: 'elsewhere', data: { namespace }, span, offset: start };
        continue;
      }
      const [wrong] = near.unmet;
      if (wrong === undefined) continue;
      const only = near.unmet.length === 1;
      yield {
        message: only ? 'dangling' : 'together',
        data: { key: wrong.key, wanted: wrong.values?.[0] ?? '' },
        span: (only ? valueSpan(service, wrong) : keySpan(service)) ?? selector.span,
        offset: start,
        fixes: only ? fixesOf(service, wrong, near.labels) : [],
      };
    }
  },
});

/** Pods of one object, as a selector sees them. */
interface Labelled {
  readonly object: KubernetesObject;
  readonly labels: LabelSet;
  readonly own: boolean;
}

/** The pods of workloads, and those of which the file so far writes the labels only. */
function withUnwritten(file: KubernetesFile, all: readonly Pods[]): readonly Labelled[] {
  const unwritten = file.objects.flatMap(({ object }) => {
    const labels = object.workload === undefined ? labelsOfPods(object) : undefined;
    return labels === undefined ? [] : [{ object, labels, own: true }];
  });
  return [...all.map(({ workload, labels, own }) => ({ object: workload.object, labels, own })), ...unwritten];
}

/** Pods that are deployed apart from this file, or that an operator makes, may still be the ones. */
function selectsElsewhere(service: Service, file: KubernetesFile): boolean {
  if (mayMakePods(file)) return true;
  return (file.neighbours?.far ?? []).some(
    ({ object }) => object.workload && serves(service, object.workload) !== 'no',
  );
}

interface NearPods {
  readonly labels: LabelSet;
  readonly unmet: readonly Requirement[];
}

/** The pods in the Service's namespace that lack the fewest of its labels; undefined where there are none. */
function podsNear(service: Service, all: readonly Labelled[]): NearPods | undefined | 'unknown' {
  let near: NearPods | undefined;
  for (const { object, labels, own } of all) {
    if (sameNamespace(service.object, object) === 'no') continue;
    // Labels of a patch's pods are in its base. A Service with its ports is no patch, nor is what stands in one file with it.
    if (object.context === 'patch' && !(own && service.ports.length > 0)) return 'unknown';
    const unmet =
      service.selector?.requirements.filter((requirement) => satisfies(requirement, labels) !== 'yes') ?? [];
    if (near === undefined || unmet.length < near.unmet.length) near = { labels, unmet };
  }
  return near;
}

/** The namespace of the file's pods that the Service would select if it were there. */
function namespaceOfSelected({ selector }: Service, all: readonly Labelled[]): string | undefined {
  const meant = all.find(({ own, labels }) => own && selector !== undefined && selects(selector, labels) === 'yes');
  return meant?.object.namespace?.value;
}

function selectorOf(service: Service) {
  return knownMapping(service.object.root, 'spec', 'selector');
}

function valueSpan(service: Service, { key }: Requirement): Span | undefined {
  const mapping = selectorOf(service);
  return mapping && entry(mapping, key)?.value?.span;
}

function keySpan(service: Service): Span | undefined {
  const spec = knownMapping(service.object.root, 'spec');
  return spec && entry(spec, 'selector')?.key.span;
}

/** The pods' own value of the label, or the label of theirs that has the value. */
function fixesOf({ object }: Service, { key, values }: Requirement, { labels }: LabelSet) {
  const wanted = values?.[0] ?? '';
  const path = [...object.path, 'spec', 'selector', key];
  const actual = labels.get(key)?.value;
  if (actual !== undefined) {
    const set: YamlPatch = { kind: 'set', path, value: actual };
    return patchFix(object.document, { title: 'value', data: { actual }, safety: 'suggested', patches: [set] });
  }
  const meant = closest(key, keysWith(labels, wanted));
  if (meant === undefined) return [];
  const rename: YamlPatch = { kind: 'rename', path, key: meant };
  return patchFix(object.document, {
    title: 'rename',
    data: { actual: meant },
    safety: 'suggested',
    patches: [rename],
  });
}

function keysWith(labels: ReadonlyMap<string, Located<string>>, wanted: string): readonly string[] {
  return [...labels].flatMap(([key, { value }]) => (value === wanted ? [key] : []));
}
