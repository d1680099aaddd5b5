import { defineRule } from '../../engine/rule.ts';
import type { Workload } from '../../kubernetes/model.ts';
import { allowsOvercommit } from '../../sizing/resources.ts';
import type { Located } from '../../text/span.ts';
import { knownMapping, textMap } from '../../yaml/field.ts';
import type { YamlMapping, YamlPath } from '../../yaml/node.ts';
import { patchFix } from '../patch-fix.ts';
import { compareQuantities } from './parts/quantities.ts';

export default defineRule('workload', {
  meta: {
    id: 'kubernetes/request-exceeds-limit',
    rows: ['K105'],
    summary: 'A request must not exceed its limit.',
    why: 'The API server refuses a pod that requests more of a resource than its limit lets it have. For a Deployment that shows late: the Deployment is accepted, and its pods are never made.',
    severity: 'error',
    topic: 'resources',
    messages: { exceeds: '{resource} request {request} exceeds its limit {limit}' },
    titles: { raise: 'Raise the limit to {request}', lower: 'Lower the request to {limit}' },
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
          memory: 1Gi
        limits:
          memory: 512Mi
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
          memory: 1Gi
        limits:
          memory: 1Gi
`,
      },
    ],
    options: {},
    sources: ['kyverno enforce-resources-as-ratio'],
  },
  *check(workload) {
    yield* compare(workload, workload.spec, workload.specPath);
    for (const { node, path } of workload.containers) yield* compare(workload, node, path);
  },
});

/** The resources of a pod or of one of its containers. */
function* compare(workload: Workload, holder: YamlMapping, path: YamlPath) {
  const { document } = workload.object;
  const quantities = (part: string): ReadonlyMap<string, Located<string>> =>
    textMap(knownMapping(holder, 'resources', part));
  const limits = quantities('limits');
  for (const [resource, request] of quantities('requests')) {
    // Devices and huge pages may not differ at all: rules of their own tell.
    if (!allowsOvercommit(resource)) continue;
    const limit = limits.get(resource);
    const order = limit && compareQuantities(request.value, limit.value);
    if (limit === undefined || order === undefined || order <= 0) continue;
    const at = (part: string): YamlPath => [...path, 'resources', part, resource];
    yield {
      message: 'exceeds' as const,
      data: { resource: words[resource] ?? resource, request: request.value, limit: limit.value },
      span: request.span,
      fixes: [
        ...patchFix(document, {
          title: 'raise',
          safety: 'suggested',
          patches: [{ kind: 'set', path: at('limits'), value: request.value }],
        }),
        ...patchFix(document, {
          title: 'lower',
          safety: 'suggested',
          patches: [{ kind: 'set', path: at('requests'), value: limit.value }],
        }),
      ],
    };
  }
}

const words: Readonly<Record<string, string>> = {
  cpu: 'CPU',
  memory: 'Memory',
  'ephemeral-storage': 'Ephemeral storage',
};
