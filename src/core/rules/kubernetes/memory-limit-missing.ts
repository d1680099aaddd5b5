import { defineRule } from '../../engine/rule.ts';
import { missingPlace } from '../../yaml/missing-place.ts';
import { hasResource } from './parts/has-resource.ts';
import { limitFixes, limitRangeValue } from './parts/resource-fixes.ts';

export default defineRule('container', {
  meta: {
    id: 'kubernetes/memory-limit-missing',
    rows: ['K103', 'H108', 'R104'],
    summary: 'A container should have a memory limit.',
    why: 'Memory cannot be taken back as CPU can. A container without a limit that leaks fills its node, and then the kernel and the kubelet kill pods there, not only the one that leaked. With a limit only that container is restarted. A limit equal to the request is what the scheduler has reserved for it.',
    severity: 'warning',
    topic: 'resources',
    messages: {
      missing: 'No memory limit: a leak takes the whole node',
      defaulted: 'No memory limit of its own: the LimitRange gives it {value}',
    },
    titles: {
      own: 'Limit memory to {value}, its request',
      limitRange: 'Limit memory to {value}, as the LimitRange does',
      settings: 'Limit memory to {value}, as the settings say',
      sibling: 'Limit memory to {value}, as container {from} does',
      complete: 'Add a memory limit to complete',
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
        limits:
          memory: 128Mi
`,
      },
    ],
    options: {},
    sources: [
      'kube-linter unset-memory-requirements',
      'kube-score container-resources',
      'polaris memoryLimitsMissing',
      'checkov CKV_K8S_13',
      'trivy KSV-0018',
      'kubescape C-0271',
      'kubesec LimitsMemory',
      'datree CONTAINERS_MISSING_MEMORY_LIMIT_KEY',
      'monokle KBP005',
      'kics memory_limits_not_defined',
      'sonar S6864',
      'kyverno require-pod-requests-limits',
    ],
  },
  *check(container, context) {
    if (hasResource(container, 'limits', 'memory', context.settings)) return;
    const value = limitRangeValue(container, 'limits', 'memory', context.file);
    yield {
      message: value === undefined ? 'missing' : 'defaulted',
      data: { value: value ?? '' },
      severity: value === undefined && container.role !== 'init' ? 'warning' : 'information',
      span: missingPlace(container.node, container.label, 'resources', 'limits'),
      fixes: limitFixes(container, 'memory', context),
    };
  },
});
