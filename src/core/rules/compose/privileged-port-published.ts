import { keySpan } from '../../compose/key-span.ts';
import type { ComposePort } from '../../compose/model.ts';
import { defineRule } from '../../engine/rule.ts';
import { knownItems, scalarText } from '../../yaml/field.ts';

export default defineRule('compose-service', {
  meta: {
    id: 'compose/privileged-port-published',
    rows: ['C502'],
    summary: 'A service should listen on a port from 1024 on, and be published on one.',
    why: 'Ports below 1024 are for root: rootless Docker and Podman cannot publish them without a change to the machine, and outside of Docker, which takes the bound away inside its containers, a service cannot listen on one as a user of its own. A service that drops NET_BIND_SERVICE cannot either way, and is left alone.',
    severity: 'information',
    optional: true,
    topic: 'network',
    messages: { low: 'Only root can use {ports} without more ado' },
    titles: {},
    fix: 'never',
    examples: [
      {
        file: 'compose.yaml',
        bad: 'services:\n  web:\n    image: web:1.4\n    ports:\n      - "80:8080"\n',
        good: 'services:\n  web:\n    image: web:1.4\n    ports:\n      - "8080:8080"\n',
      },
    ],
    options: {},
    sources: ['kics privileged_ports_mapped_in_container'],
  },
  *check(service) {
    const { node, ports } = service;
    const dropped = knownItems(node, 'cap_drop').map(({ node: item }) => scalarText(item)?.value ?? '');
    if (dropped.some((name) => /^(?:CAP_)?(?:NET_BIND_SERVICE|ALL)$/i.test(name))) return;
    const low = [...new Set(ports.flatMap(lowPorts))];
    if (low.length === 0) return;
    const words = low.length === 1 ? `port ${low.join()}` : `ports ${low.join(', ')}`;
    yield { message: 'low', data: { ports: words }, span: keySpan(service, 'ports') };
  },
});

function lowPorts({ published, target, interpolated }: ComposePort): readonly string[] {
  if (interpolated) return [];
  return [published?.value ?? '', target?.value ?? ''].filter((text) => {
    const first = Number(/^(\d{1,5})(?:-\d{1,5})?$/.exec(text)?.[1] ?? '0');
    return first > 0 && first < 1024;
  });
}
