import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { addQuantities, type KubernetesQuantity } from '../src/core/quantity/kubernetes.ts';
import { aksEvictionMiB, aksReservedCpuMilli, aksReservedMemoryMiB } from '../src/core/sizing/node-aks.ts';
import {
  defaultEviction,
  defaultMaxPods,
  evictionQuantity,
  kubeletAllocatable,
  kubepodsCgroup,
  nodeReservation,
  noReservations,
  parseEvictionThreshold,
} from '../src/core/sizing/node-allocatable.ts';
import {
  eksMaxPods,
  eksPodCap,
  eksReservedCpuMilli,
  eksReservedEphemeralBytes,
  eksReservedMemoryMiB,
} from '../src/core/sizing/node-eks.ts';
import { estimateNode } from '../src/core/sizing/node-estimate.ts';
import {
  gceKernelBytes,
  gkeReservedCpuMilli,
  gkeReservedEphemeralMiB,
  gkeReservedMemoryMiB,
} from '../src/core/sizing/node-gke.ts';
import { type NodeShape, nodeShapes } from '../src/data/node-shapes.ts';
import { nanosOf, quantity, resourceList } from './support/resources.ts';
import { runVectors } from './support/vectors.ts';

type Spelled = Readonly<Record<string, string>>;
type Expected = Readonly<Record<string, unknown>>;

interface KubeletInput {
  readonly kubeReserved: Spelled;
  readonly systemReserved: Spelled;
  readonly evictionHardMemory?: string | null;
  readonly evictionHardNodefs?: string | null;
  readonly capacity: Spelled;
}

type NodeInput =
  | ({ readonly fn: 'nodeReservation' | 'kubepodsCgroup' } & KubeletInput)
  | { readonly fn: 'eksKubeReservedMemoryMiB'; readonly maxPods: number }
  | { readonly fn: 'eksKubeReservedCpuMilli'; readonly cpuMilli: number }
  | {
      readonly fn: 'eksMaxPods';
      readonly enis: number;
      readonly ipsPerEni: number;
      readonly prefixDelegation?: boolean;
      readonly customNetworking?: boolean;
      readonly cap?: number;
    }
  | { readonly fn: 'eksMaxPodsBoth'; readonly enis: number; readonly ipsPerEni: number; readonly vcpu: number }
  | {
      readonly fn: 'karpenterAwsAllocatable';
      readonly type: string;
      readonly vcpu: number;
      readonly memoryMiB: number;
      readonly arch: 'amd64' | 'arm64';
      readonly enis: number;
      readonly ipsPerEni: number;
    }
  | { readonly fn: 'gkeReservedMemoryMiB'; readonly memoryMiB: number; readonly rounding: string }
  | { readonly fn: 'gkeReservedCpuMilli'; readonly cpuMilli?: number; readonly type?: string }
  | { readonly fn: 'gkeReservedEphemeralMiB'; readonly diskGiB: number }
  | {
      readonly fn: 'gceKernelReserved';
      readonly physicalBytes: number;
      readonly os: 'cos' | 'ubuntu';
      readonly arch: 'amd64' | 'arm64';
    }
  | { readonly fn: 'aksReservedCpuMilli'; readonly cores: number }
  | {
      readonly fn: 'aksReservedMemory';
      readonly version: string;
      readonly memoryMiB: number;
      readonly maxPods: number;
    }
  | { readonly fn: 'aksReservedLegacy'; readonly cores: number; readonly memoryGiB: number }
  | {
      readonly fn: 'nominalAllocatable';
      readonly provider: 'eks' | 'gke' | 'aks' | 'kubelet-defaults';
      readonly version?: string;
      readonly type?: string;
      readonly vcpu: number;
      readonly memoryMiB: number;
      readonly maxPods?: number;
    };

const mib = 1n << 20n;
const minorOf = (version: string) => Number(version.split('.')[1]);

