import { cacheService } from '../caches/in-compose.ts';
import { type CacheContainer, cacheContainers } from '../caches/in-kubernetes.ts';
import type { CacheServer } from '../caches/server.ts';
import type { KubernetesFile, Workload } from '../kubernetes/model.ts';
import { bestHitRatio, lruHitRatio, sampledHitRatio } from '../sizing/cache.ts';
import { type KeyGroup, zipfPopularity } from '../sizing/popularity.ts';
import { memcachedItemBytes, redisBytes } from '../sizing/runtime-stores.ts';
import { onceFor } from '../text/once-for.ts';
import { readField } from './field-values.ts';
import type { ContainerFields, LoadField, WorkloadFields } from './load-fields.ts';
import type { Draft } from './load-view.ts';

/** A cache server of a container, with the bound of its data. */
export interface CacheInView {
  readonly server: CacheServer;
  /** Bytes of data; undefined where nothing bounds it, or where it is not known. */
  readonly bytes: bigint | undefined;
  readonly field: LoadField | undefined;
  readonly evicts: Eviction;
}

/** What a full server does. */
export type Eviction = 'sampled LRU' | 'LRU' | 'LFU' | 'other' | 'nothing';

/** The cache server that a container runs; undefined where it runs none. */
export function cacheIn({ source }: WorkloadFields, container: ContainerFields, draft: Draft): CacheInView | undefined {
  const server =
    source.kind === 'compose'
      ? cacheService(source.service)
      : serversOf(source.file)
          .get(source.workload)
          ?.find(({ container: one }) => one.name?.value === container.name)?.server;
  if (server === undefined) return undefined;
  const field = container.process.fields.find(({ resource }) => resource === 'cache');
  return { server, field, bytes: boundOf(server, field, draft), evicts: evictionOf(server) };
}

/** Read once for a file, however many workloads it has. */
const serversOf = onceFor((file: KubernetesFile) => {
  const servers = new Map<Workload, CacheContainer[]>();
  for (const one of cacheContainers(file)) {
    const { workload } = one.container;
    servers.set(workload, [...(servers.get(workload) ?? []), one]);
  }
  return servers;
});

function boundOf(server: CacheServer, field: LoadField | undefined, draft: Draft): bigint | undefined {
  if (field !== undefined) {
    const reading = readField(field, draft);
    return reading.kind === 'value' && reading.quantity.nano > 0n ? reading.quantity.nano / 1_000_000_000n : undefined;
  }
  const [text] = server.settings.get(server.program === 'redis' ? 'maxmemory' : 'm')?.values ?? [];
  if (server.program === 'memcached') {
    return memcachedItemBytes({ args: text === undefined ? [] : ['-m', text], env: new Map() });
  }
  const bytes = text === undefined ? undefined : redisBytes(text);
  return bytes === 0n ? undefined : bytes;
}

function evictionOf({ program, settings, open }: CacheServer): Eviction {
  if (program === 'memcached') return 'LRU';
  const policy = settings.get('maxmemory-policy')?.values[0];
  if (policy === undefined) return open ? 'other' : 'nothing';
  if (policy === 'noeviction') return 'nothing';
  if (/-lru$/.test(policy)) return 'sampled LRU';
  return /-lfu$/.test(policy) ? 'LFU' : 'other';
}

/** Whom the requests are for. */
export interface Demand {
  readonly keys: number;
  readonly itemBytes: number;
  readonly exponent: number;
}

export interface HitRatios {
  readonly lru: number;
  readonly sampled: number;
  readonly best: number;
}

/** The share of requests that find their key in so many bytes, 0 to 1, by kind of eviction. */
export function hitRatios(demand: Demand, bytes: number): HitRatios {
  const key = `${demand.keys} ${demand.itemBytes} ${demand.exponent} ${bytes}`;
  const known = ratios.get(key);
  if (known !== undefined) return known;
  const made = ratiosAt(popularityOf(demand), bytes / demand.itemBytes);
  // Sizes that were drafted once do not come again.
  if (ratios.size >= 64) ratios.clear();
  ratios.set(key, made);
  return made;
}

/** Each takes milliseconds, and most sizes stay as they are while something is drafted. */
const ratios = new Map<string, HitRatios>();

function ratiosAt(popularity: readonly KeyGroup[], room: number): HitRatios {
  return {
    lru: lruHitRatio(popularity, room),
    sampled: sampledHitRatio(popularity, room),
    best: bestHitRatio(popularity, room),
  };
}

/** The ratio that the server's own eviction comes to; undefined where it evicts nothing, or by time or chance. */
export function ratioOf(ratios: HitRatios, evicts: Eviction): number | undefined {
  if (evicts === 'LRU') return ratios.lru;
  if (evicts === 'sampled LRU') return ratios.sampled;
  return evicts === 'LFU' ? ratios.best : undefined;
}

export interface RatioPoint extends HitRatios {
  readonly bytes: number;
}

const steps = 20;

let last: { readonly key: string; readonly curve: readonly RatioPoint[] } | undefined;

/** The curve from nothing to room for all keys. The last one is kept: drafts do not change it. */
export function ratioCurve(demand: Demand): readonly RatioPoint[] {
  const key = `${demand.keys} ${demand.itemBytes} ${demand.exponent}`;
  if (last?.key === key) return last.curve;
  const popularity = popularityOf(demand);
  const curve = Array.from({ length: steps + 1 }, (_, step) => {
    // Closer together where the curve is steep.
    const room = demand.keys * (step / steps) ** 2;
    return { bytes: room * demand.itemBytes, ...ratiosAt(popularity, room) };
  });
  last = { key, curve };
  return curve;
}

let groups: { readonly keys: number; readonly exponent: number; readonly made: readonly KeyGroup[] } | undefined;

function popularityOf({ keys, exponent }: Demand): readonly KeyGroup[] {
  if (groups?.keys === keys && groups.exponent === exponent) return groups.made;
  groups = { keys, exponent, made: zipfPopularity(keys, exponent) };
  return groups.made;
}
