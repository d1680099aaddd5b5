import { defineRule, type ProposedFix } from '../../engine/rule.ts';
import { scalingTarget, type UtilizationMetric, utilizationMetrics } from '../../kubernetes/autoscaler.ts';
import { containerDefaults } from '../../kubernetes/limit-range.ts';
import { shiftEdit } from '../../text/edit.ts';
import { hasResource } from './parts/has-resource.ts';
import { type Origin, resourceFixes } from './parts/resource-fixes.ts';

const manifest = (requests: string) => `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: web
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: web
  maxReplicas: 9
  metrics:
    - type: Resource
      resource:
        name: cpu
        target:
          type: Utilization
          averageUtilization: 70
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  template:
    spec:
      containers:
        - name: web
          image: web:1.4
          resources:
            requests:
              memory: 128Mi
${requests}`;

export default defineRule('kubernetes-file', {
  meta: {
    id: 'kubernetes/autoscaler-without-request',
    rows: ['K112'],
    summary: 'Whatever an autoscaler scales by utilisation requests the resource.',
    why: 'Utilisation is use in percent of the request. When one container of the pod requests nothing, the autoscaler cannot compute it, reports `FailedGetResourceMetric` and never scales. That goes for sidecars too, unless the metric is of one container (`ContainerResource`). A limit counts as the request where none is written.',
    severity: 'warning',
    topic: 'resources',
    messages: {
      missing:
        'Container `{container}` of {target} requests no {resource}: its utilisation is not known, and nothing is scaled',
      container: 'This container requests none',
    },
    titles: {
      limitRange: 'Request {value} of {resource}, as the LimitRange does',
      settings: 'Request {value} of {resource}, as the settings say',
      sibling: 'Request {value} of {resource}, as container {from} does',
      complete: 'Add a {resource} request to complete',
    },
    fix: 'sometimes',
    examples: [{ file: 'web.yaml', bad: manifest(''), good: manifest('              cpu: <cpu>\n') }],
    options: {},
    sources: [],
  },
  *check(kubernetes, { settings, file }) {
    for (const { object, start } of kubernetes.objects) {
      const metrics = utilizationMetrics(object);
      const placed = metrics.length === 0 ? undefined : scalingTarget(kubernetes, object);
      const workload = placed?.object.workload;
      if (placed === undefined || workload === undefined) continue;
      const target = `${placed.object.kind.value} ${placed.object.name?.value ?? ''}`;
      const all = { ...kubernetes, objects: [...kubernetes.objects, ...(kubernetes.neighbours?.near ?? [])] };
      const given = containerDefaults(placed.object, all).requests;
      for (const metric of metrics) {
        const { resource } = metric;
        const measured = workload.containers.filter(({ role, name }) => role === 'app' && isOf(metric, name?.value));
        const lacking = measured.find(
          (one) => !given.has(resource) && !hasResource(one, 'requests', resource, settings),
        );
        if (lacking === undefined) continue;
        const fixes = 'path' in placed ? [] : resourceFixes(lacking, 'requests', resource, { settings, file });
        yield {
          message: 'missing',
          data: { container: lacking.name?.value ?? '', target, resource: resource === 'cpu' ? 'CPU' : 'memory' },
          span: metric.span,
          offset: start,
          related: [{ message: 'container', span: lacking.label, neighbour: placed }],
          fixes: fixes.map((fix) => moved(fix, placed.start - start)),
        };
      }
    }
  },
});

/** The pods' other containers do not count where the metric is of one. */
function isOf({ container }: UtilizationMetric, name: string | undefined): boolean {
  return container === undefined || container.value === name;
}

/** Edits of another document of the file. */
function moved(fix: ProposedFix<Origin>, by: number): ProposedFix<Origin> {
  return { ...fix, edits: fix.edits.map((edit) => shiftEdit(edit, by)) };
}
