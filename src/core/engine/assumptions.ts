import { parseTaint } from '../kubernetes/placement.ts';
import { parseRamInBytes } from '../quantity/compose.ts';
import { parseKubernetesQuantity } from '../quantity/kubernetes.ts';
import { parseQuantityList } from '../quantity/list.ts';
import { parseEvictionThreshold } from '../sizing/node-allocatable.ts';
import { ownNodeName, shapeNamed } from '../sizing/node-choice.ts';
import type { Settings } from './settings.ts';

/** Something that previews need and no manifest says. */
export interface Assumption {
  readonly label: string;
  /** Of a plain number, to stand behind it. */
  readonly unit?: string;
  /** What it means, with its unit, for completion and the settings' page. */
  readonly description: string;
  /** What a value looks like. */
  readonly like: string;
  /** What is assumed until somebody says otherwise; empty where nothing is. */
  readonly initial: string | ((settings: Settings) => string);
  /** Why a text is no value; undefined where it is one. */
  readonly check: (text: string) => string | undefined;
}

function quantity(like: string, smallest: bigint): Assumption['check'] {
  return (text) => {
    const parsed = parseKubernetesQuantity(text);
    return parsed.ok && parsed.quantity.nano >= smallest ? undefined : `Write a quantity such as ${like}.`;
  };
}

function number(least: number, most: number, like: string): Assumption['check'] {
  return (text) => {
    const value = Number(text);
    if (text === '' || !/^[+-]?\d*\.?\d+(?:e[+-]?\d+)?$/i.test(text) || !Number.isFinite(value))
      return `Write a number such as ${like}.`;
    if (value < least) return `Write a number from ${least} on.`;
    return value > most ? `Write a number up to ${most}.` : undefined;
  };
}

function wholeNumber(least: number, most: number, like: string): Assumption['check'] {
  return (text) => (/^\d+$/.test(text) ? number(least, most, like)(text) : `Write a whole number such as ${like}.`);
}

function optional(check: Assumption['check']): Assumption['check'] {
  return (text) => (text === '' ? undefined : check(text));
}

function list(check: Assumption['check']): Assumption['check'] {
  return (text) => {
    for (const part of text.split(',')) {
      const problem = check(part.trim());
      if (problem !== undefined) return problem;
    }
    return undefined;
  };
}

function oneOf(...values: readonly string[]): Assumption['check'] {
  return (text) => (values.includes(text) ? undefined : `Write ${values.join(' or ')}.`);
}

function amounts(isName: (name: string) => boolean, like: string): Assumption['check'] {
  return (text) => {
    const names = parseQuantityList(text)?.keys();
    return names !== undefined && [...names].every(isName) ? undefined : `Write amounts such as ${like}.`;
  };
}

const shape: Assumption['check'] = (name) =>
  name === ownNodeName || shapeNamed(name) !== undefined
    ? undefined
    : `There is no preset ${name === '' ? 'without a name' : name}: write one such as m7g.large, or own.`;

function defined<const Name extends string>(
  all: Readonly<Record<Name, Assumption>>,
): Readonly<Record<Name, Assumption>> {
  return all;
}

