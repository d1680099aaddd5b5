import { defineRule } from '../../engine/rule.ts';
import { highIdFix, lowId } from './parts/low-id.ts';

const pod = (id: number) => `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: web:1.4
      securityContext:
        runAsUser: ${id}
`;

export default defineRule('container', {
  meta: {
    id: 'kubernetes/low-user-id',
    rows: ['K505'],
    summary: 'A container should run with a user number that nobody on the node has.',
    why: 'Numbers below 10000 are those of accounts: out of its container a process has the rights of whoever has its number on the node. Files that the image or a volume gives to another number have to be opened to the new one, by `--chown` or `fsGroup`.',
    severity: 'information',
    optional: true,
    topic: 'security',
    messages: {
      low: 'The user {id} may be an account of the node: numbers from 10000 on are not',
      missing: 'No runAsUser: its image may run it as any user',
    },
    titles: { high: 'Set runAsUser: 10001' },
    fix: 'always',
    examples: [{ file: 'pod.yaml', bad: pod(1000), good: pod(10001) }],
    options: {},
    sources: [
      'kube-score container-security-context-user-group-id',
      'checkov CKV_K8S_40',
      'trivy KSV-0020',
      'kubesec RunAsUser',
      'kics containers_run_with_low_uid',
      'datree CONTAINERS_INCORRECT_RUNASUSER_VALUE_LOWUID',
      'monokle KBP104',
    ],
  },
  *check(container) {
    const found = lowId(container, 'runAsUser');
    if (found === undefined) return;
    const { kind, span, id } = found;
    yield { message: kind, data: { id }, span, fixes: highIdFix(container, 'runAsUser', found) };
  },
});
