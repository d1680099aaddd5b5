import type { Settings } from '../../engine/settings.ts';
import { parseComposeCpus, parseRamInBytes } from '../../quantity/compose.ts';
import { parseKubernetesQuantity, wholeValue } from '../../quantity/kubernetes.ts';
import { lastFor } from '../../text/once-for.ts';
import { type Inputs, validAssumption } from '../assumptions.ts';
import { nano } from '../explain.ts';
import type { Machine } from '../runtime-figures.ts';

type Machines = Readonly<Record<'kubernetes' | 'compose', Machine>>;

/** The node of pods, and the host of services, as they are assumed: what a container without limits sees. */
export const assumedMachines = lastFor((settings: Settings, inputs: Inputs): Machines => {
  const node = {
    cpus: cpusOf(validAssumption('nodeCpu', inputs, settings) ?? '') ?? 1,
    memoryBytes: memoryOf(validAssumption('nodeMemory', inputs, settings) ?? '') ?? 1n << 30n,
  };
  const cpus = parseComposeCpus(validAssumption('hostCpus', inputs, settings) ?? '');
  const size = parseRamInBytes(validAssumption('hostMemory', inputs, settings) ?? '');
  const host = {
    cpus: cpus === undefined || cpus <= 0n ? node.cpus : whole(cpus),
    memoryBytes: size.ok && size.bytes > 0n ? size.bytes : node.memoryBytes,
  };
  return { kubernetes: node, compose: host };
});

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
