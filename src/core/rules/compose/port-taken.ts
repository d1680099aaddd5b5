import type { ComposePort, ComposeService } from '../../compose/model.ts';
import { type PortRange, portCount, portRange } from '../../compose/port-range.ts';
import { defineRule } from '../../engine/rule.ts';
import type { Span } from '../../text/span.ts';
import { fieldAt, knownItems, knownText, scalarText } from '../../yaml/field.ts';

/** A port of the machine that a service wants. */
interface Taken {
  readonly service: ComposeService;
  readonly port: ComposePort;
  readonly range: PortRange;
  /** Docker may choose one of the range. */
  readonly choice: boolean;
  readonly span: Span;
}

export default defineRule('compose-file', {
  meta: {
    id: 'compose/port-taken',
    rows: ['C105'],
    summary: 'A port of the machine should be published once.',
    why: 'A port of the machine can be given to one container, for each address and protocol: the second that asks for it does not start. Where Docker may choose from a range, it takes what is free, and which service gets which port depends on the order in which they start. Services of different profiles need not run together and are left alone.',
    severity: 'error',
    topic: 'network',
    messages: {
      taken: 'Service {other} has host port {port} too: the second container cannot start',
      twice: 'Host port {port} is published twice here: the container cannot start',
      overlap: 'The range meets host port {port} of service {other}: who gets it depends on the order of start',
      first: 'Published here first',
    },
    titles: {},
    fix: 'never',
    examples: [
      {
        file: 'compose.yaml',
        bad: 'services:\n  a:\n    image: a:1\n    ports: ["8080:80"]\n  b:\n    image: b:1\n    ports: ["127.0.0.1:8080:8000"]\n',
        good: 'services:\n  a:\n    image: a:1\n    ports: ["8080:80"]\n  b:\n    image: b:1\n    ports: ["127.0.0.1:8081:8000"]\n',
      },
    ],
    options: {},
    sources: ['dclint no-duplicate-exported-ports'],
  },
  *check({ services }) {
    const earlier: Taken[] = [];
    for (const one of services.flatMap(portsOf)) {
      const met = earlier.find((other) => meet(one, other));
      earlier.push(one);
      if (met === undefined) continue;
      const port = met.choice ? one.range.first : Math.max(one.range.first, met.range.first);
      const same = met.service === one.service;
      const unsure = met.choice || one.choice;
      yield {
        message: unsure ? 'overlap' : same ? 'twice' : 'taken',
        ...(unsure && { severity: 'information' }),
        data: { other: met.service.name.value, port },
        span: one.span,
        related: [{ message: 'first', span: met.span }],
      };
    }
  },
});

function portsOf(service: ComposeService): readonly Taken[] {
  const { node, ports, name } = service;
  // On the network of the machine, or of another service, nothing is published.
  if (fieldAt(node, 'network_mode') !== undefined && knownText(node, 'network_mode')?.value !== 'bridge') return [];
  return ports.flatMap((port) => {
    const range = port.published && portRange(port.published.value);
    if (port.interpolated || port.published === undefined || range === undefined || range.first === 0) return [];
    const target = portRange(port.target?.value ?? '');
    const choice = portCount(range) > 1 && target !== undefined && portCount(target) === 1;
    const { span } = port.published;
    const own = span.start >= node.span.start && span.end <= node.span.end && node.span.start >= name.span.end;
    return [{ service, port, range, choice, span: own ? span : name.span }];
  });
}

function meet(a: Taken, b: Taken): boolean {
  if (a.range.last < b.range.first || b.range.last < a.range.first) return false;
  if (a.port.protocol !== b.port.protocol || !runTogether(a.service, b.service)) return false;
  const other = addressesOf(b.port);
  return addressesOf(a.port).some(([family, address]) =>
    other.some(([its, at]) => its === family && (at === address || at === '*' || address === '*')),
  );
}

/** The addresses that a port is open on, `*` for all of a family. */
function addressesOf({ hostAddress }: ComposePort): readonly (readonly [family: 4 | 6, address: string])[] {
  const address = hostAddress?.value.replace(/^\[(.*)\]$/, '$1');
  if (address === undefined || address === '') {
    return [
      [4, '*'],
      [6, '*'],
    ];
  }
  if (address === '0.0.0.0') return [[4, '*']];
  if (address === '::') return [[6, '*']];
  return [[address.includes(':') ? 6 : 4, address]];
}

/** Whether two services are started at once: both always, or both by the same profile. */
function runTogether(a: ComposeService, b: ComposeService): boolean {
  const [one, other] = [a, b].map(({ node }) =>
    fieldAt(node, 'profiles') === undefined
      ? undefined
      : knownItems(node, 'profiles').flatMap(({ node: item }) => scalarText(item)?.value ?? []),
  );
  if (a === b || (one === undefined && other === undefined)) return true;
  return one?.some((profile) => other?.includes(profile)) === true;
}
