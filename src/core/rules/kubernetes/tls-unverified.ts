import { defineRule } from '../../engine/rule.ts';
import { fieldAt, knownItems, knownText, scalarText } from '../../yaml/field.ts';
import { booleanOf } from './parts/booleans.ts';

const service = (tls: string) => `apiVersion: apiregistration.k8s.io/v1
kind: APIService
metadata:
  name: v1beta1.metrics.k8s.io
spec:
  service:
    name: metrics-server
    namespace: kube-system
  group: metrics.k8s.io
  version: v1beta1
  ${tls}
  groupPriorityMinimum: 100
  versionPriority: 100
`;

/** Options by which programs are told to take any certificate. */
const option =
  /(?:^|\s)--?(?:insecure-skip-tls-verify|kubelet-insecure-tls|tls-skip-verify|insecure-skip-verify|skip-tls-verify|no-check-certificate|ssl-insecure|ssl-no-verify|tls-insecure-skip-verify|disable-ssl-verification|no-verify-ssl)(?=$|\s|=(?:true|1)\b)/i;

const variable: ReadonlyMap<string, RegExp> = new Map([
  ['NODE_TLS_REJECT_UNAUTHORIZED', /^0$/],
  ['PYTHONHTTPSVERIFY', /^0$/],
  ['GIT_SSL_NO_VERIFY', /^(?:1|true)$/i],
  ['VAULT_SKIP_VERIFY', /^(?:1|true)$/i],
  ['CONSUL_HTTP_SSL_VERIFY', /^(?:0|false)$/i],
]);

export default defineRule('kubernetes-object', {
  meta: {
    id: 'kubernetes/tls-unverified',
    rows: ['K514'],
    summary: 'Certificates should be checked.',
    why: 'Where any certificate will do, whoever can answer in the name of the other side reads and changes what is sent, tokens and passwords among it. A `caBundle` or a mounted certificate of the authority makes the check possible.',
    severity: 'information',
    topic: 'security',
    messages: {
      service: 'The API server passes requests on to whoever answers: give it a caBundle',
      option: 'Takes any certificate: whoever can answer reads and changes what is sent',
    },
    titles: {},
    fix: 'never',
    examples: [
      { file: 'api.yaml', bad: service('insecureSkipTLSVerify: true'), good: service('caBundle: LS0tLS1CRUdJTg==') },
    ],
    options: {},
    sources: ['semgrep skip-tls-verify-service'],
  },
  *check(object) {
    if (object.kind.value === 'APIService') {
      const field = fieldAt(object.root, 'spec', 'insecureSkipTLSVerify');
      if (field !== undefined && field !== 'unknown' && booleanOf(field) === true)
        yield { message: 'service', span: field.span };
    }
    for (const { node } of object.workload?.containers ?? []) {
      for (const key of ['command', 'args']) {
        for (const { node: item } of knownItems(node, key)) {
          const text = scalarText(item);
          if (text && option.test(text.value)) yield { message: 'option', span: text.span };
        }
      }
      for (const { node: item } of knownItems(node, 'env')) {
        const said = knownText(item, 'value');
        const pattern = variable.get(knownText(item, 'name')?.value ?? '');
        if (said && pattern?.test(said.value)) yield { message: 'option', span: said.span };
      }
    }
  },
});
