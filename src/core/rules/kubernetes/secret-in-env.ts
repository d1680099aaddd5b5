import { defineRule } from '../../engine/rule.ts';
import { knownItems, knownText } from '../../yaml/field.ts';
import { patchFix } from '../patch-fix.ts';
import { isSecret, secretShape } from './parts/secret-words.ts';

const pod = (value: string) => `apiVersion: v1
kind: Pod
metadata:
  name: db
spec:
  containers:
    - name: db
      image: postgres:18
      env:
        - name: POSTGRES_PASSWORD
${value}`;

export default defineRule('container', {
  meta: {
    id: 'kubernetes/secret-in-env',
    rows: ['K508'],
    summary: 'Passwords, keys and tokens should not be written into a manifest.',
    why: 'A manifest is checked in and shown to everyone who may read the project or the workload, and so is every value in it. In a Secret it can be guarded, encrypted and rotated; the manifest then only names it.',
    severity: 'warning',
    topic: 'security',
    messages: {
      literal: '`{name}` is written out: everyone who can read this manifest has it',
      shape: 'This is {what}: everyone who can read this manifest has it',
    },
    titles: { reference: 'Take it from a Secret' },
    fix: 'sometimes',
    examples: [
      {
        file: 'pod.yaml',
        bad: pod('          value: hunter2\n'),
        good: pod(
          '          valueFrom:\n            secretKeyRef:\n              name: <secret>\n              key: POSTGRES_PASSWORD\n',
        ),
      },
    ],
    options: {},
    sources: [
      'kube-linter env-var-secret',
      'polaris sensitiveContainerEnvVar',
      'kubescape C-0012',
      'kubescape C-0259',
      'sonar S2068',
      'sonar S6418',
      'datree ALL_EXPOSED_SECRET',
      'monokle KBP111',
    ],
  },
  *check({ node, path, workload }) {
    for (const { index, node: variable } of knownItems(node, 'env')) {
      const name = knownText(variable, 'name');
      const value = knownText(variable, 'value');
      if (name === undefined || value === undefined) continue;
      const what = secretShape(value.value);
      if (what === undefined && !isSecret(name.value, value.value)) continue;
      const at = [...path, 'env', index];
      yield {
        ...(what === undefined
          ? { message: 'literal', data: { name: name.value } }
          : { message: 'shape', data: { what } }),
        span: value.span,
        fixes: patchFix(workload.object.document, {
          title: 'reference',
          safety: 'manual',
          patches: [
            { kind: 'set', path: [...at, 'value'], value: { secretKeyRef: { name: '<secret>', key: name.value } } },
            { kind: 'rename', path: [...at, 'value'], key: 'valueFrom' },
          ],
        }),
      };
    }
  },
});
