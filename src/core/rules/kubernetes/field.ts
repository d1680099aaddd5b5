import { defineRule } from '../../engine/rule.ts';
import { definitionOf } from '../../kubernetes/fields.ts';
import { fieldFindings, fieldMessages, fieldTitles } from './parts/field-findings.ts';

const ofAll = [
  'kube-linter schema-validation',
  'monokle K8S001',
  'monokle K8S002',
  'monokle K8S003',
  'monokle K8S004',
] as const;

/** Peers that look at one field only, by its list and name. */
const ofOne: Readonly<Record<string, readonly string[]>> = {
  ' maxReplicas': ['datree HPA_MISSING_MAXREPLICAS_KEY'],
  'ports containerPort': ['kube-score container-ports-check'],
  'topologySpreadConstraints topologyKey': ['kube-score pod-topology-spread-constraints'],
  'topologySpreadConstraints whenUnsatisfiable': ['kube-score pod-topology-spread-constraints'],
};

export default defineRule('kubernetes-object', {
  meta: {
    id: 'kubernetes/field',
    rows: ['K802', 'K803'],
    summary: 'Fields should be ones that the kind has, in their place, with values of their type.',
    why: 'The API server drops a field that it does not know (`kubectl` warns, most tools do not), so that a misspelt limit or probe is simply not there; a value of a wrong type is refused with the whole object. YAML makes that easy: `yes` is a boolean, `0777` a number in octal, and an indentation moves a field to another parent. Fields are those of Kubernetes 1.36 and Gateway API 1.6, as of August 2026.',
    severity: 'error',
    topic: 'configuration',
    messages: fieldMessages,
    titles: fieldTitles,
    fix: 'sometimes',
    examples: [
      {
        file: 'web.yaml',
        bad: 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  containers:\n    - name: web\n      image: web:1.4\n      imagePullPolcy: Always\n',
        good: 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  containers:\n    - name: web\n      image: web:1.4\n      imagePullPolicy: Always\n',
      },
      {
        file: 'settings.yaml',
        bad: 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\ndata:\n  verbose: yes\n',
        good: 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\ndata:\n  verbose: "yes"\n',
      },
    ],
    options: {},
    sources: [...ofAll, ...new Set(Object.values(ofOne).flat())],
  },
  *check(object) {
    const definition = definitionOf(object.apiVersion.value, object.kind.value);
    if (definition === undefined) return;
    // What a broken line belongs to is a guess: nothing is missing then, and a field that is nowhere known may be of another list.
    const broken = object.document.problems.length > 0;
    const place = { document: object.document, partial: object.context === 'patch' || broken };
    for (const finding of fieldFindings(place, definition, object.root, object.path)) {
      // Dropped, not refused.
      const dropped = finding.message === 'unknown' || finding.message === 'misplaced';
      if (dropped && broken && (finding.fixes ?? []).length === 0) continue;
      const peers = [...ofAll, ...(ofOne[`${finding.data?.list ?? ''} ${finding.data?.field}`] ?? [])];
      yield dropped ? { ...finding, peers, severity: 'warning' } : { ...finding, peers };
    }
  },
});
