import { defineRule } from '../../engine/rule.ts';
import { quantityFindings, quantityMessages } from './parts/quantity-findings.ts';
import { quantityPlaces } from './parts/quantity-places.ts';

export default defineRule('kubernetes-object', {
  meta: {
    id: 'kubernetes/quantity-mistake',
    rows: ['K106', 'H102'],
    summary: 'A quantity should be one that Kubernetes knows, and the one that was meant.',
    why: 'The units of Kubernetes are its own: `m` is a thousandth, `M` a million, `Mi` 1,048,576, and `MB` does not exist. A wrong unit is refused, which is the lucky case. `memory: 128m` is accepted and means an eighth of a byte, so that the container is killed before it starts; `cpu: 500` means 500 whole CPUs, so that no node is ever large enough.',
    severity: 'error',
    topic: 'correctness',
    messages: quantityMessages,
    titles: { write: 'Write {rewritten}' },
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
        limits:
          memory: 128m
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
        limits:
          memory: 128Mi
`,
      },
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
          cpu: 500
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
          cpu: 500m
`,
      },
    ],
    options: {},
    sources: [],
  },
  *check(object) {
    yield* quantityFindings(object.document, quantityPlaces(object));
  },
});
