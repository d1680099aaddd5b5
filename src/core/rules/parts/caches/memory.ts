import type { CacheServer } from '../../../caches/server.ts';
import type { CommandWord } from '../../../caches/words.ts';
import type { MessageData, Proposal } from '../../../engine/rule.ts';
import type { Severity } from '../../../engine/settings.ts';
import { memcachedItemBytes, redisBytes, redisMaxMemory } from '../../../sizing/runtime-stores.ts';
import type { Span } from '../../../text/span.ts';

export const memoryMessages = {
  unbounded: 'No `maxmemory`: {name} grows until the limit of {limit} kills it',
  over: 'Up to {size} of data in a limit of {limit}: {name} is killed before it evicts anything',
  tight: '{size} of data leave little of the limit of {limit} for buffers, fragmentation and copies while saving',
  items: '{size} of items in a limit of {limit}: connections and the hash table come on top',
  unused: 'memcached uses 64 MiB for items, however large the limit ({limit}) is: `-m` is not set',
  noEviction: 'A full cache refuses to store anything: no `maxmemory-policy` lets it evict',
} as const;

export const memoryTitles = {
  bound: 'Keep {size} of data: three quarters of the limit, half of it where it saves',
  items: 'Keep {size} of items: three quarters of the limit',
  evict: 'Evict what was not used for longest',
} as const;

/** How a manifest's place is mended. */
export interface CacheEdits<Title extends string> {
  add(title: Title, data: MessageData, words: readonly string[]): NonNullable<Proposal<string, Title>['fixes']>;
  replace(
    title: Title,
    data: MessageData,
    word: CommandWord | undefined,
    value: string,
  ): NonNullable<Proposal<string, Title>['fixes']>;
}

interface MemoryOf {
  readonly server: CacheServer;
  /** Of the container, in bytes; undefined where there is none, or it is not known. */
  readonly limit: bigint | undefined;
  readonly name: string;
  /** What to underline where something is missing. */
  readonly label: Span;
  readonly edits: CacheEdits<keyof typeof memoryTitles>;
}

const mebibyte = 1n << 20n;

function mebibytes(bytes: bigint): string {
  return `${bytes / mebibyte} MiB`;
}

/** Whether Redis forks to save: `save` is on unless it is turned off, `appendonly` is not. */
function saves({ settings }: CacheServer): boolean {
  const save = settings.get('save');
  if (settings.get('appendonly')?.values[0] === 'yes') return true;
  return save?.values.some((value) => value !== '') === true;
}

/** What is wrong with the memory of a cache server, for the rules of Kubernetes and Compose. */
export function* memoryFindings(
  of: MemoryOf,
): Generator<Proposal<keyof typeof memoryMessages, keyof typeof memoryTitles>> {
  if (of.server.program === 'memcached') yield* ofMemcached(of);
  else {
    yield* ofRedis(of);
    yield* eviction(of);
  }
}

function* ofRedis({ server, limit, name, label, edits }: MemoryOf) {
  if (limit === undefined) return;
  const setting = server.settings.get('maxmemory');
  const bytes = setting?.values[0] === undefined ? undefined : redisBytes(setting.values[0]);
  const suggested = redisMaxMemory(limit, saves(server)) / mebibyte;
  const size = `${suggested} MiB`;
  if (setting === undefined || bytes === 0n) {
    if (server.open || suggested === 0n) return;
    const words = ['--maxmemory', `${suggested}mb`];
    yield {
      message: 'unbounded' as const,
      data: { name, limit: mebibytes(limit) },
      span: setting?.span ?? label,
      fixes:
        setting === undefined
          ? edits.add('bound', { size }, words)
          : edits.replace('bound', { size }, setting.word, `${suggested}mb`),
    };
    return;
  }
  if (bytes === undefined || bytes * 5n <= limit * 4n) return;
  const over = bytes > limit;
  const severity: Severity = over ? 'warning' : 'information';
  yield {
    message: over ? ('over' as const) : ('tight' as const),
    data: { name, size: mebibytes(bytes), limit: mebibytes(limit) },
    severity,
    span: setting.span ?? label,
    fixes: suggested === 0n ? [] : edits.replace('bound', { size }, setting.word, `${suggested}mb`),
  };
}

/** Only where it is plain that nothing has to be kept: its name says so, or nothing is saved. */
function* eviction({ server, name, label, edits }: MemoryOf) {
  const { settings } = server;
  const policy = settings.get('maxmemory-policy')?.values[0];
  const bound = settings.get('maxmemory');
  if (bound === undefined || bound.values[0] === '0' || saves(server)) return;
  if (policy === undefined ? server.open : policy !== 'noeviction') return;
  const nothingSaved = settings.get('save')?.values.every((value) => value === '') === true;
  if (!nothingSaved && !/cache/i.test(name)) return;
  const setting = settings.get('maxmemory-policy');
  yield {
    message: 'noEviction' as const,
    span: setting?.span ?? bound.span ?? label,
    fixes:
      setting === undefined
        ? edits.add('evict', {}, ['--maxmemory-policy', 'allkeys-lru'])
        : edits.replace('evict', {}, setting.word, 'allkeys-lru'),
  };
}

function* ofMemcached({ server, limit, label, edits }: MemoryOf) {
  if (limit === undefined) return;
  const setting = server.settings.get('m');
  const bytes = memcachedItemBytes({
    args: setting?.values[0] === undefined ? [] : ['-m', setting.values[0]],
    env: new Map(),
  });
  const suggested = (limit * 3n) / 4n / mebibyte;
  const size = `${suggested} MiB`;
  if (setting === undefined) {
    if (server.open) return;
    if (limit > 128n * mebibyte) {
      const fixes = edits.add('items', { size }, ['-m', String(suggested)]);
      yield {
        message: 'unused' as const,
        data: { limit: mebibytes(limit) },
        severity: 'information' as const,
        span: label,
        fixes,
      };
      return;
    }
  }
  if (bytes * 4n <= limit * 3n) return;
  yield {
    message: 'items' as const,
    data: { size: mebibytes(bytes), limit: mebibytes(limit) },
    span: setting?.span ?? label,
    fixes:
      suggested === 0n
        ? []
        : setting === undefined
          ? edits.add('items', { size }, ['-m', String(suggested)])
          : edits.replace('items', { size }, setting.word, String(suggested)),
  };
}
