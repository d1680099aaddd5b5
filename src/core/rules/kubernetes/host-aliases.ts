import { defineRule } from '../../engine/rule.ts';
import { fieldAt } from '../../yaml/field.ts';
import { entry } from '../../yaml/read.ts';

const pod = (more: string) => `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
${more}  containers:
    - name: web
      image: web:1.4
`;

export default defineRule('workload', {
  meta: {
    id: 'kubernetes/host-aliases',
    rows: ['K511'],
    summary: 'Names should be looked up, not written into pods.',
    why: 'An entry of `hostAliases` wins over DNS and stays when the address behind it is somebody else. A Service without selector, or of type ExternalName, gives the name to all pods and can be changed in one place.',
    severity: 'information',
    optional: true,
    topic: 'security',
    messages: { aliases: 'Addresses written into the pod win over DNS, even when they are no longer right' },
    titles: {},
    fix: 'never',
    examples: [
      {
        file: 'pod.yaml',
        bad: pod('  hostAliases:\n    - ip: 10.1.2.3\n      hostnames: [db]\n'),
        good: pod(''),
      },
    ],
    options: {},
    sources: ['trivy KSV-0007', 'kubesec HostAliases'],
  },
  *check({ spec }) {
    const field = fieldAt(spec, 'hostAliases');
    if (field === undefined || field === 'unknown' || (field.kind === 'sequence' && field.items.length === 0)) return;
    yield { message: 'aliases', span: entry(spec, 'hostAliases')?.key.span ?? field.span };
  },
});
