import { defineRule } from '../../engine/rule.ts';
import { resourcePath } from '../../kubernetes/container.ts';
import { patchFix } from '../patch-fix.ts';
import { hasResource } from './parts/has-resource.ts';
import { compareQuantities } from './parts/quantities.ts';
import { limitRangeValue } from './parts/resource-fixes.ts';

const peersOf = {
  cpu: ['kube-score container-cpu-requests-equal-limits'],
  memory: ['kube-score container-memory-requests-equal-limits', 'kyverno memory-requests-equal-limits'],
  'ephemeral-storage': ['kube-score container-ephemeral-storage-request-equals-limit'],
} as const;

/** They ask for both, of CPU and of memory. */
const general = ['kube-score container-resource-requests-equal-limits', 'kyverno require-qos-guaranteed'] as const;

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
    messages: {
      lower: 'The request of {resource} is below its limit, {limit}: more than {request} is not reserved',
      unlimited: 'No limit of {resource}: the request does not equal it',
    },
    titles: { raise: 'Request {limit}', limit: 'Limit it to {request}' },
    fix: 'sometimes',
    examples: [{ file: 'pod.yaml', bad: pod('128Mi'), good: pod('256Mi') }],
    options: {},
    sources: [...Object.values(peersOf).flat(), ...general],
  },
  *check(container, { settings, file }) {
    const { document } = container.workload.object;
    for (const resource of ['cpu', 'memory', 'ephemeral-storage'] as const) {
      const [request, limit] = [container.requests.get(resource), container.limits.get(resource)];
      if (request === undefined) continue;
      const peers = [...peersOf[resource], ...(resource === 'ephemeral-storage' ? [] : general)];
      if (limit === undefined) {
        // Disks are no part of the classes.
        if (resource === 'cpu' && settings.policy.cpuLimits === 'forbidden') continue;
        if (resource === 'ephemeral-storage' || hasResource(container, 'limits', resource, settings)) continue;
        if (limitRangeValue(container, 'limits', resource, file) !== undefined) continue;
        yield {
          message: 'unlimited',
          data: { resource, request: request.value },
          span: request.span,
          peers,
          fixes: patchFix(document, {
            title: 'limit',
            safety: 'suggested',
            patches: [{ kind: 'set', path: resourcePath(container, 'limits', resource), value: request.value }],
          }),
        };
        continue;
      }
      const order = compareQuantities(request.value, limit.value);
      if (order === undefined || order >= 0) continue;
      yield {
        message: 'lower',
        data: { resource, request: request.value, limit: limit.value },
        span: request.span,
        peers,
        fixes: patchFix(document, {
          title: 'raise',
          safety: 'suggested',
          patches: [{ kind: 'set', path: resourcePath(container, 'requests', resource), value: limit.value }],
        }),
      };
    }
  },
});
