import type { CacheServer } from '../../../caches/server.ts';
import type { Proposal } from '../../../engine/rule.ts';
import type { CacheEdits } from './memory.ts';

export const settingMessages = {
  renamed: 'Redis calls `{old}` `{name}` now',
  udp: 'memcached answers UDP: others can make it flood a third party',
} as const;

export const settingTitles = { rename: 'Write `{name}`', off: 'Turn UDP off' } as const;

export const settingWhy =
  'Old names of directives still work, until a release drops them and the server does not start. memcached has kept UDP off since 1.5.6: a small request with a forged sender makes it send megabytes to somebody else.';

/** New names by old ones (redis.conf of 5.0, 6.2 and 7.0). */
const renamed: Readonly<Record<string, string>> = {
  slaveof: 'replicaof',
  'slave-serve-stale-data': 'replica-serve-stale-data',
  'slave-read-only': 'replica-read-only',
  'slave-priority': 'replica-priority',
  'slave-announce-ip': 'replica-announce-ip',
  'slave-announce-port': 'replica-announce-port',
  'slave-lazy-flush': 'replica-lazy-flush',
  'repl-ping-slave-period': 'repl-ping-replica-period',
  'min-slaves-to-write': 'min-replicas-to-write',
  'min-slaves-max-lag': 'min-replicas-max-lag',
  'hash-max-ziplist-entries': 'hash-max-listpack-entries',
  'hash-max-ziplist-value': 'hash-max-listpack-value',
  'zset-max-ziplist-entries': 'zset-max-listpack-entries',
  'zset-max-ziplist-value': 'zset-max-listpack-value',
  'list-max-ziplist-size': 'list-max-listpack-size',
  'lua-time-limit': 'busy-reply-threshold',
};

/** Settings with an old name or a bad value, for the rules of Kubernetes and Compose. */
export function* settingFindings(
  server: CacheServer,
  edits: CacheEdits<keyof typeof settingTitles>,
): Generator<Proposal<keyof typeof settingMessages, keyof typeof settingTitles>> {
  if (server.program === 'memcached') {
    const port = server.settings.get('U');
    if (port?.span === undefined || port.values[0] === undefined || /^0+$/.test(port.values[0])) return;
    yield { message: 'udp', severity: 'warning', span: port.span, fixes: edits.replace('off', {}, port.word, '0') };
    return;
  }
  for (const word of server.command?.words ?? []) {
    const old = word.value.startsWith('--') ? word.value.slice(2).toLowerCase() : '';
    const name = Object.hasOwn(renamed, old) ? renamed[old] : undefined;
    if (name === undefined) continue;
    const data = { old, name };
    yield { message: 'renamed', data, span: word.span, fixes: edits.replace('rename', data, word, `--${name}`) };
  }
}