function reservationsOf(input: KubeletInput) {
  const evictions = [
    ['memory', input.evictionHardMemory],
    ['ephemeral-storage', input.evictionHardNodefs],
  ] as const;
  return {
    kubeReserved: resourceList(input.kubeReserved),
    systemReserved: resourceList(input.systemReserved),
    evictionHard: new Map(
      evictions.flatMap(([resource, text]) => {
        if (text === null || text === undefined) return [];
        const threshold = parseEvictionThreshold(text);
        assert.ok(threshold);
        return [[resource, threshold]];
      }),
    ),
  };
}

function nominal(input: Extract<NodeInput, { fn: 'nominalAllocatable' }>): Expected {
  const { provider, vcpu, memoryMiB, type } = input;
  if (provider === 'kubelet-defaults') {
    const capacity = resourceList({ cpu: `${vcpu}`, memory: `${memoryMiB}Mi`, 'ephemeral-storage': '100Gi' });
    const allocatable = kubeletAllocatable(capacity, noReservations);
    const left = (resource: string) => Number(allocatable.get(resource)?.allocatable.nano ?? 0n) / 1e9;
    return {
      cpuMilli: left('cpu') * 1000,
      memoryMiB: left('memory') / 2 ** 20,
      maxPods: Number(defaultMaxPods),
      ephemeralStorageFraction: Math.round((left('ephemeral-storage') / (100 * 2 ** 30)) * 1e6) / 1e6,
    };
  }
  const shape = nodeShapes.find(({ name }) => name === type);
  assert.ok(shape);
  assert.deepEqual([shape.vcpus, shape.memoryMiB], [vcpu, memoryMiB]);
  const options = {
    ...(input.maxPods !== undefined && { maxPods: BigInt(input.maxPods) }),
    ...(input.version !== undefined && { minor: minorOf(input.version) }),
  };
  const bare = estimateNode(shape, { ...options, machineOverhead: false });
  return {
    cpuMilli: Number(bare.cpuMilli),
    memoryMiB: Number(bare.memoryBytes / mib),
    memoryMiBAfterKernel: Number(estimateNode(shape, options).memoryBytes / mib),
    maxPods: Number(bare.pods),
  };
}

function nodeValues(input: NodeInput): Expected {
  switch (input.fn) {
    case 'nodeReservation': {
      const parts = nodeReservation(resourceList(input.capacity), reservationsOf(input));
      const sum = (quantities: readonly KubernetesQuantity[]) => quantities.reduce(addQuantities);
      const total = [...parts].map(([name, list]) => [name, sum(list.map((part) => part.quantity))] as const);
      return { reservation: nanosOf(new Map(total)) };
    }
    case 'kubepodsCgroup':
      return { kubepods: nanosOf(kubepodsCgroup(resourceList(input.capacity), reservationsOf(input))) };
    case 'eksKubeReservedMemoryMiB':
      return {
        memoryMiB: Number(eksReservedMemoryMiB(BigInt(input.maxPods))),
        // All of these are asserted on machines with two CPUs.
        cpuMilli: Number(eksReservedCpuMilli(2000n)),
        ephemeralStorage: `${eksReservedEphemeralBytes >> 30n}Gi`,
      };
    case 'eksKubeReservedCpuMilli':
      return { cpuMilli: Number(eksReservedCpuMilli(BigInt(input.cpuMilli))) };
    case 'eksMaxPods': {
      const { enis, ipsPerEni, prefixDelegation = false, customNetworking = false, cap } = input;
      const network = { enis: BigInt(enis), ipsPerEni: BigInt(ipsPerEni), prefixDelegation, customNetworking };
      return { maxPods: Number(eksMaxPods({ ...network, ...(cap !== undefined && { cap: BigInt(cap) }) })) };
    }
    case 'eksMaxPodsBoth': {
      const network = { enis: BigInt(input.enis), ipsPerEni: BigInt(input.ipsPerEni) };
      const cap = eksPodCap(BigInt(input.vcpu));
      return {
        secondaryIp: Number(eksMaxPods(network)),
        prefixDelegationUnbounded: Number(eksMaxPods({ ...network, prefixDelegation: true })),
        prefixDelegationRecommended: Number(eksMaxPods({ ...network, prefixDelegation: true, cap })),
      };
    }
    case 'karpenterAwsAllocatable': {
      const { type, vcpu, memoryMiB, arch, enis, ipsPerEni } = input;
      const node = estimateNode({ cloud: 'aws', name: type, arch, vcpus: vcpu, memoryMiB, enis, ipsPerEni });
      const memory = `${node.memoryBytes / mib}Mi`;
      return { allocatable: { cpu: `${node.cpuMilli}m`, memory, pods: `${node.pods}` } };
    }
    case 'gkeReservedMemoryMiB': {
      const cutOff = input.rounding === 'floor each tier' ? 'each-tier' : 'sum';
      return { memoryMiB: Number(gkeReservedMemoryMiB(BigInt(input.memoryMiB), cutOff)) };
    }
    case 'gkeReservedCpuMilli':
      return { cpuMilli: Number(gkeReservedCpuMilli(BigInt(input.cpuMilli ?? 2000), input.type)) };
    case 'gkeReservedEphemeralMiB':
      return { ephemeralMiB: Number(gkeReservedEphemeralMiB(BigInt(input.diskGiB) * 1024n)) };
    case 'gceKernelReserved':
      return { bytes: Number(gceKernelBytes(BigInt(input.physicalBytes), input.os, input.arch)) };
    case 'aksReservedCpuMilli':
      return { cpuMilli: Number(aksReservedCpuMilli(BigInt(input.cores) * 1000n)) };
    case 'aksReservedMemory': {
      const minor = minorOf(input.version);
      const memory = aksReservedMemoryMiB(BigInt(input.memoryMiB), BigInt(input.maxPods), minor);
      return { memoryMiB: Number(memory), evictionMiB: Number(aksEvictionMiB(minor)) };
    }
    case 'aksReservedLegacy': {
      const memory = aksReservedMemoryMiB(BigInt(input.memoryGiB * 1024), 110n, 28);
      return { cpuMilli: Number(aksReservedCpuMilli(BigInt(input.cores) * 1000n)), memoryMiB: Number(memory) };
    }
    case 'nominalAllocatable':
      return nominal(input);
  }
}

