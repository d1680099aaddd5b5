import { defineRule } from '../../engine/rule.ts';
import type { KubernetesObject } from '../../kubernetes/model.ts';
import { fieldAt, knownItems, knownText, mayHide, scalarText } from '../../yaml/field.ts';
import { asSequence, valueAt } from '../../yaml/read.ts';
import { patchFix } from '../patch-fix.ts';
import { ingressRules, isIngress } from './parts/ingress.ts';

const ingress = (tls: string) => `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
spec:
  rules:
    - host: shop.example.com
${tls}`;

/** Annotations that bring a certificate without `spec.tls`. */
const certified =
  /certificate-arn$|managed-certificates$|pre-shared-cert$|appgw-ssl-certificate$|router\.tls|entrypoints$|listen-ports$|ssl-passthrough$|tls-cert$/;

export default defineRule('kubernetes-object', {
  meta: {
    id: 'kubernetes/ingress-without-tls',
    rows: ['K707'],
    summary: 'An Ingress should name a certificate for each of its hosts.',
    why: 'Without `spec.tls` an Ingress answers in plain HTTP, and what is sent can be read and changed on its way. A host that no entry names gets the certificate of the controller, which browsers refuse. Where TLS ends before the cluster this does not matter.',
    severity: 'information',
    topic: 'network',
    messages: {
      none: 'This Ingress has no TLS',
      host: 'No entry of `spec.tls` is for {host}',
    },
    titles: { add: 'Add TLS with a certificate from a Secret' },
    fix: 'sometimes',
    examples: [
      {
        file: 'web.yaml',
        bad: ingress(''),
        good: ingress('  tls:\n    - hosts:\n        - shop.example.com\n      secretName: <secret>\n'),
      },
    ],
    options: {},
    sources: [
      'polaris tlsSettingsMissing',
      'kubescape C-0263',
      'kyverno require-ingress-https',
      'kyverno ingress-host-match-tls',
    ],
  },
  *check(object) {
    if (!isIngress(object) || object.context === 'patch' || mayHide(object.root, 'metadata', 'annotations')) return;
    if ([...object.annotations.keys()].some((key) => certified.test(key))) return;
    const { root, document, path } = object;
    if (mayHide(root, 'spec', 'tls')) return;
    const hosts = hostsOf(object);
    const entries = knownItems(root, 'spec', 'tls');
    const at = [...path, 'spec', 'tls'];
    const value = (list: readonly string[]) => ({ ...(list.length > 0 && { hosts: list }), secretName: '<secret>' });
    if (fieldAt(root, 'spec', 'tls') === undefined || entries.length === 0) {
      const known = [...new Set(hosts.map((host) => host.value))];
      yield {
        message: 'none',
        span: object.name?.span ?? object.kind.span,
        fixes: patchFix(document, {
          title: 'add',
          safety: 'manual',
          patches: [{ kind: 'append', path: at, value: value(known) }],
        }),
      };
      return;
    }
    // An entry without hosts is for all of them.
    if (entries.some(({ node }) => fieldAt(node, 'hosts') === undefined || mayHide(node, 'hosts'))) return;
    const named = entries.flatMap(({ node }) =>
      knownItems(node, 'hosts').flatMap((item) => scalarText(item.node) ?? []),
    );
    const written = entries.reduce((sum, { node }) => sum + (asSequence(valueAt(node, 'hosts'))?.items.length ?? 0), 0);
    if (named.length < written) return;
    for (const host of hosts) {
      if (named.some((one) => covers(one.value, host.value))) continue;
      yield {
        message: 'host',
        data: { host: host.value },
        span: host.span,
        fixes: patchFix(document, {
          title: 'add',
          safety: 'manual',
          patches: [{ kind: 'append', path: at, value: value([host.value]) }],
        }),
      };
    }
  },
});

function hostsOf(object: KubernetesObject) {
  return ingressRules(object).flatMap(({ node }) => {
    const host = knownText(node, 'host');
    return host === undefined || host.value === '' || /[$<{]/.test(host.value) ? [] : [host];
  });
}

/** A wildcard stands for one label. */
function covers(certificate: string, host: string): boolean {
  if (certificate === host) return true;
  return certificate.startsWith('*.') && host.slice(host.indexOf('.')) === certificate.slice(1);
}
