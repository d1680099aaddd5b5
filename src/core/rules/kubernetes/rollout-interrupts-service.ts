import { defineRule } from '../../engine/rule.ts';
import { strategyOf } from '../../kubernetes/rollout.ts';
import { readService, serves, workloadsOf } from '../../kubernetes/service.ts';
import { patchFix } from '../patch-fix.ts';

const manifest = (type: string) => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  strategy:
    type: ${type}
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
        - name: web
          image: web:1.4
---
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector:
    app: web
  ports:
    - port: 80
`;

export default defineRule('kubernetes-file', {
  meta: {
    id: 'kubernetes/rollout-interrupts-service',
    rows: ['K615'],
    summary: 'What a Service sends to stays there while a new version is rolled out.',
    why: 'With `Recreate` all pods end before the first new one is started, and the Service has nobody to send to until that is ready: each change of the Deployment is an outage. With RollingUpdate, which is the default, the old pods go only when new ones are ready. Off by default: what must not run twice needs `Recreate`.',
    severity: 'information',
    optional: true,
    topic: 'reliability',
    messages: {
      outage: 'Service `{service}` has no pods to send to while a new version starts',
      service: 'The Service is here',
    },
    titles: { rolling: 'Replace the pods one after the other' },
    fix: 'sometimes',
    examples: [{ file: 'web.yaml', bad: manifest('Recreate'), good: manifest('RollingUpdate') }],
    options: {},
    sources: ['kube-score deployment-strategy'],
  },
  *check(file) {
    for (const { workload, start } of workloadsOf(file)) {
      const { object } = workload;
      const strategy = /^Deployment(?:Config)?$/.test(object.kind.value) ? strategyOf(object) : undefined;
      if (strategy?.type?.value !== 'Recreate') continue;
      const served = [...file.objects, ...(file.neighbours?.near ?? [])].find((placed) => {
        const service = readService(placed.object);
        return service !== undefined && serves(service, workload) === 'yes';
      });
      if (served === undefined) continue;
      const rolling = object.kind.value === 'DeploymentConfig' ? 'Rolling' : 'RollingUpdate';
      yield {
        message: 'outage',
        data: { service: served.object.name?.value ?? '' },
        span: strategy.type.span,
        offset: start,
        related: [{ message: 'service', span: served.object.name?.span ?? served.object.kind.span, neighbour: served }],
        fixes: patchFix(object.document, {
          title: 'rolling',
          safety: 'suggested',
          patches: [{ kind: 'set', path: [...strategy.path, 'type'], value: rolling }],
        }),
      };
    }
  },
});
