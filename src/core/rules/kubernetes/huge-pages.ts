import { defineRule } from '../../engine/rule.ts';
import { resourcePath } from '../../kubernetes/container.ts';
import type { Container } from '../../kubernetes/model.ts';
import { pageBytes } from '../../sizing/resource-validation.ts';
import { isHugePages } from '../../sizing/resources.ts';
import { mayHide } from '../../yaml/field.ts';
import { patchFix } from '../patch-fix.ts';
import { compareQuantities, nanos } from './parts/quantities.ts';

const bytes = 1_000_000_000n;

export default defineRule('container', {
  meta: {
    id: 'kubernetes/huge-pages',
    rows: ['H109'],
    summary: 'Huge pages need a limit that equals the request, whole pages, and CPU or memory beside them.',
    why: 'Huge pages are set aside on the node and given to one container alone. The API server refuses a pod whose request and limit differ, whose amount is no multiple of the page, or that asks for nothing else beside them. A limit alone is enough, it is the request too.',
    severity: 'error',
    topic: 'resources',
    messages: {
      unlimited: '{resource} is requested without a limit: the API server refuses it',
      differs: '{resource} request {request} is not its limit {limit}: the API server refuses it',
      alone: 'Huge pages without CPU or memory beside them: the API server refuses it',
      part: '{value} is no whole number of pages of {size}: the API server refuses it',
      size: 'No node has {resource}: page sizes are written as in hugepages-2Mi or hugepages-1Gi',
    },
    titles: { limit: 'Set the limit to {value} too', equal: 'Set the request to {value}, as the limit is' },
    fix: 'sometimes',
    examples: [
      {
        file: 'pod.yaml',
        bad: `apiVersion: v1
kind: Pod
metadata:
  name: db
spec:
  containers:
    - name: db
      image: db:1.4
      resources:
        requests:
          memory: 1Gi
          hugepages-2Mi: 512Mi
        limits:
          memory: 1Gi
`,
        good: `apiVersion: v1
kind: Pod
metadata:
  name: db
spec:
  containers:
    - name: db
      image: db:1.4
      resources:
        requests:
          memory: 1Gi
          hugepages-2Mi: 512Mi
        limits:
          memory: 1Gi
          hugepages-2Mi: 512Mi
`,
      },
    ],
    options: {},
    sources: [],
  },
  *check(container) {
    const names = new Set([...container.limits.keys(), ...container.requests.keys()]);
    const pages = [...names].filter(isHugePages);
    const [first] = pages;
    if (first === undefined) return;
    const { document, context } = container.workload.object;
    if (!names.has('cpu') && !names.has('memory') && context !== 'patch' && !hidden(container)) {
      const written = container.limits.get(first) ?? container.requests.get(first);
      if (written !== undefined) yield { message: 'alone', span: written.span };
    }
    for (const resource of pages) {
      const request = container.requests.get(resource);
      const limit = container.limits.get(resource);
      const amount = limit ?? request;
      if (amount === undefined) continue;
      const page = pageBytes(resource);
      const value = nanos(amount.value);
      if (page === undefined || !/^hugepages-[0-9]+[KMG]i$/.test(resource)) {
        yield { message: 'size', data: { resource }, severity: 'warning', span: amount.span };
      } else if (value !== undefined && value % (page * bytes) !== 0n) {
        yield { message: 'part', data: { value: amount.value, size: resource.slice(10) }, span: amount.span };
      }
      if (request === undefined) continue;
      if (limit === undefined) {
        if (context === 'patch' || mayHide(container.node, 'resources', 'limits')) continue;
        yield {
          message: 'unlimited',
          data: { resource, value: request.value },
          span: request.span,
          fixes: patchFix(document, {
            title: 'limit',
            safety: 'safe',
            patches: [{ kind: 'set', path: resourcePath(container, 'limits', resource), value: request.value }],
          }),
        };
      } else if ((compareQuantities(request.value, limit.value) ?? 0) !== 0) {
        yield {
          message: 'differs',
          data: { resource, request: request.value, limit: limit.value, value: limit.value },
          span: request.span,
          fixes: patchFix(document, {
            title: 'equal',
            safety: 'suggested',
            patches: [{ kind: 'set', path: resourcePath(container, 'requests', resource), value: limit.value }],
          }),
        };
      }
    }
  },
});

function hidden({ node }: Container): boolean {
  return ['limits', 'requests'].some((part) => mayHide(node, 'resources', part)) || mayHide(node, 'resources');
}
