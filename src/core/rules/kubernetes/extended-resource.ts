import { defineRule } from '../../engine/rule.ts';
import { resourcePath } from '../../kubernetes/container.ts';
import { isExtendedResource, isHugePages } from '../../sizing/resources.ts';
import { mayHide } from '../../yaml/field.ts';
import { patchFix } from '../patch-fix.ts';
import { compareQuantities } from './parts/quantities.ts';

export default defineRule('container', {
  meta: {
    id: 'kubernetes/extended-resource',
    rows: ['H101', 'H109'],
    summary: 'GPUs, other devices and huge pages need a limit, and a request must equal it.',
    why: 'Devices and huge pages are set aside in whole pieces and given to one container alone: there is nothing between a request and a limit. The API server refuses a pod that requests one without a limit, or with another one. A limit alone is enough, it is the request too.',
    severity: 'error',
    topic: 'resources',
    messages: {
      unlimited: '{resource} is requested without a limit: the API server refuses it',
      differs: '{resource} request {request} is not its limit {limit}: the API server refuses it',
    },
    titles: { limit: 'Set the limit to {value} too', equal: 'Set the request to {value}, as the limit is' },
    fix: 'sometimes',
    examples: [
      {
        file: 'pod.yaml',
        bad: `apiVersion: v1
kind: Pod
metadata:
  name: train
spec:
  containers:
    - name: train
      image: train:1.4
      resources:
        requests:
          nvidia.com/gpu: 1
`,
        good: `apiVersion: v1
kind: Pod
metadata:
  name: train
spec:
  containers:
    - name: train
      image: train:1.4
      resources:
        requests:
          nvidia.com/gpu: 1
        limits:
          nvidia.com/gpu: 1
`,
      },
    ],
    options: {},
    sources: [],
  },
  *check(container) {
    const { document, context } = container.workload.object;
    for (const [resource, request] of container.requests) {
      const piece = isExtendedResource(resource) && resource.includes('/');
      if (!piece && !isHugePages(resource)) continue;
      const limit = container.limits.get(resource);
      if (limit === undefined) {
        const elsewhere = context === 'patch' || mayHide(container.node, 'resources', 'limits');
        if (elsewhere || mayHide(container.node, 'resources', 'limits', resource)) continue;
        const value = /^\d+$/.test(request.value) ? Number(request.value) : request.value;
        yield {
          message: 'unlimited',
          data: { resource, value },
          span: request.span,
          fixes: patchFix(document, {
            title: 'limit',
            safety: 'safe',
            patches: [{ kind: 'set', path: resourcePath(container, 'limits', resource), value }],
          }),
        };
        continue;
      }
      const order = compareQuantities(request.value, limit.value);
      if (order === undefined || order === 0) continue;
      const value = /^\d+$/.test(limit.value) ? Number(limit.value) : limit.value;
      yield {
        message: 'differs',
        data: { resource, request: request.value, limit: limit.value, value },
        span: request.span,
        fixes: patchFix(document, {
          title: 'equal',
          safety: 'suggested',
          patches: [{ kind: 'set', path: resourcePath(container, 'requests', resource), value }],
        }),
      };
    }
  },
});
