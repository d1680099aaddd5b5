import { defineRule } from '../../engine/rule.ts';
import { missingPlace } from '../../yaml/missing-place.ts';
import { hasResource } from './parts/has-resource.ts';
import { limitRangeValue, resourceFixes } from './parts/resource-fixes.ts';

export default defineRule('container', {
  meta: {
    id: 'kubernetes/memory-request-missing',
    rows: ['K102', 'H108'],
    summary: 'A container should request the memory that it needs.',
    why: 'The scheduler places pods by their requests alone. A container without one counts as needing nothing: it is put on a node whose memory is already given away, and when that runs out its pod is among the first to be evicted or killed. A limit without a request counts as both.',
    severity: 'warning',
    topic: 'resources',
    messages: {
      missing: 'No memory request: the scheduler takes it for zero',
      defaulted: 'No memory request of its own: the LimitRange gives it {value}',
    },
    titles: {
      limitRange: 'Request {value} of memory, as the LimitRange does',
      settings: 'Request {value} of memory, as the settings say',
      sibling: 'Request {value} of memory, as container {from} does',
      complete: 'Add a memory request to complete',
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
          cpu: 100m
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
          cpu: 100m
          memory: <memory>
`,
      },
    ],
    options: {},
    sources: [
      'kube-score container-resources',
      'polaris memoryRequestsMissing',
      'checkov CKV_K8S_12',
      'trivy KSV-0016',
      'kubescape C-0269',
      'kubescape C-0004',
      'kubesec RequestsMemory',
      'datree CONTAINERS_MISSING_MEMORY_REQUEST_KEY',
      'monokle KBP004',
      'kics memory_requests_not_defined',
      'sonar S6873',
      'popeye 106',
      'kyverno require-pod-requests-limits',
    ],
  },
  *check(container, context) {
    if (hasResource(container, 'requests', 'memory', context.settings)) return;
    const value = limitRangeValue(container, 'requests', 'memory', context.file);
    yield {
      message: value === undefined ? 'missing' : 'defaulted',
      data: { value: value ?? '' },
      severity: value === undefined && container.role !== 'init' ? 'warning' : 'information',
      span: missingPlace(container.node, container.label, 'resources', 'requests'),
      fixes: resourceFixes(container, 'requests', 'memory', context),
    };
  },
});
