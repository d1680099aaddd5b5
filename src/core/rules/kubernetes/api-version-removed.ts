import type { ApiRemoval } from '../../../data/api-removals.ts';
import { defineRule } from '../../engine/rule.ts';
import type { KubernetesObject } from '../../kubernetes/model.ts';
import { removalOf } from '../../kubernetes/removals.ts';
import { readPodLabels } from '../../kubernetes/selector.ts';
import { fieldAt } from '../../yaml/field.ts';
import type { YamlPatch } from '../../yaml/node.ts';
import { patchFix } from '../patch-fix.ts';
import { atLeast } from './parts/kubernetes-version.ts';

/** It looks at the oldest group only. */
const ofExtensions = 'kube-linter no-extensions-v1beta';

const others = [
  'kube-score stable-version',
  'trivy KSV-0107',
  'datree K8S_DEPRECATED_APIVERSION_1.16',
  'datree K8S_DEPRECATED_APIVERSION_1.17',
  'datree K8S_DEPRECATED_APIVERSION_1.18',
  'datree K8S_DEPRECATED_APIVERSION_1.19',
  'datree K8S_DEPRECATED_APIVERSION_1.20',
  'datree K8S_DEPRECATED_APIVERSION_1.21',
  'datree K8S_DEPRECATED_APIVERSION_1.22',
  'datree K8S_DEPRECATED_APIVERSION_1.23',
  'datree K8S_DEPRECATED_APIVERSION_1.24',
  'datree K8S_REMOVED_APIVERSION_1.22',
  'datree K8S_REMOVED_APIVERSION_1.23',
  'datree K8S_REMOVED_APIVERSION_1.24',
  'datree K8S_REMOVED_APIVERSION_1.25',
  'datree K8S_REMOVED_APIVERSION_1.26',
  'datree K8S_REMOVED_APIVERSION_1.27',
  'kics object_is_using_a_deprecated_api_version',
  'kyverno check-deprecated-apis',
  'popeye 403',
] as const;

export default defineRule('kubernetes-object', {
  meta: {
    id: 'kubernetes/api-version-removed',
    rows: ['K804'],
    summary: 'An object should use an API version that the cluster serves.',
    why: 'Kubernetes takes old versions of its APIs away: an object that names one is refused, and after an upgrade of the cluster nothing can be deployed from the file any more. Deprecated versions still work and are named early. The version of the cluster is the setting `kubernetesVersion`.',
    severity: 'error',
    look: 'deprecated',
    topic: 'correctness',
    messages: {
      removed: '`{apiVersion}` {kind} is gone since Kubernetes {removed}{use}',
      planned: '`{apiVersion}` {kind} is to be gone in Kubernetes {removed}{use}',
      deprecated: '`{apiVersion}` {kind} is deprecated since Kubernetes {deprecated}{use}',
    },
    titles: {
      rewrite: 'Change the API version to {replacement}',
      selector: 'Change the API version to {replacement} and write the selector',
    },
    fix: 'sometimes',
    examples: [
      {
        file: 'role.yaml',
        bad: `apiVersion: rbac.authorization.k8s.io/v1beta1
kind: Role
metadata:
  name: reader
rules:
  - apiGroups: [""]
    resources: [pods]
    verbs: [get]
`,
        good: `apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: reader
rules:
  - apiGroups: [""]
    resources: [pods]
    verbs: [get]
`,
      },
    ],
    options: {},
    sources: [ofExtensions, ...others],
  },
  *check(object, { settings: { kubernetesVersion: version } }) {
    const row = removalOf(object.apiVersion.value, object.kind.value);
    if (row === undefined || guarded(object)) return;
    const removed = row.removed !== undefined && atLeast(version, row.removed);
    if (!removed && !(row.deprecated !== undefined && atLeast(version, row.deprecated))) return;
    const use = row.use !== undefined && atLeast(version, row.since ?? 0) ? row.use : undefined;
    yield {
      message: !removed ? 'deprecated' : row.planned ? 'planned' : 'removed',
      severity: !removed ? 'information' : row.planned ? 'warning' : 'error',
      data: {
        apiVersion: row.apiVersion,
        kind: row.kind,
        removed: `1.${row.removed ?? ''}`,
        deprecated: `1.${row.deprecated ?? ''}`,
        use: use === undefined ? '' : `: use ${use}`,
      },
      span: object.apiVersion.span,
      ...(!object.apiVersion.value.startsWith('extensions/') && { peers: others }),
      fixes: use === undefined ? [] : fixesOf(object, row, use),
    };
  },
});

/** Whether a template asks for the version of the cluster before it writes the object. */
function guarded({ document, apiVersion }: KubernetesObject): boolean {
  return document.actions.some(
    ({ start, end }) =>
      start < apiVersion.span.start &&
      /capabilit|semver|version|psp|podsecuritypolic/i.test(document.text.slice(start, end)),
  );
}

function fixesOf(object: KubernetesObject, row: ApiRemoval, replacement: string) {
  const rewrite: YamlPatch = { kind: 'set', path: [...object.path, 'apiVersion'], value: replacement };
  const whole = replacement === 'apps/v1' && object.context !== 'patch';
  const selector = whole ? fieldAt(object.root, 'spec', 'selector') : object.kind.span;
  if (selector === 'unknown') return [];
  if (selector !== undefined) {
    const title = { title: 'rewrite', data: { replacement } } as const;
    return patchFix(object.document, { ...title, safety: row.sameShape ? 'safe' : 'suggested', patches: [rewrite] });
  }
  // apps/v1 wants the selector that older versions took from the pods' labels.
  const pods = object.workload && readPodLabels(object.workload);
  if (pods === undefined || pods.partial || pods.unknown.size > 0 || pods.labels.size === 0) return [];
  const matchLabels = Object.fromEntries([...pods.labels].map(([key, { value }]) => [key, value]));
  return patchFix(object.document, {
    title: 'selector',
    data: { replacement },
    safety: 'safe',
    patches: [rewrite, { kind: 'set', path: [...object.path, 'spec', 'selector'], value: { matchLabels } }],
  });
}
