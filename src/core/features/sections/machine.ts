import { parseComposeCpus, parseRamInBytes } from '../../quantity/compose.ts';
import { parseKubernetesQuantity, wholeValue } from '../../quantity/kubernetes.ts';
import { validAssumption } from '../assumptions.ts';
import { nano } from '../explain.ts';
import type { Machine } from '../runtime-figures.ts';
import type { SectionScope } from './section.ts';

/** The node of pods, or the host of services, as it is assumed; what a container without limits sees. */
export function assumedMachine(
  { inputs, settings }: Pick<SectionScope, 'inputs' | 'settings'>,
  kind: 'kubernetes' | 'compose',
): Machine {
  const node = {
    cpus: cpusOf(validAssumption('nodeCpu', inputs, settings) ?? '') ?? 1,
    memoryBytes: memoryOf(validAssumption('nodeMemory', inputs, settings) ?? '') ?? 1n << 30n,
  };
  if (kind === 'kubernetes') return node;
  const cpus = parseComposeCpus(validAssumption('hostCpus', inputs, settings) ?? '');
  const size = parseRamInBytes(validAssumption('hostMemory', inputs, settings) ?? '');
  return {
    cpus: cpus === undefined || cpus <= 0n ? node.cpus : whole(cpus),
    memoryBytes: size.ok && size.bytes > 0n ? size.bytes : node.memoryBytes,
  };
}

function cpusOf(text: string): number | undefined {
  const parsed = parseKubernetesQuantity(text);
  return parsed.ok ? whole(parsed.quantity.nano) : undefined;
}

function memoryOf(text: string): bigint | undefined {
  const parsed = parseKubernetesQuantity(text);
  return parsed.ok ? wholeValue(parsed.quantity) : undefined;
}

/** One at least. */
function whole(cpus: bigint): number {
  return Math.max(1, Number(cpus / nano));
}
