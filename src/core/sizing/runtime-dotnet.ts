import { type CpuQuota, percentOf, wholeCpus, wholeNumber } from './runtime.ts';

const smallestHeap = 20n << 20n;

export interface DotnetHeap {
  readonly bytes: bigint;
  readonly rule: 'environment' | 'container' | 'floor';
}

/**
 * The hard limit of the managed heap: `DOTNET_GCHeapHardLimit` or `DOTNET_GCHeapHardLimitPercent`, both hexadecimal, else
 * max(20 MiB, 75 % of the container's limit), cut off (dotnet/docs runtime-config garbage-collector).
 */
export function dotnetHeap(limitBytes: bigint, env: ReadonlyMap<string, string> = new Map()): DotnetHeap {
  const said = hexadecimal(env, 'GCHeapHardLimit');
  if (said !== undefined && said > 0n) return { bytes: said, rule: 'environment' };
  const percent = hexadecimal(env, 'GCHeapHardLimitPercent');
  if (percent !== undefined && percent > 0n && percent <= 100n) {
    return { bytes: percentOf(limitBytes, Number(percent)), rule: 'environment' };
  }
  const share = percentOf(limitBytes, 75);
  return share < smallestHeap ? { bytes: smallestHeap, rule: 'floor' } : { bytes: share, rule: 'container' };
}

function hexadecimal(env: ReadonlyMap<string, string>, name: string): bigint | undefined {
  const text = (env.get(`DOTNET_${name}`) ?? env.get(`COMPlus_${name}`))?.replace(/^0x/i, '');
  return text !== undefined && /^[\da-f]{1,16}$/i.test(text) ? BigInt(`0x${text}`) : undefined;
}

/** `Environment.ProcessorCount`: `DOTNET_PROCESSOR_COUNT`, else min(host, ⌈quota ÷ period⌉) (dotnet/docs). */
export function dotnetProcessors(
  quota: CpuQuota,
  hostCpus: number,
  env: ReadonlyMap<string, string> = new Map(),
): number {
  const said = wholeNumber(env.get('DOTNET_PROCESSOR_COUNT'));
  return said !== undefined && said > 0 ? said : Math.min(hostCpus, wholeCpus(quota) ?? hostCpus);
}
