import { parseComposeCpus, parseRamInBytes } from '../../quantity/compose.ts';
import { inputView, validAssumption } from '../assumptions.ts';
import { amountText, nano, percent, resourceName } from '../explain.ts';
import type { Sized } from '../load.ts';
import type { Figure } from '../load-view.ts';
import type { Section, SectionScope } from './section.ts';
import type { Block, TableRow } from './section-view.ts';

type Resource = 'cpu' | 'memory';

const limits = { cpu: 'cpuLimit', memory: 'memoryLimit' } as const;

/** The services of Compose files against the machine that runs them all. */
export const host: Section = (scope) => {
  const services = scope.sized.filter(({ workload }) => workload.source.kind === 'compose');
  if (services.length === 0) return undefined;
  const { inputs, settings } = scope;
  const sizes = { cpu: hostAmount(scope, 'cpu'), memory: hostAmount(scope, 'memory') };
  const totals = {
    cpu: totalFigure(services, 'cpu', sizes.cpu),
    memory: totalFigure(services, 'memory', sizes.memory),
  };
  const blocks: Block[] = [
    { kind: 'inputs', inputs: [inputView('hostCpus', inputs, settings), inputView('hostMemory', inputs, settings)] },
    {
      kind: 'figures',
      items: [
        { label: 'CPU limits together', figure: totals.cpu.figure },
        { label: 'memory limits together', figure: totals.memory.figure },
      ],
    },
    ...[...totals.cpu.warnings, ...totals.memory.warnings].map(
      (text): Block => ({ kind: 'text', tone: 'warning', text }),
    ),
    {
      kind: 'table',
      caption: 'Services against the host',
      columns: ['CPU limit', 'share', 'memory limit', 'share'],
      rows: services.map((service) => rowOf(service, sizes)),
    },
  ];
  const known = sizes.memory === undefined ? 'say how large the host is' : shareTelling(totals.memory, sizes.memory);
  return {
    id: 'host',
    title: 'Host',
    telling: `${services.length} ${services.length === 1 ? 'service' : 'services'} · ${known}`,
    blocks,
  };
};

/** In billionths of a CPU or a byte; undefined where nobody has said it. */
function hostAmount({ inputs, settings }: SectionScope, resource: Resource): bigint | undefined {
  const text = validAssumption(resource === 'cpu' ? 'hostCpus' : 'hostMemory', inputs, settings);
  if (text === undefined || text === '') return undefined;
  if (resource === 'cpu') return parseComposeCpus(text);
  const size = parseRamInBytes(text);
  return size.ok ? size.bytes * nano : undefined;
}

interface Total {
  readonly figure: Figure;
  readonly limited: bigint;
  readonly open: readonly string[];
  readonly warnings: readonly string[];
}

/** Σ replicas × limit; services without a limit are named, and never counted as zero (see sizing/compose-host.ts). */
function totalFigure(services: readonly Sized[], resource: Resource, size: bigint | undefined): Total {
  const name = resourceName(resource);
  let limited = 0n;
  const open: string[] = [];
  const unsure: string[] = [];
  const lines: string[] = [];
  const warnings: string[] = [];
  for (const { workload, total, pod } of services) {
    const { value, figure } = total[limits[resource]];
    if (typeof value === 'bigint') {
      limited += value;
      lines.push(`${workload.name}: ${figure.text}`);
    } else if (value === 'unbounded') open.push(workload.name);
    else unsure.push(workload.name);
    const one = pod[limits[resource]].value;
    if (size !== undefined && typeof one === 'bigint' && one > size) {
      const then = resource === 'cpu' ? 'Docker refuses to start it' : 'it can never use all of it';
      warnings.push(
        `${workload.name} alone may take ${amountText(resource, one)} of ${name}, more than the host has: ${then}.`,
      );
    }
  }
  const sum = amountText(resource, limited);
  if (size !== undefined && limited > size) {
    const then = resource === 'cpu' ? 'they share what there is' : 'the kernel kills when it runs out';
    warnings.push(`The ${name} limits come to ${sum}, the host has ${amountText(resource, size)}: ${then}.`);
  }
  const all = [
    ...lines,
    ...(open.length > 0 ? [`Without a limit, so up to the whole host: ${open.join(', ')}`] : []),
    ...(unsure.length > 0 ? [`Not known: ${unsure.join(', ')}`] : []),
    `Together ${sum}${open.length + unsure.length > 0 ? ', and that is not all' : ''}.`,
    'Limits are ceilings: nothing is reserved, and they may add up to more than there is.',
  ];
  const text = unsure.length > 0 ? 'unknown' : open.length > 0 ? 'unbounded' : sum;
  const fields = services.flatMap(({ total }) => total[limits[resource]].figure.fields);
  return {
    figure: { text, certainty: 'exact', explanation: all, fields },
    limited,
    open: [...open, ...unsure],
    warnings,
  };
}

function shareTelling({ limited, open }: Total, size: bigint): string {
  const share = percent(limited, size) ?? '0 %';
  return `limits ${share} of its memory${open.length > 0 ? `, ${open.length} unbounded` : ''}`;
}

function rowOf({ workload, total }: Sized, sizes: Readonly<Record<Resource, bigint | undefined>>): TableRow {
  const share = (resource: Resource) => {
    const { value } = total[limits[resource]];
    const size = sizes[resource];
    if (size === undefined || typeof value !== 'bigint') return { kind: 'text', text: '' } as const;
    return { kind: 'text', text: percent(value, size) ?? '' } as const;
  };
  return {
    head: workload.name,
    place: workload.span,
    cells: [
      { kind: 'figure', figure: total.cpuLimit.figure },
      share('cpu'),
      { kind: 'figure', figure: total.memoryLimit.figure },
      share('memory'),
    ],
  };
}
