import type { ComposeFile } from '../../compose/model.ts';
import { defineRule } from '../../engine/rule.ts';
import { knownMapping, knownText } from '../../yaml/field.ts';
import { entries } from '../../yaml/read.ts';

/** What `docker stack deploy` alone reads, and what it would do. */
const swarmOnly: Readonly<Record<string, string>> = {
  placement: 'the nodes that it may run on',
  update_config: 'how it is replaced',
  rollback_config: 'how a replacement is taken back',
  endpoint_mode: 'how its name is resolved',
  labels: 'labels of the service: those of the containers stand in `labels` of the service itself',
};

/** Whether the file is for a swarm by its name, or has a network that only a swarm has. */
function isStack({ root }: ComposeFile, path: string): boolean {
  if (/(?:^|[/._-])(?:stack|swarm)(?:[._-]|$)/i.test(path.slice(path.lastIndexOf('/') + 1))) return true;
  const networks = knownMapping(root, 'networks');
  return (
    networks !== undefined && entries(networks).some(({ value }) => knownText(value, 'driver')?.value === 'overlay')
  );
}

export default defineRule('compose-file', {
  meta: {
    id: 'compose/swarm-only-key',
    rows: ['C114'],
    summary: 'Keys of `deploy` that `docker compose` ignores.',
    why: '`docker compose` takes `replicas`, `resources` and `restart_policy` from `deploy`. The rest is for `docker stack deploy` on a swarm, and says nothing to anybody else. Files that are named after a stack or a swarm, or have an overlay network, are left alone. Off by default, since a file can be meant for both.',
    severity: 'information',
    optional: true,
    topic: 'configuration',
    look: 'unnecessary',
    messages: {
      ignored: '`{key}` ({effect}) is for a swarm only: `docker compose` ignores it',
      global: '`mode: global` is for a swarm only: `docker compose` starts one container',
    },
    titles: {},
    fix: 'never',
    examples: [
      {
        file: 'compose.yaml',
        bad: 'services:\n  web:\n    image: web:1.4\n    deploy:\n      replicas: 2\n      placement:\n        constraints: [node.role == worker]\n',
        good: 'services:\n  web:\n    image: web:1.4\n    deploy:\n      replicas: 2\n',
      },
    ],
    options: {},
    sources: [],
  },
  *check(compose, { file }) {
    if (isStack(compose, file.path)) return;
    const reported = new Set<number>();
    for (const { node } of compose.services) {
      const deploy = knownMapping(node, 'deploy');
      for (const { key } of deploy === undefined ? [] : entries(deploy)) {
        // Services that merge one `deploy` have it in one place.
        if (key.unknown || reported.has(key.span.start)) continue;
        reported.add(key.span.start);
        const effect = Object.hasOwn(swarmOnly, key.text) ? swarmOnly[key.text] : undefined;
        if (effect !== undefined) yield { message: 'ignored', data: { key: key.text, effect }, span: key.span };
        else if (key.text === 'mode' && /^global/.test(knownText(deploy, 'mode')?.value ?? ''))
          yield { message: 'global', span: key.span };
      }
    }
  },
});
