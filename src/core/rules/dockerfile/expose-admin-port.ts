import { removeListed } from '../../dockerfile/edit.ts';
import { valueAt } from '../../dockerfile/folders.ts';
import type { Instruction } from '../../dockerfile/model.ts';
import { defineRule } from '../../engine/rule.ts';
import type { Span } from '../../text/span.ts';

/** What administrators log in by, as IANA has the ports. */
const services: ReadonlyMap<number, string> = new Map([
  [22, 'SSH'],
  [23, 'Telnet'],
  [3389, 'Remote Desktop'],
  [5800, 'VNC'],
  [5900, 'VNC'],
]);

const sshPeers = ['checkov CKV_DOCKER_1', 'trivy DS-0004', 'sonar S6473', 'kics exposing_port_22'];

interface AdminPort {
  readonly port: number;
  readonly service: string;
  readonly range: boolean;
}

function adminPort(written: string): AdminPort | undefined {
  const match = /^(\d+)(?:-(\d+))?(?:\/tcp)?$/i.exec(written.slice(written.lastIndexOf(':') + 1));
  if (match === null) return undefined;
  const first = Number(match[1]);
  const last = Number(match[2] ?? match[1]);
  for (const [port, service] of services) {
    if (first <= port && port <= last) return { port, service, range: first !== last };
  }
  return undefined;
}

/** `sshd` as what the container starts. */
function startedSshd(instruction: Instruction): Span | undefined {
  if ((instruction.kind !== 'cmd' && instruction.kind !== 'entrypoint') || instruction.command.kind !== 'exec')
    return undefined;
  return instruction.command.words.find(({ value }) => value === 'sshd' || value.endsWith('/sshd'))?.span;
}

export default defineRule('instruction', {
  meta: {
    id: 'dockerfile/expose-admin-port',
    rows: ['D612', 'D613'],
    summary: 'Containers need no SSH, Telnet or remote desktop of their own.',
    why: '`docker exec` and `kubectl exec` open a shell without a second way in, which has its own passwords, keys and security updates. EXPOSE itself opens nothing, and some images are SSH servers by trade: information.',
    severity: 'information',
    topic: 'security',
    messages: {
      port: 'Port {port} is for {service}: a container is better reached by `exec`',
      sshd: 'The container starts an SSH server: it is better reached by `exec`',
    },
    titles: { remove: 'Remove the port' },
    fix: 'sometimes',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM alpine:3.22\nEXPOSE 22 8080\n',
        good: 'FROM alpine:3.22\nEXPOSE 8080\n',
      },
    ],
    options: {},
    sources: sshPeers,
  },
  only: ['expose', 'cmd', 'entrypoint'],
  when: ({ instruction }) => instruction.kind === 'expose' || startedSshd(instruction) !== undefined,
  *check({ instruction, stage, dockerfile }) {
    const sshd = startedSshd(instruction);
    // Where its port is exposed, that is said already.
    if (sshd !== undefined && stage?.instructions.some(({ kind }) => kind === 'expose') === false)
      yield { message: 'sshd', span: sshd, peers: [] };
    if (instruction.kind !== 'expose') return;
    for (const word of instruction.words) {
      const value = word.constant ? word.value : valueAt(dockerfile, instruction, word.text);
      const admin = value === undefined ? undefined : adminPort(value);
      if (admin === undefined) continue;
      const removal =
        admin.range || !word.constant ? undefined : removeListed(dockerfile, instruction, instruction.words, word);
      yield {
        message: 'port',
        data: { port: admin.port, service: admin.service },
        span: word.span,
        peers: admin.port === 22 ? sshPeers : ['sonar S6473'],
        fixes: removal ? [{ title: 'remove', safety: 'suggested', edits: [removal] }] : [],
      };
    }
  },
});
