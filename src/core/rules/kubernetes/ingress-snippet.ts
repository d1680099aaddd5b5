import { defineRule } from '../../engine/rule.ts';

const ingress = (annotation: string) => `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
  annotations:
    ${annotation}
spec:
  ingressClassName: nginx
  defaultBackend:
    service:
      name: web
      port:
        number: 80
`;

const nginx = 'nginx.ingress.kubernetes.io/';

/** Peers that look for code in Lua, for `alias`, and for a snippet whatever it says. */
const lua = 'checkov CKV_K8S_152';
const alias = 'checkov CKV_K8S_154';
const every = [
  'checkov CKV_K8S_153',
  'kubescape C-0059',
  'kyverno disallow-ingress-nginx-custom-snippets',
  'datree CVE2021_25742',
];
/** These look at what an annotation holds, whichever it is. */
const holding = 'trivy KCV-0093';
const reading = 'kyverno restrict-annotations';

/** Values that ingress-nginx writes into its configuration as they are. */
const written =
  /^(?:auth-url|auth-signin|auth-proxy-set-headers|auth-tls-match-cn|mirror-target|mirror-host|permanent-redirect|temporal-redirect|upstream-vhost|x-forwarded-prefix)$/;

/** Characters that end a setting of nginx, or begin another; none is part of a URL or a host name. */
const breaksOut = /[\n\r;{}|`"\\]/;

/** Settings that read files of the controller, where its token and all TLS keys are, or run code in it. */
const reads =
  /(?:^|[\s;{])(?:alias|root|include|load_module)\s|_by_lua|\/etc\/(?:passwd|shadow|group|nginx|ingress-controller)|\/var\/run\/secrets/;

export default defineRule('kubernetes-object', {
  meta: {
    id: 'kubernetes/ingress-snippet',
    rows: ['K515'],
    summary: 'An Ingress should not bring configuration of nginx along.',
    why: 'What a `-snippet` annotation holds becomes part of the configuration of the ingress controller, which has the TLS keys and often the Secrets of the whole cluster: who may write an Ingress can read them (CVE-2021-25742). Since 1.9, ingress-nginx ignores snippets unless it is told not to. Characters that end a setting do the same by other annotations (CVE-2025-1097, CVE-2025-1098, CVE-2025-24514).',
    severity: 'information',
    topic: 'security',
    messages: {
      snippet: 'Becomes configuration of the ingress controller, or is ignored: snippets are off by default',
      reads: 'Runs code or reads files in the ingress controller, which has the keys of the whole cluster',
      injection: '{character} ends the setting that this value is written into: the rest becomes configuration',
    },
    titles: {},
    fix: 'never',
    examples: [
      {
        file: 'ingress.yaml',
        bad: ingress(`${nginx}configuration-snippet: more_set_headers "X-Frame-Options SAMEORIGIN";`),
        good: ingress(`${nginx}custom-headers: shop/headers`),
      },
    ],
    options: {},
    sources: [...every, holding, reading, lua, alias],
  },
  *check({ kind, annotations }) {
    if (kind.value !== 'Ingress') return;
    for (const [key, { value, span }] of annotations) {
      const name = key.startsWith(nginx) ? key.slice(nginx.length) : undefined;
      if (name === undefined) continue;
      const peers = name.endsWith('-snippet') ? [...every, holding] : [holding];
      if (/lua_|_lua|kubernetes\.io/.test(value)) peers.push(lua);
      if (value.includes('alias')) peers.push(alias);
      if (reads.test(value)) {
        peers.push(reading);
        yield { message: 'reads', severity: 'warning', span, peers };
      } else if (name.endsWith('-snippet')) {
        yield { message: 'snippet', span, peers };
      } else if (written.test(name)) {
        const found = breaksOut.exec(value.trimEnd())?.[0];
        if (found === undefined) continue;
        const character = found === '\n' || found === '\r' ? 'A line break' : `\`${found}\``;
        yield { message: 'injection', severity: 'warning', data: { character }, span, peers };
      }
    }
  },
});
