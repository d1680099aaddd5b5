import type { ComposePort } from '../../compose/model.ts';
import { portCount, portRange } from '../../compose/port-range.ts';
import { defineRule, type Proposal } from '../../engine/rule.ts';
import { replace } from '../../text/edit.ts';

type Found = Proposal<'empty' | 'number' | 'backwards' | 'lengths' | 'protocol' | 'address', 'loopback'>;

export default defineRule('compose-service', {
  meta: {
    id: 'compose/port-invalid',
    rows: ['C107'],
    summary: 'A port mapping should be one that Docker can read.',
    why: 'Compose refuses the whole file where a mapping is not `[address:][published:]target[/protocol]`, with an IP address, numbers up to 65535 and one of the protocols tcp, udp and sctp. A range is mapped to a range of the same length; only a single port of the container may have a range to choose from.',
    severity: 'error',
    topic: 'network',
    messages: {
      empty: 'No port of the container in `{text}`',
      number: '`{text}` is no port: write a number up to 65535, or a range',
      backwards: 'The range `{text}` ends before it begins',
      lengths: '{published} are {one} ports, and {target} are {other}: Docker maps one to one',
      protocol: '`{text}` is no protocol of Docker: write tcp, udp or sctp',
      address: '`{text}` is no IP address: Docker looks up no names here',
    },
    titles: { loopback: 'Write 127.0.0.1' },
    fix: 'sometimes',
    examples: [
      {
        file: 'compose.yaml',
        bad: 'services:\n  web:\n    image: web:1.4\n    ports:\n      - "localhost:8080:80"\n',
        good: 'services:\n  web:\n    image: web:1.4\n    ports:\n      - "127.0.0.1:8080:80"\n',
      },
    ],
    options: {},
    sources: [],
  },
  *check({ ports }) {
    for (const port of ports) {
      // What holds an unknown variable may be anything.
      const found = port.interpolated ? undefined : problem(port);
      if (found !== undefined) yield found;
    }
  },
});

/** The first thing that is wrong with a mapping. */
function problem(port: ComposePort): Found | undefined {
  const { form, text, span, hostAddress, published, target, protocol } = port;
  if (target === undefined) return form === 'long' ? undefined : { message: 'empty', data: { text }, span };
  for (const part of [published, target]) {
    if (part === undefined) continue;
    const range = portRange(part.value);
    const data = { text: part.value };
    if (range === undefined) return { message: 'number', data, span: part.span };
    if (range.last < range.first) return { message: 'backwards', data, span: part.span };
  }
  const from = published && portRange(published.value);
  const to = portRange(target.value);
  if (published && from && to && portCount(from) !== portCount(to) && portCount(to) !== 1)
    return {
      message: 'lengths',
      data: { published: published.value, one: portCount(from), target: target.value, other: portCount(to) },
      span: published.span,
    };
  if (!/^(?:tcp|udp|sctp)$/.test(protocol)) return { message: 'protocol', data: { text: protocol }, span };
  if (form === 'long' || hostAddress === undefined || isAddress(hostAddress.value)) return undefined;
  const own = hostAddress.span.end - hostAddress.span.start === hostAddress.value.length;
  return {
    message: 'address',
    data: { text: hostAddress.value },
    span: hostAddress.span,
    fixes:
      own && hostAddress.value === 'localhost'
        ? [{ title: 'loopback', safety: 'suggested', edits: [replace(hostAddress.span, '127.0.0.1')] }]
        : [],
  };
}

function isAddress(text: string): boolean {
  if (/^\d{1,3}(?:\.\d{1,3}){3}$/.test(text)) return text.split('.').every((part) => Number(part) < 256);
  return /^\[?[\da-f]*:[\da-f:.]*(?:%\w+)?\]?$/i.test(text);
}
