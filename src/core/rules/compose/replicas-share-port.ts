import type { ComposeFile, ComposePort } from '../../compose/model.ts';
import { defineRule } from '../../engine/rule.ts';
import { onceFor } from '../../text/once-for.ts';
import { fieldAt, knownMapping, knownText } from '../../yaml/field.ts';
import type { YamlPatch } from '../../yaml/node.ts';
import { entries } from '../../yaml/read.ts';
import { patchFix } from '../patch-fix.ts';

const swarmKeys = ['placement', 'update_config', 'rollback_config', 'endpoint_mode', 'mode'];

/**
 * Whether the file may be meant for Swarm, where one port serves all replicas of a service. `docker stack deploy` takes
 * only files that say `version: "3"`.
 */
const mayBeForSwarm = onceFor(({ root, services }: ComposeFile): boolean => {
  const networks = knownMapping(root, 'networks');
  return (
    knownText(root, 'version')?.value.startsWith('3') === true ||
    services.some(({ node }) => swarmKeys.some((key) => fieldAt(node, 'deploy', key) !== undefined)) ||
    (networks ? entries(networks) : []).some(({ value }) => knownText(value, 'driver')?.value === 'overlay')
  );
});

export default defineRule('compose-service', {
  meta: {
    id: 'compose/replicas-share-port',
    rows: ['C408'],
    summary: 'Replicas of a service should not need the same port of the machine.',
    why: 'A port of the machine can be given to one container: `docker compose up` starts the first replica, and fails at the second because the port is taken. With a range, Docker gives each replica one of its ports; with no host port at all, it chooses them. In Swarm all replicas answer on one port: `deploy.replicas` is left alone in files that may be for it.',
    severity: 'warning',
    topic: 'network',
    messages: { taken: '{replicas} replicas, and one host port {port}: the second container cannot start' },
    titles: { range: 'Publish {range}, one port for each' },
    fix: 'sometimes',
    examples: [
      {
        file: 'compose.yaml',
        bad: 'services:\n  web:\n    image: web:1.4\n    scale: 3\n    ports:\n      - "8080:80"\n',
        good: 'services:\n  web:\n    image: web:1.4\n    scale: 3\n    ports:\n      - "8080-8082:80"\n',
      },
    ],
    options: {},
    sources: [],
  },
  *check({ node, ports, resources, file }) {
    const { replicas } = resources;
    const count = /^\d{1,4}$/.test(replicas?.value ?? '') ? Number(replicas?.value) : 1;
    if (
      count < 2 ||
      (mayBeForSwarm(file) && fieldAt(node, 'scale') === undefined) ||
      knownText(node, 'network_mode')?.value === 'host'
    )
      return;
    for (const port of ports) {
      const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(port.published?.value ?? '');
      if (port.interpolated || port.published === undefined || match === null) continue;
      const first = Number(match[1]);
      const last = Number(match[2] ?? first);
      // A range to a range gives each port of the one to a port of the other.
      const each = port.target?.value.includes('-') ? 1 : last - first + 1;
      if (each >= count) continue;
      const range = `${first}-${first + count - 1}`;
      yield {
        message: 'taken',
        data: { replicas: count, port: port.published.value },
        span: port.published.span,
        fixes:
          match[2] !== undefined || first + count - 1 > 65_535
            ? []
            : patchFix(file.document, {
                title: 'range',
                data: { range },
                safety: 'suggested',
                patches: [withPublished(port, port.published.value, range)],
              }),
      };
    }
  },
});

function withPublished({ form, path, text }: ComposePort, published: string, range: string): YamlPatch {
  if (form === 'long') return { kind: 'set', path: [...path, 'published'], value: range };
  const target = text.slice(text.lastIndexOf(':'));
  const address = text.slice(0, text.length - target.length - published.length);
  return { kind: 'set', path, value: `${address}${range}${target}` };
}
