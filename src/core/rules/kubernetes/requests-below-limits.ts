import { defineRule } from '../../engine/rule.ts';
import { resourcePath } from '../../kubernetes/container.ts';
import { patchFix } from '../patch-fix.ts';
import { compareQuantities } from './parts/quantities.ts';

const pod = (memory: string) => `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: web:1.4
      resources:
        requests:
          memory: ${memory}
        limits:
          memory: 256Mi
`;

export default defineRule('container', {
  meta: {
    id: 'kubernetes/requests-below-limits',
    rows: ['K108'],
    summary: 'Requests that equal their limits give a pod what it was promised, whatever its neighbours do.',
    why: 'A container may use more than it requests only while its node has it to spare. A pod whose requests and limits are equal for CPU and memory, in all containers, is of the class Guaranteed: the last to be killed when memory runs out. It costs what is reserved and not used.',
    severity: 'information',
    optional: true,
    topic: 'resources',
    messages: { lower: 'The request of {resource} is below its limit, {limit}: more than {request} is not reserved' },
    titles: { raise: 'Request {limit}' },
    fix: 'sometimes',
    examples: [{ file: 'pod.yaml', bad: pod('128Mi'), good: pod('256Mi') }],
    options: {},
    sources: [
      'kube-score container-resource-requests-equal-limits',
      'kube-score container-cpu-requests-equal-limits',
      'kube-score container-memory-requests-equal-limits',
      'kube-score container-ephemeral-storage-request-equals-limit',
      'kyverno require-qos-guaranteed',
      'kyverno memory-requests-equal-limits',
    ],
  },
  *check(container) {
    for (const resource of ['cpu', 'memory', 'ephemeral-storage']) {
      const [request, limit] = [container.requests.get(resource), container.limits.get(resource)];
      if (request === undefined || limit === undefined) continue;
      const order = compareQuantities(request.value, limit.value);
      if (order === undefined || order >= 0) continue;
      yield {
        message: 'lower',
        data: { resource, request: request.value, limit: limit.value },
        span: request.span,
        fixes: patchFix(container.workload.object.document, {
          title: 'raise',
          safety: 'suggested',
          data: { limit: limit.value },
          patches: [{ kind: 'set', path: resourcePath(container, 'requests', resource), value: limit.value }],
        }),
      };
    }
  },
});
