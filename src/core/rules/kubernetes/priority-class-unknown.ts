import { defineRule } from '../../engine/rule.ts';
import { findTarget } from '../../kubernetes/references.ts';
import { workloadsOf } from '../../kubernetes/service.ts';
import { knownText } from '../../yaml/field.ts';
import { patchFix } from '../patch-fix.ts';
import { closest } from './parts/closest.ts';

const manifest = (name: string) => `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  priorityClassName: ${name}
  containers:
    - name: web
      image: web:1.4
---
apiVersion: scheduling.k8s.io/v1
kind: PriorityClass
metadata:
  name: important
value: 1000
`;

/** Every cluster has these. */
const own: readonly string[] = ['system-cluster-critical', 'system-node-critical'];

export default defineRule('kubernetes-file', {
  meta: {
    id: 'kubernetes/priority-class-unknown',
    rows: ['K620'],
    summary: "The priority class of a pod is one of the cluster's own, or defined here.",
    why: 'A pod whose priority class does not exist is refused: the Deployment is there then, and its pods never are. Classes are often made by others, in another repository: this is off by default.',
    severity: 'information',
    optional: true,
    topic: 'reliability',
    messages: { unknown: 'No PriorityClass `{name}` is defined here: without it the pods are refused' },
    titles: { name: 'Use {meant}' },
    fix: 'sometimes',
    examples: [{ file: 'pod.yaml', bad: manifest('importent'), good: manifest('important') }],
    options: {},
    sources: ['kube-linter priority-class-name'],
  },
  *check(file) {
    for (const { workload, start } of workloadsOf(file)) {
      const { object, spec, specPath } = workload;
      const name = knownText(spec, 'priorityClassName');
      if (name === undefined || name.value === '' || own.includes(name.value)) continue;
      const target = findTarget(file, object, 'PriorityClass', name.value, { anyNamespace: true });
      if (target.kind === 'found' || target.kind === 'exists') continue;
      const meant = closest(name.value, [...own, ...(target.kind === 'missing' ? target.names : [])]);
      yield {
        message: 'unknown',
        data: { name: name.value },
        span: name.span,
        offset: start,
        fixes:
          meant === undefined
            ? []
            : patchFix(object.document, {
                title: 'name',
                data: { meant },
                safety: 'suggested',
                patches: [{ kind: 'set', path: [...specPath, 'priorityClassName'], value: meant }],
              }),
      };
    }
  },
});
