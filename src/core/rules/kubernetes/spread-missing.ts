import { defineRule } from '../../engine/rule.ts';
import type { KubernetesObject, Workload } from '../../kubernetes/model.ts';
import { readLabelSelector, readPodLabels, selects } from '../../kubernetes/selector.ts';
import { workloadsOf } from '../../kubernetes/service.ts';
import {
  type Field,
  fieldAt,
  isEmptyList,
  knownItems,
  knownMapping,
  knownText,
  mayHide,
  scalarText,
} from '../../yaml/field.ts';
import { missingPlace } from '../../yaml/missing-place.ts';
import { patchFix } from '../patch-fix.ts';
import { podSpecKey } from './parts/pod-spec-key.ts';
import { fewestReplicas } from './parts/replicas.ts';
import { ownLabels } from './parts/selector-labels.ts';

const deployment = (spread: string) => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 3
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
        - name: web
          image: web:1.4
${spread}`;

/** Topologies in which a pod of its own for each replica survives the loss of a node. */
const topologies: ReadonlySet<string> = new Set([
  'kubernetes.io/hostname',
  'topology.kubernetes.io/zone',
  'topology.kubernetes.io/region',
  'failure-domain.beta.kubernetes.io/zone',
  'failure-domain.beta.kubernetes.io/region',
]);

const minding: Readonly<Record<string, readonly string[]>> = {
  Deployment: ['kube-score deployment-has-host-podantiaffinity', 'kics deployment_has_no_pod_anti_affinity'],
  StatefulSet: ['kube-score statefulset-has-host-podantiaffinity', 'kics statefulset_has_no_pod_anti_affinity'],
};
const ofThree = 'kyverno topologyspreadconstraints-policy';
const mindingAll = [
  'kube-linter no-anti-affinity',
  'polaris topologySpreadConstraint',
  'kyverno create-pod-antiaffinity',
  'kyverno spread-pods-across-topology',
];

export default defineRule('kubernetes-file', {
  meta: {
    id: 'kubernetes/spread-missing',
    rows: ['K613'],
    summary: 'Replicas are told to run on different nodes.',
    why: "Several replicas help against the loss of a node only where they are on several. The scheduler's own default spreads the pods of one workload softly, over nodes and zones; whoever relies on it says so with `topologySpreadConstraints` or anti-affinity. Off by default for that reason.",
    severity: 'information',
    optional: true,
    topic: 'reliability',
    messages: {
      missing: 'Nothing keeps the {replicas} replicas apart: one node may hold all of them',
      others: 'The anti-affinity is of other pods: nothing keeps the {replicas} replicas apart',
      unscaled: 'Nothing keeps the replicas apart, if there are several: one node may hold all of them',
    },
    titles: { spread: 'Spread them over the nodes where possible' },
    fix: 'sometimes',
    examples: [
      {
        file: 'web.yaml',
        bad: deployment(''),
        good: deployment(`      topologySpreadConstraints:
        - maxSkew: 1
          topologyKey: kubernetes.io/hostname
          whenUnsatisfiable: ScheduleAnyway
          labelSelector:
            matchLabels:
              app: web
`),
      },
    ],
    options: {},
    sources: [...mindingAll, ...Object.values(minding).flat(), ofThree],
  },
  *check(file) {
    for (const { workload, start } of workloadsOf(file)) {
      const { object, spec, specPath } = workload;
      if (object.context === 'patch' || !workload.scales) continue;
      const replicas = fewestReplicas(file, workload);
      if (replicas === undefined || (replicas !== 'unset' && replicas < 2)) continue;
      const spread = fieldAt(spec, 'topologySpreadConstraints');
      if (spread !== undefined && !isEmptyList(spread)) continue;
      const terms = antiAffinity(workload);
      if (terms === undefined || terms.some((term) => keepsApart(workload, term))) continue;
      const labels = ownLabels(object);
      yield {
        message: replicas === 'unset' ? 'unscaled' : terms.length > 0 ? 'others' : 'missing',
        data: { replicas },
        span: missingPlace(spec, podSpecKey(workload), 'affinity', 'podAntiAffinity'),
        peers: [
          ...mindingAll,
          ...(minding[object.kind.value] ?? []),
          ...(typeof replicas === 'number' && replicas >= 3 ? [ofThree] : []),
        ],
        offset: start,
        fixes:
          labels === undefined
            ? []
            : patchFix(object.document, {
                title: 'spread',
                safety: 'suggested',
                patches: [
                  {
                    kind: 'set',
                    path: [...specPath, 'topologySpreadConstraints'],
                    value: [
                      {
                        maxSkew: 1,
                        topologyKey: 'kubernetes.io/hostname',
                        whenUnsatisfiable: 'ScheduleAnyway',
                        labelSelector: { matchLabels: labels },
                      },
                    ],
                  },
                ],
              }),
      };
    }
  },
});

/** The terms of anti-affinity, required and preferred; undefined where a template may write some. */
function antiAffinity({ spec }: Workload): readonly Field[] | undefined {
  const path = ['affinity', 'podAntiAffinity'];
  const lists = ['requiredDuringSchedulingIgnoredDuringExecution', 'preferredDuringSchedulingIgnoredDuringExecution'];
  if (mayHide(spec, 'affinity') || mayHide(spec, ...path)) return undefined;
  if (lists.some((list) => mayHide(spec, ...path, list))) return undefined;
  return lists.flatMap((list) =>
    knownItems(spec, ...path, list).map(({ node }) => fieldAt(node, 'podAffinityTerm') ?? node),
  );
}

/** Whether a term may keep the pods of the workload itself apart. */
function keepsApart(workload: Workload, term: Field): boolean {
  if (term === undefined || term === 'unknown') return true;
  const key = fieldAt(term, 'topologyKey');
  if (key !== 'unknown' && !topologies.has(knownText(term, 'topologyKey')?.value ?? '')) return false;
  if (looksElsewhere(workload.object, term)) return false;
  if (fieldAt(term, 'labelSelector') === 'unknown') return true;
  const selector = knownMapping(term, 'labelSelector');
  return selector !== undefined && selects(readLabelSelector(selector), readPodLabels(workload)) !== 'no';
}

/** Whether the term counts pods of other namespaces only. */
function looksElsewhere({ namespace }: KubernetesObject, term: Field): boolean {
  if (term === undefined || term === 'unknown' || fieldAt(term, 'namespaceSelector') !== undefined) return false;
  const names = knownItems(term, 'namespaces').map(({ node }) => scalarText(node)?.value);
  if (names.length === 0 || mayHide(term, 'namespaces') || names.includes(undefined)) return false;
  return namespace !== undefined && !names.includes(namespace.value);
}