/** Every assumption by its name, which is its key under `assumptions` in `.plimsoll.yaml`. */
export const assumptions = defined({
  nodeCpu: {
    label: 'node CPU',
    description: 'Cores of the node that the formulas of the article are filled in for.',
    like: '4 or 3900m',
    initial: ({ node }) => node.cpu,
    check: quantity('4 or 3900m', 1n),
  },
  nodeMemory: {
    label: 'node memory',
    description: 'Memory of that node.',
    like: '16Gi',
    initial: ({ node }) => node.memory,
    check: quantity('16Gi', 1n),
  },
  memoryOverhead: {
    label: 'overhead',
    description: 'Memory beyond the request, in the article’s formula for a limit.',
    like: '96Mi',
    initial: '96Mi',
    check: quantity('96Mi', 0n),
  },
  nodeShape: {
    label: 'node',
    description:
      'Machine of the nodes, as its cloud calls it, such as m7g.large; `own` for one of nodeCpu and nodeMemory.',
    like: 'm7g.large',
    initial: 'own',
    check: shape,
  },
  moreNodeShapes: {
    label: 'further kinds of node',
    description: 'Other machines that nodes may be, separated by commas; each new one is what leaves the least idle.',
    like: 'c7g.large, r7g.xlarge',
    initial: '',
    check: optional(list(shape)),
  },
  nodePrice: {
    label: 'node-hour price',
    description:
      'What one node costs in an hour, in a currency of your own; of several kinds of node one price each, separated by commas.',
    like: '0.096',
    initial: '',
    check: optional(list(number(0, 1e9, '0.096'))),
  },
  nodeLabels: {
    label: 'labels of the nodes',
    description:
      'Labels of every node, such as pool=web, separated by commas. Where none are given, nodes are taken to have what pods ask for.',
    like: 'pool=web, disk=ssd',
    initial: '',
    check: optional(
      list((text) => (/^[^=\s]+=[^=\s]*$/.test(text) ? undefined : 'Write labels such as pool=web, disk=ssd.')),
    ),
  },
  nodeTaints: {
    label: 'taints of the nodes',
    description: 'Taints of every node as kubectl takes them, such as dedicated=gpu:NoSchedule, separated by commas.',
    like: 'dedicated=gpu:NoSchedule',
    initial: '',
    check: optional(
      list((text) => (parseTaint(text) === undefined ? 'Write taints such as dedicated=gpu:NoSchedule.' : undefined)),
    ),
  },
  nodeReserved: {
    label: 'reserved on it',
    description:
      'What kubelet and system keep of a node of your own (kube-reserved and system-reserved together), such as cpu=200m, memory=1Gi.',
    like: 'cpu=200m, memory=1Gi',
    initial: '',
    check: amounts(
      (name) => name === 'cpu' || name === 'memory' || name === 'ephemeral-storage',
      'cpu=200m, memory=1Gi',
    ),
  },
  nodeEviction: {
    label: 'kept free',
    description: 'Memory that the kubelet keeps free on a node of your own (evictionHard of memory.available).',
    like: '100Mi or 5%',
    initial: '100Mi',
    check: (text) => (parseEvictionThreshold(text) === undefined ? 'Write an amount such as 100Mi, or 5%.' : undefined),
  },
  nodeMaxPods: {
    label: 'pods of a node',
    description: 'The most pods on a node, where it is not what the cloud or the kubelet takes by itself.',
    like: '110',
    initial: '',
    check: optional(wholeNumber(1, 1000, '110')),
  },
  nodeMore: {
    label: 'more of a node',
    description:
      'What each node has besides CPU and memory, such as ephemeral-storage=100Gi, hugepages-2Mi=2Gi, example.com/fpga=1; pods that ask for something else are not held against the nodes.',
    like: 'ephemeral-storage=100Gi',
    initial: '',
    check: amounts((name) => !['cpu', 'memory', 'pods'].includes(name), 'ephemeral-storage=100Gi'),
  },
  cpuManager: {
    label: 'CPU manager',
    description: 'Policy of the kubelet’s CPU manager: with static, Guaranteed pods get whole CPUs of their own.',
    like: 'none or static',
    initial: 'none',
    check: oneOf('none', 'static'),
  },
  topologyManager: {
    label: 'topology manager',
    description: 'Policy of the kubelet’s topology manager.',
    like: 'none or single-numa-node',
    initial: 'none',
    check: oneOf('none', 'best-effort', 'restricted', 'single-numa-node'),
  },
  numaNodes: {
    label: 'NUMA nodes',
    description: 'NUMA nodes of a machine, over which its CPUs are spread evenly.',
    like: '2',
    initial: '1',
    check: wholeNumber(1, 64, '2'),
  },
  memoryQos: {
    label: 'MemoryQoS',
    description: 'Whether the gate MemoryQoS is on, so that containers are slowed down before their limit.',
    like: 'true',
    initial: 'false',
    check: oneOf('true', 'false'),
  },
  nodeSwap: {
    label: 'swap of a node',
    description: 'Swap that pods may use (swapBehavior LimitedSwap); empty where they may use none, as is usual.',
    like: '8Gi',
    initial: '',
    check: optional(quantity('8Gi', 0n)),
  },
  zones: {
    label: 'zones',
    description: 'How many zones new nodes may be in, for pods that are spread over zones or kept apart by them.',
    like: '3',
    initial: '3',
    check: wholeNumber(1, 20, '3'),
  },
  hostCpus: {
    label: 'CPUs of the host',
    description: 'CPUs of the machine that Compose runs its services on.',
    like: '8',
    initial: ({ host }) => host.cpus,
    check: optional(number(0.01, 100_000, '8')),
  },
  hostMemory: {
    label: 'memory of the host',
    description: 'Memory of that machine, as Docker writes it.',
    like: '16g',
    initial: ({ host }) => host.memory,
    check: optional((text) => (parseRamInBytes(text).ok ? undefined : 'Write a size such as 16g.')),
  },
  requestsPerSecond: {
    label: 'requests',
    unit: '/s',
    description: 'Load that all replicas of a workload get together.',
    like: '120',
    initial: '',
    check: optional(number(0, 1e12, '120')),
  },
  requestMilliseconds: {
    label: 'time of a request',
    unit: 'ms',
    description: 'How long one request takes, in milliseconds.',
    like: '50',
    initial: '50',
    check: number(0.001, 1e9, '50'),
  },
  requestConcurrency: {
    label: 'requests at once',
    description: 'Requests that one replica works on at the same time: its threads, workers or connections.',
    like: '10',
    initial: '10',
    check: number(0.001, 1e9, '10'),
  },
  requestCpuMilliseconds: {
    label: 'CPU of a request',
    unit: 'ms',
    description: 'CPU time that one request takes, in milliseconds.',
    like: '5',
    initial: '',
    check: optional(number(0.001, 1e9, '5')),
  },
  keys: {
    label: 'keys',
    description: 'Different keys that are asked for in a cache.',
    like: '1000000',
    initial: '',
    check: optional(number(1, 1e12, '1000000')),
  },
  itemBytes: {
    label: 'size of an item',
    unit: 'bytes',
    description: 'Memory that one cached item takes with its overhead, in bytes.',
    like: '1024',
    initial: '1024',
    check: number(1, 1e12, '1024'),
  },
  popularity: {
    label: 'Zipf exponent',
    description: 'How uneven the popularity of keys is: 0 for all alike, about 1 for most sites.',
    like: '0.9',
    initial: '0.9',
    check: number(0, 5, '0.9'),
  },
  roundTripMilliseconds: {
    label: 'round trip',
    unit: 'ms',
    description: 'Round-trip time to the clients, in milliseconds.',
    like: '20',
    initial: '20',
    check: number(0.001, 1e6, '20'),
  },
  bandwidthMegabits: {
    label: 'bandwidth',
    unit: 'Mbit/s',
    description: 'Bandwidth between a pod and its clients, in megabits per second.',
    like: '1000',
    initial: '1000',
    check: number(0.001, 1e7, '1000'),
  },
  lossPercent: {
    label: 'loss',
    unit: '%',
    description: 'Segments that are lost on the way, in percent.',
    like: '0.01',
    initial: '0',
    check: number(0, 50, '0.01'),
  },
  samples: {
    label: 'measured usage',
    description:
      'File of measured usage, from the folder of `.plimsoll.yaml`: a table with the columns workload (or pod), container, time, cpu and memory, for what VPA and krr would recommend.',
    like: 'usage.csv',
    initial: '',
    check: (text) => (/^[/~]|^\w+:|\$/.test(text) ? 'Write a path such as usage.csv, from here.' : undefined),
  },
});

export type AssumptionName = keyof typeof assumptions;

export function isKnownAssumption(name: string): name is AssumptionName {
  return Object.hasOwn(assumptions, name);
}

export const assumptionNames: readonly AssumptionName[] = Object.keys(assumptions).filter(isKnownAssumption);
