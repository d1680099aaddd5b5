import { defineRule } from '../../engine/rule.ts';
import type { KubernetesObject } from '../../kubernetes/model.ts';
import { fieldAt, knownText } from '../../yaml/field.ts';
import { patchFix } from '../patch-fix.ts';

export default defineRule('kubernetes-object', {
  meta: {
    id: 'kubernetes/namespace-unenforced',
    rows: ['K523'],
    summary: 'A namespace should say which Pod Security Standard its pods have to meet.',
    why: 'Without the label `pod-security.kubernetes.io/enforce` the API server takes every pod in this namespace, privileged ones too, unless the cluster has another default or another policy engine. A level that it does not know makes it refuse the namespace.',
    severity: 'information',
    podSecurity: 'baseline',
    topic: 'security',
    messages: {
      missing: 'No Pod Security Standard is enforced in this namespace',
      unknown: '`{level}` is no Pod Security Standard: privileged, baseline or restricted',
    },
    titles: { enforce: 'Enforce the {level} Pod Security Standard' },
    fix: 'sometimes',
    examples: [
      {
        file: 'pod.yaml',
        bad: `apiVersion: v1
kind: Namespace
metadata:
  name: shop
`,
        good: `apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels:
    pod-security.kubernetes.io/enforce: baseline
`,
      },
    ],
    options: {},
    sources: [
      'kubescape C-0192',
      'kubescape C-0193',
      'kubescape C-0194',
      'kubescape C-0195',
      'kubescape C-0196',
      'kubescape C-0197',
      'kubescape C-0198',
      'kubescape C-0199',
      'kubescape C-0200',
      'kubescape C-0201',
    ],
  },
  *check(object) {
    if (object.kind.value !== 'Namespace' || object.apiVersion.value !== 'v1') return;
    for (const mode of ['enforce', 'audit', 'warn']) {
      const level = knownText(object.root, 'metadata', 'labels', `${prefix}${mode}`);
      if (level === undefined || /^(?:privileged|baseline|restricted)$/.test(level.value)) continue;
      yield { message: 'unknown', severity: 'error', data: { level: level.value }, span: level.span };
    }
    if (object.context === 'patch' || /^(?:kube-|openshift)/.test(object.name?.value ?? '')) return;
    const field = fieldAt(object.root, 'metadata', 'labels', `${prefix}enforce`);
    if (field !== undefined) return;
    yield {
      message: 'missing',
      span: object.name?.span ?? object.kind.span,
      fixes: [...enforce(object, 'baseline'), ...enforce(object, 'restricted')],
    };
  },
});

const prefix = 'pod-security.kubernetes.io/';

function enforce({ document, path }: KubernetesObject, level: string) {
  const at = [...path, 'metadata', 'labels', `${prefix}enforce`];
  const patches = [{ kind: 'set', path: at, value: level }] as const;
  return patchFix(document, { title: 'enforce', data: { level }, safety: 'suggested', patches });
}
