import { keySpan } from '../../compose/key-span.ts';
import { defineRule } from '../../engine/rule.ts';
import { fieldAt, knownItems, knownMapping, knownText } from '../../yaml/field.ts';
import { patchFix } from '../patch-fix.ts';

export default defineRule('compose-service', {
  meta: {
    id: 'compose/network-mode-conflict',
    rows: ['C110'],
    summary: 'A service with a network mode should have neither networks nor ports.',
    why: 'Compose refuses a service with both `network_mode` and `networks`. On the network of another container no port can be published: Docker refuses that, too. With the network of the machine, or with none, it leaves `ports` out: the service listens on the ports that its program opens, and on no others.',
    severity: 'error',
    topic: 'network',
    messages: {
      networks: '`network_mode` and `networks`: Compose refuses a service with both',
      container: 'Ports cannot be published on the network of another container: publish them there',
      ignored: '`ports` are left out with `network_mode: {mode}`',
    },
    titles: {
      mode: 'Remove network_mode',
      networks: 'Remove networks',
      ports: 'Remove ports',
    },
    fix: 'sometimes',
    examples: [
      {
        file: 'compose.yaml',
        bad: 'services:\n  web:\n    image: web:1.4\n    network_mode: host\n    networks: [front]\nnetworks:\n  front: {}\n',
        good: 'services:\n  web:\n    image: web:1.4\n    networks: [front]\nnetworks:\n  front: {}\n',
      },
      {
        file: 'compose.yaml',
        bad: 'services:\n  web:\n    image: web:1.4\n    network_mode: host\n    ports: ["8080:80"]\n',
        good: 'services:\n  web:\n    image: web:1.4\n    network_mode: host\n',
      },
    ],
    options: {},
    sources: [],
  },
  *check(service) {
    const { node, path, file, ports } = service;
    const mode = knownText(node, 'network_mode');
    if (mode === undefined || mode.value.includes('$')) return;
    const remove = <const Title extends 'mode' | 'networks' | 'ports'>(title: Title, key: string) =>
      patchFix(file.document, { title, safety: 'suggested', patches: [{ kind: 'remove', path: [...path, key] }] });
    const networks = knownItems(node, 'networks').length > 0 || (knownMapping(node, 'networks')?.pairs.length ?? 0) > 0;
    if (networks && fieldAt(node, 'networks') !== 'unknown')
      yield {
        message: 'networks',
        span: keySpan(service, 'network_mode'),
        fixes: [...remove('mode', 'network_mode'), ...remove('networks', 'networks')],
      };
    if (ports.length === 0) return;
    if (/^(?:service|container):/.test(mode.value))
      yield { message: 'container', span: keySpan(service, 'ports'), fixes: remove('ports', 'ports') };
    else if (mode.value === 'host' || mode.value === 'none')
      yield {
        message: 'ignored',
        severity: 'warning',
        data: { mode: mode.value },
        span: keySpan(service, 'ports'),
        fixes: remove('ports', 'ports'),
      };
  },
});
