import { defineRule } from '../../engine/rule.ts';
import { replace } from '../../text/edit.ts';

const protocols: ReadonlySet<string> = new Set(['tcp', 'udp', 'sctp']);

export default defineRule('instruction', {
  meta: {
    id: 'dockerfile/expose-protocol',
    rows: ['D703'],
    summary: 'The protocol of a port is `tcp`, `udp` or `sctp`, in small letters.',
    why: 'Builders refuse any other protocol. Capitals are taken, but BuildKit warns of them: comparisons elsewhere expect small letters.',
    severity: 'error',
    topic: 'network',
    messages: {
      casing: '`{protocol}` should be `{lower}`',
      unknown: 'There is no protocol `{protocol}`: ports are of `tcp`, `udp` or `sctp`',
      empty: 'A protocol is missing behind the `/`',
    },
    titles: { lower: 'Change to `{lower}`' },
    fix: 'sometimes',
    examples: [
      { file: 'Dockerfile', bad: 'FROM nginx:1.29\nEXPOSE 80/TCP\n', good: 'FROM nginx:1.29\nEXPOSE 80/tcp\n' },
    ],
    options: {},
    sources: ['buildkit ExposeProtoCasing', 'dockerfile-utils INVALID_PROTO'],
  },
  only: ['expose'],
  when: ({ instruction }) => instruction.arguments.text.includes('/'),
  *check({ instruction }) {
    for (const { text, value, span } of instruction.words) {
      // A variable may hold the port, the protocol is judged all the same.
      const cut = text.lastIndexOf('/');
      const protocol = text.slice(cut + 1);
      if (cut < 0 || text.slice(cut).includes('}') || !/^[\w-]*$/.test(protocol)) continue;
      const lower = protocol.toLowerCase();
      const written = span.end - span.start === text.length;
      const at = { start: span.start + cut + 1, end: span.end };
      if (protocol === '') {
        if (value === text) yield { message: 'empty', span, severity: 'warning' };
      } else if (!protocols.has(lower)) {
        yield { message: 'unknown', data: { protocol }, span: written ? at : span };
      } else if (lower !== protocol) {
        yield {
          message: 'casing',
          data: { protocol, lower },
          span: written ? at : span,
          severity: 'warning',
          fixes: written ? [{ title: 'lower', data: { lower }, safety: 'safe', edits: [replace(at, lower)] }] : [],
        };
      }
    }
  },
});
