import { defineRule } from '../../engine/rule.ts';
import { fieldAt, knownItems, knownText } from '../../yaml/field.ts';

const pod = (body: string) => `apiVersion: v1
kind: Pod
metadata:
  name: db
spec:
  containers:
    - name: db
      image: postgres:18
      env:
        - name: POSTGRES_PASSWORD${body}`;

/** It looks at single variables, and not at `envFrom`. */
const ofVariables = 'kube-linter read-secret-from-env-var';

const others = [
  'checkov CKV_K8S_35',
  'kubescape C-0207',
  'kubesec SecretsAsEnvironmentVariables',
  'kics secrets_as_environment_variables',
  'datree CIS_INVALID_KEY_SECRETKEYREF_SECRETREF',
  'monokle KBP112',
  'kyverno disallow-secrets-from-env-vars',
] as const;

export default defineRule('container', {
  meta: {
    id: 'kubernetes/secret-as-env',
    rows: ['K507'],
    summary: 'Secrets should come as files, not as environment variables.',
    why: 'Child processes inherit the environment, crash reports and debug pages print it, and it keeps its value until the pod is made anew. A mounted file follows the Secret and is read by whoever opens it. Many programs only take variables, so this is for policies that ask for it.',
    severity: 'information',
    optional: true,
    topic: 'security',
    messages: {
      variable: 'This Secret is in the environment of every process: a mounted file would not be',
      all: 'Every key of this Secret is in the environment of every process',
    },
    titles: {},
    fix: 'never',
    examples: [
      {
        file: 'pod.yaml',
        bad: pod(
          '\n          valueFrom:\n            secretKeyRef:\n              name: db\n              key: password\n',
        ),
        good: pod('_FILE\n          value: /run/db/password\n'),
      },
    ],
    options: {},
    sources: [ofVariables, ...others],
  },
  *check({ node }) {
    for (const { node: variable } of knownItems(node, 'env')) {
      const reference = fieldAt(variable, 'valueFrom', 'secretKeyRef');
      if (reference === undefined || reference === 'unknown') continue;
      yield { message: 'variable', span: knownText(reference, 'name')?.span ?? reference.span };
    }
    for (const { node: source } of knownItems(node, 'envFrom')) {
      const reference = fieldAt(source, 'secretRef');
      if (reference === undefined || reference === 'unknown') continue;
      yield { message: 'all', span: knownText(reference, 'name')?.span ?? reference.span, peers: others };
    }
  },
});
