import { defineRule } from '../../engine/rule.ts';
import { readService } from '../../kubernetes/service.ts';
import { knownText } from '../../yaml/field.ts';

const manifest = (name: string) => `apiVersion: v1
kind: Service
metadata:
  name: database
spec:
  type: ExternalName
  externalName: ${name}
`;

export default defineRule('kubernetes-object', {
  meta: {
    id: 'kubernetes/external-name-local',
    rows: ['K715'],
    summary: 'An ExternalName should be the name of another host.',
    why: 'A Service of the type ExternalName is an alias in DNS. `localhost` is whoever asks: an ingress controller or a proxy that follows such a name sends requests of others to its own ports, which trust what comes from the same machine. An address is no name: DNS does not answer for it.',
    severity: 'warning',
    topic: 'network',
    messages: {
      local: '`{name}` is whoever asks: a proxy that follows it reaches its own ports',
      address: '`{name}` is an address, and DNS has no alias for one: EndpointSlices take it',
    },
    titles: {},
    fix: 'never',
    examples: [{ file: 'database.yaml', bad: manifest('localhost'), good: manifest('db.example.com') }],
    options: {},
    sources: ['kyverno disallow-localhost-services'],
  },
  *check(object) {
    if (readService(object)?.type !== 'ExternalName') return;
    const name = knownText(object.root, 'spec', 'externalName');
    if (name === undefined) return;
    const plain = name.value.toLowerCase().replace(/\.$/, '');
    const local = /^(?:.*\.)?localhost(?:\.localdomain)?$|^127\.|^::1$/.test(plain);
    if (!local && !/^\d+(?:\.\d+){3}$|:/.test(plain)) return;
    yield { message: local ? 'local' : 'address', data: { name: name.value }, span: name.span };
  },
});
