import { defineRule } from '../../engine/rule.ts';
import { fieldAt, knownItems, knownText, mayHide } from '../../yaml/field.ts';
import { patchFix } from '../patch-fix.ts';
import { closest } from './parts/closest.ts';
import { probesOf } from './parts/probes.ts';

const pod = (port: string) => `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: web:1.4
      ports:
        - name: http
          containerPort: 8080
      livenessProbe:
        httpGet:
          path: /alive
          port: ${port}
`;

export default defineRule('container', {
  meta: {
    id: 'kubernetes/probe-port-unknown',
    rows: ['K604'],
    summary: 'A probe should ask a port that its container has.',
    why: 'A probe by the name of a port that the container does not have always fails: the container never becomes ready, or is restarted for ever. A number that no port of the container has works where the program listens there all the same, and is more often a slip.',
    severity: 'warning',
    topic: 'reliability',
    messages: {
      name: 'No port of this container is called `{port}`: the probe always fails',
      number: 'Port {port} is not among the ports of this container',
      protocol: 'Port {port} is listed for {protocol}: a probe asks by TCP',
    },
    titles: { use: 'Ask port {meant}' },
    fix: 'sometimes',
    examples: [{ file: 'pod.yaml', bad: pod('htpp'), good: pod('http') }],
    options: {},
    sources: ['kube-linter liveness-port', 'kube-linter readiness-port', 'kube-linter startup-port'],
  },
  *check(container) {
    const { workload, node, ports } = container;
    if (workload.object.context === 'patch' || node.open || mayHide(node, 'ports')) return;
    const asked = ports.filter(({ protocol }) => protocol === 'TCP');
    const names = asked.flatMap(({ name }) => (name === undefined ? [] : [name.value]));
    const numbers = asked.flatMap(({ number }) => (number === undefined ? [] : [number.value]));
    for (const probe of probesOf(container)) {
      for (const handler of ['httpGet', 'tcpSocket', 'grpc']) {
        const port = knownText(probe.node, handler, 'port');
        // A name in braces or with a `$` is filled in by another tool.
        if (port === undefined || /^$|[${}]/.test(port.value)) continue;
        const byNumber = /^\d+$/.test(port.value);
        if (byNumber ? numbers.includes(Number(port.value)) : names.includes(port.value)) continue;
        const key = byNumber ? 'containerPort' : 'name';
        if (knownItems(node, 'ports').some((item) => fieldAt(item.node, key) === 'unknown')) continue;
        const [other] = ports.filter(
          ({ name, number }) => port.value === (byNumber ? `${number?.value}` : name?.value),
        );
        const [only] = asked.length === 1 ? numbers : [];
        const meant = byNumber ? only : (closest(port.value, names) ?? (names.length === 0 ? only : undefined));
        yield {
          message: other !== undefined ? 'protocol' : byNumber ? 'number' : 'name',
          data: { port: port.value, protocol: other?.protocol ?? '' },
          // By a number, or the number of a name, it may listen all the same.
          severity: byNumber || other !== undefined ? 'information' : 'warning',
          span: port.span,
          fixes:
            meant === undefined
              ? []
              : patchFix(workload.object.document, {
                  title: 'use',
                  data: { meant },
                  safety: 'suggested',
                  patches: [{ kind: 'set', path: [...probe.path, handler, 'port'], value: meant }],
                }),
        };
      }
    }
  },
});
