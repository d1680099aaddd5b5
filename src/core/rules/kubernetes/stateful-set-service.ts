import { defineRule } from '../../engine/rule.ts';
import { findTarget } from '../../kubernetes/references.ts';
import { labelsOfPods, selects } from '../../kubernetes/selector.ts';
import { readService } from '../../kubernetes/service.ts';
import { fieldAt, knownText } from '../../yaml/field.ts';
import { patchFix } from '../patch-fix.ts';
import { closest } from './parts/closest.ts';

const manifest = (name: string) => `apiVersion: v1
kind: Service
metadata:
  name: db
spec:
  clusterIP: None
---
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
spec:
  serviceName: ${name}
  template:
    spec:
      containers:
        - name: web
          image: web:1.4
`;

export default defineRule('kubernetes-file', {
  meta: {
    id: 'kubernetes/stateful-set-service',
    rows: ['K622'],
    summary: 'A StatefulSet should name a headless Service that exists.',
    why: 'The pods of a StatefulSet are reached by names such as `db-0.db`, which the headless Service of `serviceName` makes. Without it, or with one that has an address of its own, those names do not resolve.',
    severity: 'warning',
    topic: 'network',
    messages: {
      missing: 'The StatefulSet names no Service: its pods get no names of their own',
      unknown: 'No Service here is called `{name}`',
      address: 'Service `{name}` is not headless: it makes no names for single pods',
      others: 'Service `{name}` selects other pods: it makes no names for these',
      elsewhere: 'Service `{name}` is in namespace `{namespace}`: it makes no names for pods of another',
      defined: '`{name}` is defined here',
    },
    titles: { name: 'Name `{meant}`' },
    fix: 'sometimes',
    examples: [{ file: 'db.yaml', bad: manifest('bd'), good: manifest('db') }],
    options: {},
    sources: ['kube-score statefulset-has-servicename', 'kics statefulset_without_service_name'],
  },
  *check(file) {
    for (const { object, start } of file.objects) {
      if (object.kind.value !== 'StatefulSet' || object.context === 'patch') continue;
      const field = fieldAt(object.root, 'spec', 'serviceName');
      const name = knownText(object.root, 'spec', 'serviceName');
      if (field === undefined || name?.value === '') {
        yield {
          message: 'missing',
          severity: 'information',
          span: name?.span ?? object.name?.span ?? object.kind.span,
          offset: start,
        };
      }
      if (name === undefined || name.value === '') continue;
      const target = findTarget(file, object, 'Service', name.value);
      if (target.kind === 'missing') {
        const meant = closest(name.value, target.names);
        yield {
          message: 'unknown',
          data: { name: name.value },
          severity: meant === undefined ? 'information' : 'warning',
          span: name.span,
          offset: start,
          fixes:
            meant === undefined
              ? []
              : patchFix(object.document, {
                  title: 'name',
                  data: { meant },
                  safety: 'suggested',
                  patches: [{ kind: 'set', path: [...object.path, 'spec', 'serviceName'], value: meant }],
                }),
        };
      }
      if (target.kind !== 'found' && target.kind !== 'elsewhere') continue;
      const service = target.object.object;
      const related = [
        { message: 'defined' as const, span: service.name?.span ?? service.kind.span, neighbour: target.object },
      ];
      if (target.kind === 'elsewhere') {
        const data = { name: name.value, namespace: service.namespace?.value ?? '' };
        yield { message: 'elsewhere', data, span: name.span, offset: start, related };
        continue;
      }
      const selector = readService(service)?.selector;
      const labels = labelsOfPods(object);
      if (selector !== undefined && labels !== undefined && selects(selector, labels) === 'no')
        yield { message: 'others', data: { name: name.value }, span: name.span, offset: start, related };
      const address = fieldAt(service.root, 'spec', 'clusterIP');
      if (address === 'unknown' || knownText(service.root, 'spec', 'clusterIP')?.value === 'None') continue;
      yield {
        message: 'address',
        data: { name: name.value },
        span: name.span,
        offset: start,
        related,
      };
    }
  },
});
