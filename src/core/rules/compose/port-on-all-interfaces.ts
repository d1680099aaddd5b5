import type { ComposePort } from '../../compose/model.ts';
import { portRange } from '../../compose/port-range.ts';
import { defineRule } from '../../engine/rule.ts';
import { knownText } from '../../yaml/field.ts';
import type { YamlPatch } from '../../yaml/node.ts';
import { patchFix } from '../patch-fix.ts';

/** Ports of databases and caches, which are seldom meant for the world. */
const stores: ReadonlyMap<string, string> = new Map([
  ['1433', 'SQL Server'],
  ['1521', 'Oracle'],
  ['2375', 'the Docker API'],
  ['2379', 'etcd'],
  ['3306', 'MySQL'],
  ['5432', 'PostgreSQL'],
  ['5984', 'CouchDB'],
  ['6379', 'Redis'],
  ['7474', 'Neo4j'],
  ['8086', 'InfluxDB'],
  ['9042', 'Cassandra'],
  ['9200', 'Elasticsearch'],
  ['11211', 'memcached'],
  ['27017', 'MongoDB'],
]);

export default defineRule('compose-service', {
  meta: {
    id: 'compose/port-on-all-interfaces',
    rows: ['C501'],
    summary: 'A published port should name the address that it is for.',
    why: 'A port without a host address is open on every network of the machine, and Docker writes its firewall rules ahead of those of ufw and firewalld, so that a closed firewall does not help. `127.0.0.1:` keeps it to the machine. What other services of the file use needs no published port at all.',
    severity: 'information',
    topic: 'network',
    messages: {
      store: 'Port {port} of {store} is open on all interfaces, past the firewall',
      open: 'Port {port} is open on all interfaces, past the firewall',
      random: 'Port {port} is open on all interfaces, at a host port that Docker chooses',
    },
    titles: { local: 'Publish on 127.0.0.1 only' },
    fix: 'sometimes',
    examples: [
      {
        file: 'compose.yaml',
        bad: `services:
  cache:
    image: redis:8.2
    ports:
      - "6379:6379"
`,
        good: `services:
  cache:
    image: redis:8.2
    ports:
      - "127.0.0.1:6379:6379"
`,
      },
    ],
    options: {},
    sources: ['dclint no-unbound-port-interfaces', 'kics container_traffic_not_bound_to_host_interface'],
  },
  *check({ file, node, ports }) {
    // The host's network has no published ports.
    if (knownText(node, 'network_mode')?.value === 'host') return;
    for (const port of ports) {
      if (port.interpolated || port.target === undefined) continue;
      // Compose refuses anything else.
      if (port.published !== undefined && portRange(port.published.value) === undefined) continue;
      if (port.hostAddress !== undefined && !/^(?:0\.0\.0\.0|\[?::\]?|\*)$/.test(port.hostAddress.value)) continue;
      const store = stores.get(port.target.value);
      yield {
        message: port.published === undefined ? 'random' : store === undefined ? 'open' : 'store',
        severity: store === undefined ? 'information' : 'warning',
        data: { port: (port.published ?? port.target).value, store: store ?? '' },
        // Others are content with any address that is written.
        ...(port.hostAddress !== undefined && { peers: [] }),
        span: port.hostAddress?.span ?? (port.form === 'long' ? (port.published ?? port.target).span : port.span),
        fixes: patchFix(file.document, { title: 'local', safety: 'suggested', patches: [bind(port)] }),
      };
    }
  },
});

function bind({ form, path, hostAddress, text }: ComposePort): YamlPatch {
  if (form === 'long') return { kind: 'set', path: [...path, 'host_ip'], value: '127.0.0.1' };
  const rest = hostAddress === undefined ? text : text.slice(hostAddress.value.length + 1);
  const colons = rest.includes(':') ? ':' : '::';
  return { kind: 'set', path, value: `127.0.0.1${colons}${rest}` };
}
