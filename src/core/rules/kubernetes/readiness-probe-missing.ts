import { defineRule } from '../../engine/rule.ts';
import type { Container, Workload } from '../../kubernetes/model.ts';
import { onceFor } from '../../text/once-for.ts';
import { fieldAt } from '../../yaml/field.ts';
import { patchFix } from '../patch-fix.ts';
import { probesOf } from './parts/probes.ts';
import { podsOfFile, unserved } from './parts/served-pods.ts';

/** It asks of pods that a Service sends to, and nothing of others. */
const ofServed = 'kube-score pod-probes';

const others = [
  'kube-linter no-readiness-probe',
  'polaris readinessProbeMissing',
  'checkov CKV_K8S_9',
  'kubescape C-0018',
  'kics readiness_probe_is_not_configured',
  'datree CONTAINERS_MISSING_READINESSPROBE_KEY',
  'popeye 104',
] as const;
const ofNoProbe = 'kyverno require-probes';

export default defineRule('kubernetes-file', {
  meta: {
    id: 'kubernetes/readiness-probe-missing',
    rows: ['K601'],
    summary: 'A container that serves should say how to tell that it is ready.',
    why: 'Without a readiness probe a container counts as ready as soon as its process runs. A Service then sends requests to it while it is still starting, a rolling update goes on before the new pods can answer, and a pod that hangs keeps getting its share.',
    severity: 'warning',
    topic: 'reliability',
    messages: {
      served: 'No readiness probe: Service {service} sends requests as soon as the process runs',
      missing: 'No readiness probe: it counts as ready as soon as its process runs',
    },
    titles: {
      http: 'Add an HTTP readiness probe to complete',
      tcp: 'Add a readiness probe that connects to port {port}',
    },
    fix: 'always',
    examples: [
      {
        file: 'pod.yaml',
        bad: `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: web:1.4
      ports:
        - containerPort: 8080
`,
        good: `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: web:1.4
      ports:
        - containerPort: 8080
      readinessProbe:
        httpGet:
          path: <path>
          port: 8080
`,
      },
    ],
    options: {},
    sources: [ofServed, ...others, ofNoProbe],
  },
  *check(file) {
    const { all, services } = podsOfFile(file);
    const servedBy = new Map<Workload, string>();
    const alone = unserved(file);
    for (const { service, targets } of services) {
      for (const { pods, verdict } of targets) {
        const name = service.object.name?.value;
        if (verdict === 'yes' && name !== undefined && !servedBy.has(pods.workload)) servedBy.set(pods.workload, name);
      }
    }
    for (const { workload, start, own } of all) {
      if (!own || workload.runsToCompletion || workload.object.context === 'patch') continue;
      const service = servedBy.get(workload);
      for (const container of workload.containers) {
        if (!expected(container) || fieldAt(container.node, 'readinessProbe') !== undefined) continue;
        yield {
          message: service === undefined ? 'missing' : 'served',
          data: { service: service ?? '' },
          peers: [
            ...(alone.has(workload) ? [] : [ofServed]),
            ...others,
            ...(probesOf(container).length === 0 ? [ofNoProbe] : []),
          ],
          severity: service === undefined ? 'information' : 'warning',
          span: container.label,
          offset: start,
          fixes: fixesOf(container),
        };
      }
    }
  },
});

/**
 * Whether the container decides when its pod is ready. Beside one that has a probe, one without ports is a companion;
 * a native sidecar counts where it listens and no container of the app tells anything.
 */
const expected = onceFor((container: Container): boolean => {
  const { workload, role, node } = container;
  const others = workload.containers.filter((other) => other !== container && other.role === 'app');
  const told = others.some((other) => fieldAt(other.node, 'readinessProbe') !== undefined);
  const listens = container.ports.length > 0 || fieldAt(node, 'ports') === 'unknown';
  if (role === 'app') return listens || !told;
  return role === 'sidecar' && listens && !told;
});

const fixesOf = onceFor((container: Container) => {
  const { document } = container.workload.object;
  const path = [...container.path, 'readinessProbe'];
  const tcp = container.ports.filter(({ protocol }) => protocol === 'TCP');
  const chosen = tcp.find(({ name }) => /^(?:http|web)/.test(name?.value ?? '')) ?? tcp[0];
  const port = chosen?.name?.value ?? chosen?.number?.value;
  return [
    ...patchFix(document, {
      title: 'http',
      safety: 'manual',
      patches: [{ kind: 'set', path, value: { httpGet: { path: '<path>', port: port ?? '<port>' } } }],
    }),
    ...(port === undefined
      ? []
      : patchFix(document, {
          title: 'tcp',
          data: { port },
          safety: 'suggested',
          patches: [{ kind: 'set', path, value: { tcpSocket: { port } } }],
        })),
  ];
});
