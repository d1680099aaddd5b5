import { defineRule } from '../../engine/rule.ts';
import { missingPlace } from '../../yaml/missing-place.ts';
import { acceleratorsOf } from './parts/accelerators.ts';
import { hasResource } from './parts/has-resource.ts';
import { limitRangeValue, resourceFixes } from './parts/resource-fixes.ts';

export default defineRule('container', {
  meta: {
    id: 'kubernetes/cpu-request-missing',
    rows: ['K101', 'H108'],
    summary: 'A container should request the CPU that it needs.',
    why: 'The scheduler places pods by their requests alone. A container without one counts as needing nothing: it is put on a node that is already full, and there gets next to no time when its neighbours want theirs. An autoscaler that works by CPU cannot see the pod at all. A limit without a request counts as both.',
    severity: 'warning',
    topic: 'resources',
    messages: {
      missing: 'No CPU request: the scheduler takes it for zero',
      device: 'No CPU request: {resource} waits when the program beside it gets no CPU',
      defaulted: 'No CPU request of its own: the LimitRange gives it {value}',
    },
    titles: {
      limitRange: 'Request {value} of CPU, as the LimitRange does',
      settings: 'Request {value} of CPU, as the settings say',
      sibling: 'Request {value} of CPU, as container {from} does',
      complete: 'Add a CPU request to complete',
    },
    fix: 'sometimes',
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
      resources:
        requests:
          memory: 128Mi
`,
        good: `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: web:1.4
      resources:
        requests:
          memory: 128Mi
          cpu: <cpu>
`,
      },
    ],
    options: {},
    sources: [
      'kube-linter unset-cpu-requirements',
      'kube-score container-resources',
      'polaris cpuRequestsMissing',
      'checkov CKV_K8S_10',
      'trivy KSV-0015',
      'kubescape C-0268',
      'kubescape C-0050',
      'kubescape C-0009',
      'kubesec RequestsCPU',
      'datree CONTAINERS_MISSING_CPU_REQUEST_KEY',
      'monokle KBP002',
      'kics cpu_requests_not_set',
      'sonar S6892',
      'popeye 106',
      'kyverno require-pod-requests-limits',
    ],
  },
  *check(container, context) {
    if (hasResource(container, 'requests', 'cpu', context.settings)) return;
    const value = limitRangeValue(container, 'requests', 'cpu', context.file);
    const [device] = acceleratorsOf(container);
    yield {
      message: value !== undefined ? 'defaulted' : device === undefined ? 'missing' : 'device',
      data: { value: value ?? '', resource: device?.resource ?? '' },
      severity: value === undefined && container.role !== 'init' ? 'warning' : 'information',
      span: missingPlace(container.node, container.label, 'resources', 'requests'),
      fixes: resourceFixes(container, 'requests', 'cpu', context),
    };
  },
});
