import { defineRule } from '../../engine/rule.ts';
import { readService } from '../../kubernetes/service.ts';
import { fieldAt, knownMapping } from '../../yaml/field.ts';
import { asSequence, entry } from '../../yaml/read.ts';
import { patchFix } from '../patch-fix.ts';

const service = (more: string) => `apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector:
    app: web
${more}  ports:
    - port: 80
`;

export default defineRule('kubernetes-object', {
  meta: {
    id: 'kubernetes/external-ips',
    rows: ['K702'],
    summary: 'A Service should not claim external addresses.',
    why: 'Every node sends what goes to an address in `externalIPs` to this Service, and nothing checks whose address it is: who may make Services can read the traffic of others (CVE-2020-8554). Many clusters refuse the field. An Ingress or a load balancer gets an address that is its own.',
    severity: 'warning',
    topic: 'network',
    messages: { claimed: 'Traffic to these addresses is taken from every node, whoever they belong to' },
    titles: { remove: 'Remove externalIPs' },
    fix: 'sometimes',
    examples: [{ file: 'web.yaml', bad: service('  externalIPs:\n    - 192.0.2.10\n'), good: service('') }],
    options: {},
    sources: ['trivy KSV-0108', 'kyverno restrict-service-external-ips', 'kubescape C-0283'],
  },
  *check(object) {
    if (readService(object) === undefined) return;
    const field = fieldAt(object.root, 'spec', 'externalIPs');
    if (field === undefined || field === 'unknown') return;
    const list = asSequence(field);
    const spec = knownMapping(object.root, 'spec');
    const key = spec && entry(spec, 'externalIPs')?.key;
    // A template may leave the list empty.
    if (list === undefined || list.items.length === 0 || key === undefined) return;
    const patches = [{ kind: 'remove', path: [...object.path, 'spec', 'externalIPs'] }] as const;
    yield {
      message: 'claimed',
      span: key.span,
      fixes: patchFix(object.document, { title: 'remove', safety: 'suggested', patches }),
    };
  },
});
