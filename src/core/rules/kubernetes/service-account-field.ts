import { defineRule } from '../../engine/rule.ts';
import { fieldAt, knownText } from '../../yaml/field.ts';
import { entry } from '../../yaml/read.ts';
import { patchFix } from '../patch-fix.ts';

const pod = (field: string) => `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  ${field}: web
  containers:
    - name: web
      image: web:1.4
`;

export default defineRule('workload', {
  meta: {
    id: 'kubernetes/service-account-field',
    rows: ['K814'],
    summary: 'The service account of a pod is named by `serviceAccountName`.',
    why: '`serviceAccount` is the old spelling of `serviceAccountName`. The API server still copies one to the other; where both are written it is ignored.',
    severity: 'warning',
    look: 'deprecated',
    topic: 'configuration',
    messages: {
      old: '`serviceAccount` is deprecated: the field is called serviceAccountName',
      ignored: '`serviceAccount` is ignored beside serviceAccountName',
    },
    titles: { rename: 'Rename to serviceAccountName', remove: 'Remove serviceAccount' },
    fix: 'sometimes',
    examples: [{ file: 'pod.yaml', bad: pod('serviceAccount'), good: pod('serviceAccountName') }],
    options: {},
    sources: ['kube-linter deprecated-service-account-field', 'kubescape C-0294'],
  },
  *check({ object, spec, specPath }) {
    const old = entry(spec, 'serviceAccount');
    if (old === undefined || fieldAt(spec, 'serviceAccount') === undefined) return;
    const path = [...specPath, 'serviceAccount'];
    const name = fieldAt(spec, 'serviceAccountName');
    const both = name !== undefined && name !== 'unknown' && knownText(name)?.value !== '';
    yield {
      message: both ? 'ignored' : 'old',
      // The API server itself writes both, with one value.
      ...(both && knownText(name)?.value === knownText(spec, 'serviceAccount')?.value && { severity: 'information' }),
      span: old.key.span,
      fixes: both
        ? patchFix(object.document, { title: 'remove', safety: 'safe', patches: [{ kind: 'remove', path }] })
        : name === undefined
          ? patchFix(object.document, {
              title: 'rename',
              safety: 'safe',
              patches: [{ kind: 'rename', path, key: 'serviceAccountName' }],
            })
          : [],
    };
  },
});
