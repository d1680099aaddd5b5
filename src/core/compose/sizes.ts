import { defaultPeriodMicros } from '../sizing/cgroup-cpu.ts';
import type { ComposeSizes } from '../sizing/compose.ts';
import { onceFor } from '../text/once-for.ts';
import type { Located } from '../text/span.ts';
import { fieldAt, knownMapping, knownText } from '../yaml/field.ts';
import type { ComposeService } from './model.ts';

/** The sizes of a service, with where they are written. */
export interface WrittenSizes {
  readonly sizes: ComposeSizes;
  /** By the field's path with dots, as `deploy.resources.limits.cpus`. */
  readonly written: ReadonlyMap<string, Located<string>>;
  /** Fields that are there and hold a variable, or something that a template decides. */
  readonly hidden: ReadonlySet<string>;
}

/** Reads what {@link ComposeSizes} takes. A field that is hidden counts as unset in `sizes`. */
export const sizesOf = onceFor(({ node }: ComposeService): WrittenSizes => {
  const written = new Map<string, Located<string>>();
  const hidden = new Set<string>();
  const read = (field: string): string | undefined => {
    const path = field.split('.');
    const text = knownText(node, ...path);
    if (text === undefined || text.value.includes('$')) {
      if (fieldAt(node, ...path) !== undefined) hidden.add(field);
      return undefined;
    }
    written.set(field, text);
    return text.value;
  };
  const has = (block: string) => knownMapping(node, 'deploy', 'resources', block) !== undefined;
  const below = (block: string, key: string) => read(`deploy.resources.${block}.${key}`);
  const sizes: ComposeSizes = {
    cpus: read('cpus'),
    cpuShares: read('cpu_shares'),
    cpuPeriod: read('cpu_period'),
    cpuQuota: read('cpu_quota'),
    memLimit: read('mem_limit'),
    memReservation: read('mem_reservation'),
    memswapLimit: read('memswap_limit'),
    pidsLimit: read('pids_limit'),
    scale: read('scale'),
    containerName: read('container_name'),
    replicas: read('deploy.replicas'),
    limits: has('limits')
      ? { cpus: below('limits', 'cpus'), memory: below('limits', 'memory'), pids: below('limits', 'pids') }
      : undefined,
    reservations: has('reservations') ? { memory: below('reservations', 'memory') } : undefined,
  };
  return { sizes, written, hidden };
});

/**
 * CPUs that `cpu_quota` bounds a service to, in billionths: quota ÷ period, which is 100 ms where nothing is said. Undefined
 * where there is no quota, or where `cpus` of either place comes before it.
 */
export function quotaCpus(service: ComposeService): bigint | undefined {
  const { cpuPeriod = '', cpuQuota = '', cpus, limits } = sizesOf(service).sizes;
  if (cpus !== undefined || limits?.cpus !== undefined || !/^[1-9]\d{0,14}$/.test(cpuQuota)) return undefined;
  const period = /^[1-9]\d{0,14}$/.test(cpuPeriod) ? BigInt(cpuPeriod) : defaultPeriodMicros;
  return (BigInt(cpuQuota) * 1_000_000_000n) / period;
}
