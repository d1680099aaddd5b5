import { isPlaceholder } from '../../dockerfile/dialect.ts';
import { defineRule } from '../../engine/rule.ts';
import { replace } from '../../text/edit.ts';

const highest = 65535;
const port = /^(\d+)(?:-(\d+))?(?:\/\w*)?$/;

const numberPeers = ['dockerfile-utils INVALID_PORT', 'dockerfilelint invalid_port'];
const rangePeers = ['hadolint DL3011', 'trivy DS-0008', 'kics unix_ports_out_of_range', 'semgrep invalid-port'];
const hostPeers = ['buildkit ExposeInvalidFormat', 'dockerfilelint expose_host_port'];

/** Ports with which nothing can be wrong, as most are. */
const ordinary = /^[1-9]\d{0,3}(?: [1-9]\d{0,3})*$/;

export default defineRule('instruction', {
  meta: {
    id: 'dockerfile/expose-port',
    rows: ['D701', 'D702', 'D127'],
    summary: '`EXPOSE` takes ports of the container, from 1 to 65535.',
    why: 'BuildKit refuses a port above 65535, and nothing listens at 0. An address or a port of the host has no effect here: these are given when the container is started.',
    severity: 'error',
    topic: 'network',
    messages: {
      range: 'There is no port {port}: ports go from 1 to 65535',
      number: '`{port}` is no port: `EXPOSE` takes numbers, as in `80`, `80/udp` or `8000-8010`',
      order: 'This range of ports ends before it begins',
      host: '`EXPOSE` takes no address or port of the host: only `{kept}` counts',
    },
    titles: { keep: 'Write `{kept}`' },
    fix: 'sometimes',
    examples: [
      { file: 'Dockerfile', bad: 'FROM nginx:1.29\nEXPOSE 8080:80\n', good: 'FROM nginx:1.29\nEXPOSE 80\n' },
      { file: 'Dockerfile', bad: 'FROM nginx:1.29\nEXPOSE 80000\n', good: 'FROM nginx:1.29\nEXPOSE 8000\n' },
    ],
    options: {},
    sources: [...numberPeers, ...rangePeers, ...hostPeers],
  },
  only: ['expose'],
  when: ({ instruction }) => !ordinary.test(instruction.arguments.text),
  *check({ instruction }) {
    for (const word of instruction.words) {
      if (!word.constant) continue;
      const kept = word.value.slice(word.value.lastIndexOf(':') + 1);
      const match = port.exec(kept);
      if (match === null) {
        if (/^#/.test(word.text)) return;
        // What a template fills in is no port yet.
        if (!isPlaceholder(word.text))
          yield { message: 'number', data: { port: word.value }, span: word.span, peers: numberPeers };
        continue;
      }
      const [, from, to] = match;
      if (to !== undefined && Number(from) > Number(to)) {
        yield { message: 'order', span: word.span, peers: numberPeers };
        continue;
      }
      const wrong = [from, to].find((written) => {
        return written !== undefined && (Number(written) > highest || Number(written) === 0);
      });
      if (wrong !== undefined) {
        // Builders let 0 pass, and nothing can listen there.
        const severity = Number(wrong) === 0 ? 'warning' : 'error';
        const peers = [...numberPeers, ...rangePeers];
        yield { message: 'range', data: { port: wrong }, span: word.span, severity, peers };
      } else if (kept !== word.value) {
        yield {
          message: 'host',
          data: { kept },
          span: word.span,
          peers: hostPeers,
          severity: 'warning',
          fixes: [{ title: 'keep', safety: 'safe', edits: [replace(word.span, kept)] }],
        };
      }
    }
  },
});
