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
        runAsGroup: ${id}
`;

export default defineRule('container', {
  meta: {
    id: 'kubernetes/low-group-id',
    rows: ['K505'],
    summary: 'A container should run with a group number that nobody on the node has.',
    why: 'Numbers below 10000 are those of accounts: out of its container a process has the rights of whoever has its number on the node. Files that the image or a volume gives to another number have to be opened to the new one, by `--chown` or `fsGroup`.',
    severity: 'information',
    optional: true,
    topic: 'security',
    messages: {
      low: 'The group {id} may be an account of the node: numbers from 10000 on are not',
      missing: 'No runAsGroup: it runs with the group of its image, mostly that of root',
    },
    titles: { high: 'Set runAsGroup: 10001' },
    fix: 'always',
    examples: [{ file: 'pod.yaml', bad: pod(1000), good: pod(10001) }],
    options: {},
    sources: [
      'kube-score container-security-context-user-group-id',
      'trivy KSV-0021',
      'trivy KSV-0116',
      'kubesec RunAsGroup',
      'datree CONTAINERS_INCORRECT_RUNASGROUP_VALUE_LOWGID',
      'monokle KBP105',
    ],
  },
  *check(container) {
    const found = lowId(container, 'runAsGroup');
    if (found === undefined) return;
    const { kind, span, id } = found;
    yield { message: kind, data: { id }, span, fixes: highIdFix(container, 'runAsGroup', found) };
  },
});
