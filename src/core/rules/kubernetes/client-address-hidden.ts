import { defineRule } from '../../engine/rule.ts';
import { readService } from '../../kubernetes/service.ts';
import { fieldAt, knownText } from '../../yaml/field.ts';
import { patchFix } from '../patch-fix.ts';

const manifest = (policy: string) => `apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  type: LoadBalancer
  selector:
    app: web
  ports:
    - port: 80
${policy}`;

export default defineRule('kubernetes-object', {
  meta: {
    id: 'kubernetes/client-address-hidden',
    rows: ['K716'],
    summary: 'A Service that is reached from outside may keep the addresses of its clients.',
    why: 'With `externalTrafficPolicy: Cluster`, which is the default, any node takes a connection and passes it on in its own name: logs, limits by address and `loadBalancerSourceRanges` of the pods see nodes, and each request takes one step more. `Local` sends only to nodes that have a pod of the Service. Off by default: with few pods `Local` spreads the load unevenly.',
    severity: 'information',
    optional: true,
    topic: 'network',
    messages: { hidden: 'Its pods see the addresses of nodes, not of clients' },
    titles: { local: 'Set externalTrafficPolicy: Local' },
    fix: 'sometimes',
    examples: [{ file: 'web.yaml', bad: manifest(''), good: manifest('  externalTrafficPolicy: Local\n') }],
    options: {},
    sources: ['popeye 1107'],
  },
  *check(object) {
    const service = readService(object);
    if (service === undefined || object.context === 'patch') return;
    if (service.type !== 'LoadBalancer' && service.type !== 'NodePort') return;
    const field = fieldAt(object.root, 'spec', 'externalTrafficPolicy');
    const policy = knownText(object.root, 'spec', 'externalTrafficPolicy');
    if (field !== undefined && policy?.value !== 'Cluster') return;
    yield {
      message: 'hidden',
      span: policy?.span ?? knownText(object.root, 'spec', 'type')?.span ?? object.kind.span,
      fixes: patchFix(object.document, {
        title: 'local',
        safety: 'suggested',
        patches: [{ kind: 'set', path: [...object.path, 'spec', 'externalTrafficPolicy'], value: 'Local' }],
      }),
    };
  },
});
