import type { Settings } from '../../engine/settings.ts';
import {
  type KubernetesQuantity,
  milliValue,
  parseKubernetesQuantity,
  quantityOfMilli,
  wholeValue,
} from '../../quantity/kubernetes.ts';
import { limitedSwap, type MemoryHigh, memoryHigh, type Swap } from '../../sizing/cgroup-memory.ts';
import { podCgroup } from '../../sizing/cgroup-pod.ts';
import {
  admitsTopology,
  allocateCpus,
  exclusiveCpus,
  reservedCpus,
  type TopologyPolicy,
} from '../../sizing/cpu-manager.ts';
import type { NodeKind } from '../../sizing/node-choice.ts';
import { podQos } from '../../sizing/qos.ts';
import { containerAt, type PodResources } from '../../sizing/resources.ts';
import { onceFor } from '../../text/once-for.ts';
import { assumed, assumedNumber, type Inputs, inputView } from '../assumptions.ts';
import { bytes, grouped, nano } from '../explain.ts';
import { quotaText } from '../kernel-figures.ts';
import type { Sized } from '../load.ts';
import type { Figure } from '../load-view.ts';
import type { PlacedFields } from '../pod-values.ts';
import { chosenNodes } from './node-kinds.ts';
import type { SectionScope } from './section.ts';
import type { Block, Cell, InputView, TableRow } from './section-view.ts';

/** What the kubelet writes for pods, and what its settings add for containers where any of them is not its default. */
export function kubeletBlocks(scope: SectionScope, shown: readonly Sized[]): readonly Block[] {
  const known = shown.filter(({ values }) => values.doubts.length === 0);
  if (known.length === 0) return [];
  return [
    {
      kind: 'table',
      caption: 'Cgroups of pods',
      columns: ['cpu.weight', 'cpu.max', 'memory.max'],
      rows: known.map(podRow),
    },
    ...settingBlocks(scope, known),
  ];
}

/** The kubelet's settings; NUMA only where CPUs are given away. */
export function kubeletInputs(settings: Settings, inputs: Inputs): readonly InputView[] {
  const isStatic = assumed('cpuManager', inputs, settings) === 'static';
  const choice = (...values: readonly string[]): InputView['control'] => ({
    kind: 'choice',
    groups: [{ label: '', choices: values.map((value) => ({ value, text: value })) }],
  });
  const gate = [
    { value: 'false', text: 'off' },
    { value: 'true', text: 'on' },
  ];
  return [
    inputView('cpuManager', inputs, settings, choice('none', 'static')),
    ...(isStatic
      ? [
          inputView('topologyManager', inputs, settings, choice(...topologies)),
          inputView('numaNodes', inputs, settings),
        ]
      : []),
    inputView('memoryQos', inputs, settings, { kind: 'choice', groups: [{ label: '', choices: gate }] }),
    inputView('nodeSwap', inputs, settings),
  ];
}

function exact(text: string, explanation: readonly string[]): Cell {
  const figure: Figure = { text, certainty: 'exact', explanation, fields: [] };
  return { kind: 'figure', figure };
}

/** Docker's and the kubelet's words for the files of the pod's own cgroup (v2), which bounds all its containers together. */
const podRow = onceFor(({ workload, values, pod }: Sized): TableRow => {
  const { cpuShares, cpuWeight, cpu, memoryMaxBytes, unboundedBy, qosClass } = podCgroup(values.defaulted.pod);
  const without = (resource: 'cpu' | 'memory') => {
    const names = [...new Set(unboundedBy[resource].map(({ name }) => name))].join(', ');
    return qosClass === 'BestEffort'
      ? ['A BestEffort pod gets the fewest shares, and no bound.']
      : [`Not every container is limited, so that the pod is not: ${names}.`];
  };
  return {
    head: workload.name,
    place: workload.span,
    cells: [
      exact(`${cpuWeight}`, [
        `${pod.cpuRequest.figure.text} requested by the pod: ${cpuShares} shares, at least 2`,
        `1 + ⌊(${cpuShares} − 2) × 9999 ÷ 262142⌋ = ${cpuWeight}: the kubelet converts linearly, whatever the runtime does`,
        'Contended CPU is shared out between pods by this weight, and inside a pod by those of its containers.',
      ]),
      cpu === undefined
        ? exact('max', without('cpu'))
        : exact(quotaText(cpu.quotaMicros, cpu.periodMicros), [
            `cpu.max is “${cpu.cpuMax}”, for all containers together, overhead of the RuntimeClass in it.`,
          ]),
      memoryMaxBytes === undefined
        ? exact('max', without('memory'))
        : exact(bytes(memoryMaxBytes * nano), [
            `memory.max is ${grouped(memoryMaxBytes * nano)} bytes for all containers together, tmpfs volumes in it.`,
          ]),
    ],
  };
});

