import { defineRule } from '../../engine/rule.ts';
import { knownItems, scalarText } from '../../yaml/field.ts';

const pod = (program: string) => `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: web:1.4
      command: [${program}/usr/bin/web]
`;

export default defineRule('container', {
  meta: {
    id: 'kubernetes/sudo-in-command',
    rows: ['K514'],
    summary: 'A container should not start by sudo.',
    why: 'sudo makes a process root that the manifest says runs as somebody else, and it fails where `allowPrivilegeEscalation` is false. The user is set by `securityContext.runAsUser`; what needs a right of root gets one capability.',
    severity: 'warning',
    topic: 'security',
    messages: { sudo: 'sudo becomes root in the container: runAsUser says who it runs as' },
    titles: {},
    fix: 'never',
    examples: [{ file: 'pod.yaml', bad: pod('sudo, '), good: pod('') }],
    options: {},
    sources: ['kubescape C-0062'],
  },
  *check({ node }) {
    for (const key of ['command', 'args']) {
      for (const { node: item } of knownItems(node, key)) {
        const text = scalarText(item);
        if (text === undefined) continue;
        // At the start of a command of a script; not in a message or a path such as /etc/sudoers.
        const script = /(?:^|[\n;&|(]|\bthen|\bdo|\belse)[ \t]*(?:\/usr\/bin\/)?sudo(?=\s|$)/.test(text.value);
        if (script) yield { message: 'sudo', span: text.span };
      }
    }
  },
});
