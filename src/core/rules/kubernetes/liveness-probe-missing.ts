import { defineRule } from '../../engine/rule.ts';
import type { Container } from '../../kubernetes/model.ts';
import { fieldAt } from '../../yaml/field.ts';
import { patchFix } from '../patch-fix.ts';
import { probesOf } from './parts/probes.ts';

const pod = (probe: string) => `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: web:1.4
      ports:
        - containerPort: 8080
${probe}`;

/** To it one container of the pod is enough. */
const oncePerPod = 'kube-score pod-probes';

const others = [
  'kube-linter no-liveness-probe',
  'polaris livenessProbeMissing',
  'checkov CKV_K8S_8',
  'kubescape C-0056',
  'kics liveness_probe_is_not_defined',
  'datree CONTAINERS_MISSING_LIVENESSPROBE_KEY',
  'popeye 103',
] as const;
const ofNoProbe = 'kyverno require-probes';

export default defineRule('container', {
  meta: {
    id: 'kubernetes/liveness-probe-missing',
    rows: ['K602'],
    summary: 'A container that can hang should say how to tell that it has.',
    why: 'Without a liveness probe a container is restarted only when its process ends: one that is deadlocked stays as it is. A probe that is too strict does more harm than none, since it restarts what is merely slow; that is why this is off by default. Never ask other systems in it.',
    severity: 'information',
    optional: true,
    topic: 'reliability',
    messages: { missing: 'No liveness probe: it is restarted only when its process ends' },
    titles: { add: 'Add a liveness probe to complete' },
    fix: 'sometimes',
    examples: [
      {
        file: 'pod.yaml',
        bad: pod(''),
        good: pod('      livenessProbe:\n        httpGet:\n          path: <path>\n          port: 8080\n'),
      },
    ],
    options: {},
    sources: [oncePerPod, ...others, ofNoProbe],
  },
  *check(container) {
    const { workload, role, node, path, label } = container;
    if (workload.runsToCompletion || workload.object.context === 'patch') return;
    if (role !== 'app' && !(role === 'sidecar' && container.ports.length > 0)) return;
    if (fieldAt(node, 'livenessProbe') !== undefined) return;
    const patches = [
      {
        kind: 'set',
        path: [...path, 'livenessProbe'],
        value: { httpGet: { path: '<path>', port: portOf(container) } },
      },
    ] as const;
    const told = workload.containers.some((other) => fieldAt(other.node, 'livenessProbe') !== undefined);
    yield {
      message: 'missing',
      span: label,
      peers: [...(told ? [] : [oncePerPod]), ...others, ...(probesOf(container).length === 0 ? [ofNoProbe] : [])],
      fixes: patchFix(workload.object.document, { title: 'add', safety: 'manual', patches }),
    };
  },
});

/** The port that is asked over HTTP most likely, by its name where it has one. */
function portOf({ ports }: Container): string | number {
  const tcp = ports.filter(({ protocol }) => protocol === 'TCP');
  const chosen = tcp.find(({ name }) => /^(?:http|web)/.test(name?.value ?? '')) ?? tcp[0];
  return chosen?.name?.value ?? chosen?.number?.value ?? '<port>';
}