/** Settings of the kubelet that differ from its defaults. */
interface KubeletSettings {
  readonly cpuManager: 'none' | 'static';
  readonly topology: TopologyPolicy;
  readonly numaNodes: number;
  readonly memoryQos: boolean;
  readonly swapBytes: bigint;
  readonly node: NodeSize;
}

interface NodeSize {
  readonly cpus: number;
  readonly memoryBytes: bigint;
  readonly allocatableBytes: bigint;
  /** Whole ones; the static policy does not start where it is none. */
  readonly reservedCpus: number;
}

const nothing: KubernetesQuantity = { nano: 0n, format: 'DecimalSI' };

function keptCpu({ parts }: NodeKind): KubernetesQuantity {
  return quantityOfMilli(
    parts.reduce((sum, { cpuMilli }) => sum + cpuMilli, 0n),
    'DecimalSI',
  );
}

const topologies: readonly TopologyPolicy[] = ['none', 'best-effort', 'restricted', 'single-numa-node'];

function settingsOf(scope: SectionScope): KubeletSettings | undefined {
  const { inputs, settings } = scope;
  const text = (name: Parameters<typeof assumed>[0]) => assumed(name, inputs, settings);
  const [kind] = chosenNodes(settings, inputs).kinds;
  if (kind === undefined) return undefined;
  const swap = parseKubernetesQuantity(text('nodeSwap'));
  const { allocatable } = kind.template;
  const cpus = Math.floor(kind.capacityMilli / 1000);
  return {
    cpuManager: text('cpuManager') === 'static' ? 'static' : 'none',
    topology: topologies.find((one) => one === text('topologyManager')) ?? 'none',
    numaNodes: assumedNumber('numaNodes', inputs, settings) ?? 1,
    memoryQos: text('memoryQos') === 'true',
    swapBytes: swap.ok ? wholeValue(swap.quantity) : 0n,
    node: {
      cpus,
      memoryBytes: BigInt(kind.capacityBytes),
      allocatableBytes: BigInt(Math.round(allocatable.get('memory') ?? 0)),
      reservedCpus: reservedCpus(keptCpu(kind), nothing) ?? 0,
    },
  };
}

function settingBlocks(scope: SectionScope, known: readonly Sized[]): readonly Block[] {
  const settings = settingsOf(scope);
  if (settings === undefined) return [];
  const { cpuManager, memoryQos, swapBytes } = settings;
  const columns = [
    ...(cpuManager === 'static' ? ['CPUs of its own'] : []),
    ...(memoryQos ? ['memory.high'] : []),
    ...(swapBytes > 0n ? ['memory.swap.max'] : []),
  ];
  if (columns.length === 0) return [];
  const rows = known.flatMap((sized) => sized.values.containers.map((placed) => containerRow(sized, placed, settings)));
  return [{ kind: 'table', caption: 'With these settings of the kubelet', columns, rows }];
}

function containerRow({ workload, values }: Sized, placed: PlacedFields, settings: KubeletSettings): TableRow {
  const { pod } = values.defaulted;
  const container = containerAt(pod, placed.ref)?.container;
  const amount = (part: 'requests' | 'limits', resource: string) => container?.[part].get(resource);
  const whole = (quantity: KubernetesQuantity | undefined) => (quantity === undefined ? 0n : wholeValue(quantity));
  const memory = { requestBytes: whole(amount('requests', 'memory')), limitBytes: whole(amount('limits', 'memory')) };
  const { cpuManager, memoryQos, swapBytes, node } = settings;
  const several = values.containers.length > 1;
  return {
    head: several ? `${workload.name}/${placed.fields.name}` : workload.name,
    place: placed.fields.span,
    cells: [
      ...(cpuManager === 'static' ? [cpuCell(pod, amount('requests', 'cpu'), settings)] : []),
      ...(memoryQos ? [highCell(memoryHigh({ ...memory, nodeAllocatableBytes: node.allocatableBytes }), memory)] : []),
      ...(swapBytes > 0n
        ? [
            swapCell(
              limitedSwap({
                ...memory,
                qosClass: podQos(pod).qosClass,
                nodeMemoryBytes: node.memoryBytes,
                nodeSwapBytes: swapBytes,
                behavior: 'LimitedSwap',
                critical: /^system-(?:node|cluster)-critical$/.test(values.priorityClassName ?? ''),
              }),
              memory.requestBytes,
              settings,
            ),
          ]
        : []),
    ],
  };
}

