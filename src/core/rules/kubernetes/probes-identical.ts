import { defineRule } from '../../engine/rule.ts';
import { fieldAt, knownInteger } from '../../yaml/field.ts';
import type { YamlMapping } from '../../yaml/node.ts';
import { handlersOf, probesOf } from './parts/probes.ts';
import { spelledValue } from './parts/spelled-value.ts';

const pod = (path: string) => `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: web:1.4
      readinessProbe:
        httpGet:
          path: /ready
          port: 8080
      livenessProbe:
        httpGet:
          path: ${path}
          port: 8080
`;

export default defineRule('container', {
  meta: {
    id: 'kubernetes/probes-identical',
    rows: ['K603'],
    summary: 'Liveness should ask something else than readiness, or give up later.',
    why: 'Readiness takes a pod out of its Services for a while, liveness kills it. Where both ask the same and are as patient, a container that is only busy is restarted the moment it should have been left alone, and under load all of them are, one after the other. Ask something cheaper, or give liveness a higher `failureThreshold`.',
    severity: 'information',
    topic: 'reliability',
    messages: { same: 'Liveness asks what readiness asks: a container that is only busy is restarted' },
    titles: {},
    fix: 'never',
    examples: [{ file: 'pod.yaml', bad: pod('/ready'), good: pod('/alive') }],
    options: {},
    sources: ['kube-score pod-probes-identical', 'kyverno ensure-probes-different'],
  },
  *check(container) {
    const probes = probesOf(container);
    const liveness = probes.find(({ name }) => name === 'livenessProbe');
    const readiness = probes.find(({ name }) => name === 'readinessProbe');
    if (liveness === undefined || readiness === undefined) return;
    const [handler, ...others] = handlersOf(liveness) ?? [];
    if (handler === undefined || others.length > 0 || handlersOf(readiness)?.[0] !== handler) return;
    const spelled = spelledValue(fieldAt(liveness.node, handler));
    if (spelled === undefined || spelled !== spelledValue(fieldAt(readiness.node, handler))) return;
    const [longer, shorter] = [patience(liveness.node), patience(readiness.node)];
    if (longer === undefined || shorter === undefined || longer > shorter) return;
    yield { message: 'same', span: liveness.keySpan };
  },
});

/** Seconds of failure after which a probe acts, by the API server's defaults; undefined where a template decides. */
function patience(probe: YamlMapping): number | undefined {
  const read = (key: string, fallback: number) => {
    const written = knownInteger(probe, key)?.value;
    return written ?? (fieldAt(probe, key) === undefined ? fallback : undefined);
  };
  const [period, failures] = [read('periodSeconds', 10), read('failureThreshold', 3)];
  return period === undefined || failures === undefined ? undefined : (period || 10) * (failures || 3);
}