runVectors<NodeInput, Expected>('node-allocatable', 196, (input, { note, docPrints, ...expected }) => {
  const actual = nodeValues(input);
  const plain = Object.entries(expected).map(([key, value]) => {
    const quantities = key === 'reservation' || key === 'kubepods';
    return [key, quantities ? nanosOf(resourceList(value as Spelled)) : value];
  });
  assert.ok(plain.length > 0);
  assert.deepEqual(
    Object.fromEntries(Object.entries(actual).filter(([key]) => key in expected)),
    Object.fromEntries(plain),
  );
});

interface InstanceExpected {
  readonly vcpu: number;
  readonly memoryMiB: number;
  readonly arch: string;
  readonly gpus: number;
  readonly sharedCoreSustainedVcpu?: number;
  readonly eksMaxPods?: number;
  readonly gpuModel?: string;
  readonly gpuMemoryMiB?: number;
  readonly accelerators?: number;
  readonly acceleratorModel?: string;
  readonly enis?: number;
  readonly ipsPerEni?: number;
}

runVectors<{ readonly provider: string; readonly type: string }, InstanceExpected>(
  'instances',
  97,
  ({ provider, type }, { vcpu, gpus, sharedCoreSustainedVcpu, eksMaxPods: pods, ...same }) => {
    const shape = nodeShapes.find(({ cloud, name }) => cloud === provider && name === type);
    assert.ok(shape);
    const { cloud, name, vcpus, gpus: chips = 0, sustainedMilli, ...facts } = shape;
    assert.deepEqual(facts, same);
    assert.deepEqual([vcpus, chips], [vcpu, gpus]);
    const sustained = sustainedMilli === undefined ? undefined : sustainedMilli / 1000;
    assert.equal(sustained, sharedCoreSustainedVcpu);
    if (pods !== undefined) assert.equal(Number(estimateNode(shape).pods), pods);
  },
);

