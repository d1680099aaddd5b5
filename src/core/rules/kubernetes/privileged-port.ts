import { defineRule } from '../../engine/rule.ts';

const pod = (port: number) => `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: web:1.4
      ports:
        - containerPort: ${port}
`;

export default defineRule('container', {
  meta: {
    id: 'kubernetes/privileged-port',
    rows: ['K706'],
    summary: 'A container should listen on a port from 1024 on.',
    why: 'Ports below 1024 are for root, or take the capability NET_BIND_SERVICE where a runtime does not lift that for containers. A Service can have port 80 all the same and send to another one.',
    severity: 'information',
    optional: true,
    topic: 'network',
    messages: { low: 'Port {port} is one that only root may listen on' },
    titles: {},
    fix: 'never',
    examples: [{ file: 'pod.yaml', bad: pod(80), good: pod(8080) }],
    options: {},
    sources: ['kube-linter privileged-ports', 'trivy KSV-0117', 'monokle KBP113'],
  },
  *check({ ports }) {
    for (const { number } of ports)
      if (number !== undefined && number.value > 0 && number.value < 1024)
        yield { message: 'low', data: { port: number.value }, span: number.span };
  },
});