function estimate(text: string, explanation: readonly string[]): Cell {
  return { kind: 'figure', figure: { text, certainty: 'estimate', explanation, fields: [] } };
}

function cpuCell(
  pod: PodResources,
  request: KubernetesQuantity | undefined,
  { topology, numaNodes, node }: KubeletSettings,
): Cell {
  const { qosClass } = podQos(pod);
  const cpus = exclusiveCpus('static', qosClass, request);
  if (cpus === 0) {
    const why =
      qosClass !== 'Guaranteed'
        ? `The pod is ${qosClass}: only Guaranteed ones are given CPUs of their own.`
        : `${request === undefined ? 'Nothing' : `${milliValue(request)}m`} is no whole number of CPUs: it shares the others.`;
    return estimate('none', [why]);
  }
  const assignable = node.cpus - node.reservedCpus;
  const { kind } = allocateCpus(cpus, { assignable, threadsPerCore: 1, fullCoresOnly: false });
  const size = Math.floor(node.cpus / numaNodes);
  const numa = Array.from({ length: numaNodes }, () => ({ cpus: size, free: size }));
  const lines = [
    `Guaranteed, and ${cpus} whole CPUs requested: they are its own, and its quota is taken off.`,
    `${node.cpus} CPUs − ${node.reservedCpus} reserved = ${assignable} that can be given away`,
    ...(node.reservedCpus === 0 ? ['The static policy does not start where nothing is reserved.'] : []),
  ];
  if (kind !== 'admitted') return estimate('rejected', [...lines, 'It asks for more: the kubelet rejects the pod.']);
  if (!admitsTopology(topology, numa, cpus)) {
    return estimate('rejected', [
      ...lines,
      `${topology}: of ${numaNodes} NUMA nodes with ${size} CPUs each, more are needed than the policy allows.`,
    ]);
  }
  return estimate(`${cpus}`, lines);
}

function highCell(
  high: MemoryHigh,
  { requestBytes, limitBytes }: { readonly requestBytes: bigint; readonly limitBytes: bigint },
): Cell {
  if (high.kind === 'unset') {
    const why = {
      'request-equals-limit': 'Request and limit are the same: nothing is slowed down before the limit.',
      'no-bound': 'Neither a limit nor the node bounds it.',
      'not-above-request': 'It would not be above the request.',
    }[high.reason];
    return estimate('unset', [why]);
  }
  const bound = limitBytes === 0n ? 'allocatable of the node' : `limit ${bytes(limitBytes * nano)}`;
  return estimate(bytes(high.bytes * nano), [
    `request ${bytes(requestBytes * nano)} + 0.9 × (${bound} − request), cut off to whole pages = ${bytes(high.bytes * nano)}`,
    'Above it the kernel slows the container down and takes pages back.',
  ]);
}

function swapCell({ bytes: amount, refused }: Swap, requestBytes: bigint, { node, swapBytes }: KubeletSettings): Cell {
  if (refused !== undefined) {
    const why = {
      behavior: 'The kubelet gives no swap.',
      'cgroup-v1': 'Swap is given under cgroup v2 alone.',
      qos: 'Only Burstable pods get swap.',
      critical: 'A critical pod gets no swap.',
      'no-request': 'Without a memory request there is no share of the swap.',
      'request-equals-limit': 'Request and limit are the same: it gets no swap.',
    }[refused];
    return estimate('0', [why]);
  }
  return estimate(bytes(amount * nano), [
    `⌊${bytes(requestBytes * nano)} requested ÷ ${bytes(node.memoryBytes * nano)} of the node × ${bytes(swapBytes * nano)} of swap⌋ = ${bytes(amount * nano)}`,
  ]);
}