describe('node presets', () => {
  it('are 97, each once', () => {
    assert.equal(nodeShapes.length, 97);
    assert.equal(new Set(nodeShapes.map(({ cloud, name }) => `${cloud}/${name}`)).size, 97);
  });

  it('leave pods less than the machine has, and say where the rest went', () => {
    for (const shape of nodeShapes) {
      const node = estimateNode(shape);
      assert.ok(node.cpuMilli > 0n && node.cpuMilli < node.capacityMilli, shape.name);
      assert.ok(node.memoryBytes > 0n && node.memoryBytes < node.capacityBytes, shape.name);
      const gone = node.parts.reduce((sum, part) => sum + part.memoryBytes, 0n);
      assert.equal(node.memoryBytes + gone, node.capacityBytes, shape.name);
      assert.ok(node.parts.every(({ formula, source }) => formula !== '' && source !== ''));
    }
  });

  it('count GPUs and other chips under the names of their device plugins', () => {
    const extended = (name: string) => {
      const shape = nodeShapes.find((each) => each.name === name);
      assert.ok(shape);
      return Object.fromEntries(estimateNode(shape).extended);
    };
    assert.deepEqual(extended('g5.12xlarge'), { 'nvidia.com/gpu': 4n });
    assert.deepEqual(extended('inf2.xlarge'), { 'aws.amazon.com/neuron': 1n });
    assert.deepEqual(extended('m5.large'), {});
  });

  it('never go below zero on the smallest machine', () => {
    const tiny: NodeShape = { cloud: 'aws', name: 'x', arch: 'arm64', vcpus: 1, memoryMiB: 128, enis: 2, ipsPerEni: 2 };
    assert.equal(estimateNode(tiny).memoryBytes, 0n);
  });
});

describe('what a node sets aside', () => {
  const bytes = fc.bigInt(0n, 1n << 44n);

  it('grows with the machine, and the two ways of cutting off differ by less than one MiB a tier', () => {
    fc.assert(
      fc.property(fc.bigInt(1025n, 4_000_000n), fc.bigInt(0n, 100_000n), (memory, more) => {
        const [byTier, bySum] = [gkeReservedMemoryMiB(memory, 'each-tier'), gkeReservedMemoryMiB(memory, 'sum')];
        assert.ok(byTier <= bySum && bySum - byTier < 5n);
        assert.ok(gkeReservedMemoryMiB(memory + more, 'sum') >= bySum);
        assert.ok(bySum < memory);
      }),
    );
  });

  it('adds up: allocatable and parts are the capacity, or nothing is left', () => {
    fc.assert(
      fc.property(bytes, bytes, bytes, bytes, (whole, kube, system, pages) => {
        const of = (amount: bigint): KubernetesQuantity => ({ nano: amount * 1_000_000_000n, format: 'BinarySI' });
        const capacity = new Map([
          ['memory', of(whole)],
          ['hugepages-2Mi', of(pages)],
        ]);
        const amount = kubeletAllocatable(capacity, {
          kubeReserved: new Map([['memory', of(kube)]]),
          systemReserved: new Map([['memory', of(system)]]),
          evictionHard: defaultEviction,
        }).get('memory');
        assert.ok(amount);
        const gone = amount.parts.reduce((sum, part) => sum + part.quantity.nano, 0n);
        const left = amount.capacity.nano - gone;
        assert.equal(amount.allocatable.nano, left < 0n ? 0n : left);
        assert.deepEqual(
          amount.parts.map(({ kind }) => kind),
          ['kube-reserved', 'system-reserved', 'eviction', 'huge-pages'],
        );
      }),
    );
  });

  it('reads thresholds, and holds percentages in 32 bits', () => {
    for (const wrong of ['', '%', '-1%', '101%', '-5Mi', 'ten', '5 %']) {
      assert.equal(parseEvictionThreshold(wrong), undefined, wrong);
    }
    const kept = (text: string) => {
      const threshold = parseEvictionThreshold(text);
      assert.ok(threshold);
      return evictionQuantity(threshold, quantity('10Gi')).nano / 1_000_000_000n;
    };
    assert.equal(kept('5%'), 536_870_920n);
    assert.equal(kept('0%'), 0n);
    assert.equal(kept('100%'), 10n << 30n);
    assert.equal(kept('1.5Gi'), 1536n << 20n);
  });
});
