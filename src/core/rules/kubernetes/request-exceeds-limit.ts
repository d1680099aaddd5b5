import { defineRule } from '../../engine/rule.ts';
import { exceedingMessages, exceedingRequests, exceedingTitles } from './parts/exceeding-requests.ts';

export default defineRule('workload', {
  meta: {
    id: 'kubernetes/request-exceeds-limit',
    rows: ['K105'],
    summary: 'A request must not exceed its limit.',
    why: 'The API server refuses a pod that requests more of a resource than its limit lets it have. For a Deployment that shows late: the Deployment is accepted, and its pods are never made.',
    severity: 'error',
    topic: 'resources',
    messages: exceedingMessages,
    titles: exceedingTitles,
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
    sources: [],
  },
  *check(workload) {
    const { spec, specPath, containers, object } = workload;
    yield* exceedingRequests(object.document, spec, specPath);
    for (const { node, path } of containers) yield* exceedingRequests(object.document, node, path);
  },
});
