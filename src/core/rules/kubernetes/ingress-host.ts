import { defineRule } from '../../engine/rule.ts';
import { fieldAt, knownMapping, scalarText } from '../../yaml/field.ts';
import { asMapping, entry } from '../../yaml/read.ts';
import { ingressRules, isIngress } from './parts/ingress.ts';

const ingress = (rule: string) => `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
spec:
  rules:
    - ${rule}http:
        paths:
          - path: /
            pathType: Prefix
            backend:
              service:
                name: web
                port:
                  name: http
`;

export default defineRule('kubernetes-object', {
  meta: {
    id: 'kubernetes/ingress-host',
    rows: ['K709'],
    summary: 'The rules of an Ingress should say for which host they are.',
    why: 'A rule without a host takes the requests for every name that leads to the cluster, those of other teams too, and so do a default backend and a wildcard for the names below it. The API server refuses `*` alone.',
    severity: 'information',
    optional: true,
    topic: 'network',
    messages: {
      missing: 'This rule takes the requests for every host',
      any: '`{host}` takes the requests for every host, and the API server refuses it',
      wildcard: '`{host}` takes the requests for every name below it',
      default: 'The default backend takes the requests for every host',
    },
    titles: {},
    fix: 'never',
    examples: [{ file: 'web.yaml', bad: ingress(''), good: ingress('host: shop.example.com\n      ') }],
    options: {
      wildcards: { type: 'boolean', default: false, description: 'Report hosts such as `*.example.com` too.' },
      defaultBackend: { type: 'boolean', default: false, description: 'Report default backends too.' },
    },
    sources: [
      'datree INGRESS_INCORRECT_HOST_VALUE_PERMISSIVE',
      'kyverno disallow-empty-ingress-host',
      'kyverno restrict-ingress-wildcard',
      'kyverno restrict-ingress-defaultbackend',
    ],
  },
  *check(object, { options }) {
    if (!isIngress(object) || object.context === 'patch') return;
    for (const { node, host } of ingressRules(object)) {
      if (host === 'unknown') continue;
      const text = host && scalarText(host);
      if (host === undefined || text === undefined || text.value === '') {
        const mapping = asMapping(node);
        const span = mapping && (entry(mapping, 'host')?.span ?? mapping.pairs[0]?.key.span);
        yield { message: 'missing', span: span ?? node.span };
      } else if (/^\*\.?$/.test(text.value)) {
        yield { message: 'any', severity: 'error', data: { host: text.value }, span: text.span };
      } else if (text.value.includes('*') && options.wildcards) {
        yield { message: 'wildcard', data: { host: text.value }, span: text.span };
      }
    }
    const spec = knownMapping(object.root, 'spec');
    for (const key of options.defaultBackend ? ['defaultBackend', 'backend'] : []) {
      const pair = spec && entry(spec, key);
      if (pair && fieldAt(spec, key) !== undefined) yield { message: 'default', span: pair.key.span };
    }
  },
});
