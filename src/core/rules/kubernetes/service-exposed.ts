import { defineRule } from '../../engine/rule.ts';
import { readService } from '../../kubernetes/service.ts';
import { fieldAt, knownItems, knownText } from '../../yaml/field.ts';
import type { YamlPatch } from '../../yaml/node.ts';
import { patchFix } from '../patch-fix.ts';

const service = (type: string) => `apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  type: ${type}
  selector:
    app: web
  ports:
    - port: 80
`;

/** Annotations by which a cloud's load balancer gets no public address. */
const internal =
  /load-balancer-(?:internal|type|scheme)$|load-balancer-internal|address-type$|ip-type$|openstack-internal-load-balancer$/;

/** Peers that mind one type alone. */
const minding = {
  NodePort: [
    'kics service_type_is_nodeport',
    'datree SERVICE_INCORRECT_TYPE_VALUE_NODEPORT',
    'kube-score service-type',
    'kyverno restrict-node-port',
    'popeye 1104',
  ],
  LoadBalancer: ['kics service_with_external_load_balancer', 'kyverno restrict-loadbalancer', 'popeye 1103'],
};
const mindingBoth = ['kube-linter exposed-services', 'kubescape C-0256', 'monokle KBP114'];

/** Fields that the API server only takes while a Service is reached from outside. */
const outsideOnly = [
  'externalTrafficPolicy',
  'healthCheckNodePort',
  'loadBalancerIP',
  'loadBalancerClass',
  'loadBalancerSourceRanges',
  'allocateLoadBalancerNodePorts',
];

export default defineRule('kubernetes-object', {
  meta: {
    id: 'kubernetes/service-exposed',
    rows: ['K701'],
    summary: 'A Service should only be reachable from outside where that is meant.',
    why: 'A NodePort opens a port on every node of the cluster, past any Ingress and its TLS; a LoadBalancer is most often a public address of its own. Load balancers that are internal by their annotation, or that name the addresses they take, are left alone.',
    severity: 'information',
    optional: true,
    topic: 'network',
    messages: {
      node: 'This opens a port on every node of the cluster',
      balancer: 'This asks for a load balancer, which may be open to everyone',
      world: 'The load balancer takes requests from everywhere',
    },
    titles: { inside: 'Make it a ClusterIP' },
    fix: 'sometimes',
    examples: [{ file: 'web.yaml', bad: service('NodePort'), good: service('ClusterIP') }],
    options: {},
    sources: [...mindingBoth, ...minding.NodePort, ...minding.LoadBalancer],
  },
  *check(object) {
    if (readService(object) === undefined) return;
    const { root, document, path } = object;
    const type = knownText(root, 'spec', 'type');
    if (type?.value !== 'NodePort' && type?.value !== 'LoadBalancer') return;
    const ranges = knownItems(root, 'spec', 'loadBalancerSourceRanges').flatMap(({ node }) => knownText(node) ?? []);
    const world = ranges.find(({ value }) => value === '0.0.0.0/0' || value === '::/0');
    if (type.value === 'LoadBalancer') {
      if (world === undefined && fieldAt(root, 'spec', 'loadBalancerSourceRanges') !== undefined) return;
      if ([...object.annotations].some(([key, { value }]) => internal.test(key) && isInternal(value))) return;
    }
    const spec = [...path, 'spec'];
    const patches: YamlPatch[] = [{ kind: 'set', path: [...spec, 'type'], value: 'ClusterIP' }];
    for (const field of outsideOnly)
      if (fieldAt(root, 'spec', field) !== undefined) patches.push({ kind: 'remove', path: [...spec, field] });
    for (const { index, node } of knownItems(root, 'spec', 'ports'))
      if (fieldAt(node, 'nodePort') !== undefined)
        patches.push({ kind: 'remove', path: [...spec, 'ports', index, 'nodePort'] });
    yield {
      message: type.value === 'NodePort' ? 'node' : world === undefined ? 'balancer' : 'world',
      span: type.value === 'LoadBalancer' && world !== undefined ? world.span : type.span,
      peers: [...mindingBoth, ...minding[type.value]],
      fixes: patchFix(document, { title: 'inside', safety: 'suggested', patches }),
    };
  },
});

function isInternal(value: string): boolean {
  return /^(?:true|yes|internal|private|intranet|0\.0\.0\.0\/0)$/i.test(value);
}
