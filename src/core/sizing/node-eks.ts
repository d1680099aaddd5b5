import { divideUp } from '../quantity/kubernetes.ts';
import { coreTiers, reservedByTiers } from './node-tiers.ts';

/**
 * Millicores that EKS sets aside for the kubelet: 6 % of the first core, 1 % of the second, 0.5 % of the next two,
 * 0.25 % of the others, each cut off (awslabs/amazon-eks-ami nodeadm/internal/kubelet/config.go:410).
 */
export function eksReservedCpuMilli(cpuMilli: bigint): bigint {
  return reservedByTiers(cpuMilli, coreTiers, 'each-tier');
}

/** MiB that EKS sets aside for the kubelet: 11 × pods + 255 (amazon-eks-ami config.go:430). */
export function eksReservedMemoryMiB(maxPods: bigint): bigint {
  return 11n * maxPods + 255n;
}

/** Ephemeral storage that EKS sets aside for the kubelet: 1 GiB (amazon-eks-ami config.go). */
export const eksReservedEphemeralBytes = 1n << 30n;

export interface EksNetwork {
  /** Of the default network card. */
  readonly enis: bigint;
  readonly ipsPerEni: bigint;
  /** Each address slot holds a prefix of 16 addresses. */
  readonly prefixDelegation?: boolean;
  /** Pods take no address of the first interface. */
  readonly customNetworking?: boolean;
  /** The most pods, whatever the addresses allow; see {@link eksPodCap}. */
  readonly cap?: bigint;
}

/**
 * Pods on an EKS node: ENIs × (addresses − 1) + 2, the two being pods of the host's network; × 16 with prefixes
 * (amazon-eks-ami nodeadm/internal/kubelet/eni_max_pods.go).
 */
export function eksMaxPods(network: EksNetwork): bigint {
  const enis = network.customNetworking === true ? network.enis - 1n : network.enis;
  const pods = enis * (network.ipsPerEni - 1n) * (network.prefixDelegation === true ? 16n : 1n) + 2n;
  return network.cap !== undefined && network.cap < pods ? network.cap : pods;
}

/** What AWS recommends as the most pods with prefixes: 110 up to 30 CPUs, else 250 (amazon-eks-ami max-pods-calculator). */
export function eksPodCap(vcpus: bigint): bigint {
  return vcpus > 30n ? 250n : 110n;
}

/**
 * MiB that the hypervisor and kernel keep of an EC2 machine's memory, as Karpenter guesses before a node is there:
 * ⌈7.5 %⌉, on arm64 of 64 MiB less and these besides (aws/karpenter-provider-aws, vmMemoryOverheadPercent 0.075).
 */
export function karpenterOverheadMiB(memoryMiB: bigint, arch: 'amd64' | 'arm64', perThousand = 75n): bigint {
  const firmware = arch === 'arm64' ? 64n : 0n;
  return firmware + divideUp((memoryMiB - firmware) * perThousand, 1000n);
}
