import { parseKubernetesQuantity, wholeValue } from '../quantity/kubernetes.ts';

const least = 1000n;
const most = 1_000_000_000_000_000n;

/**
 * Bits a second of `kubernetes.io/ingress-bandwidth` and `…/egress-bandwidth`: a quantity from 1k to 1P, rounded up to
 * whole bits. Undefined where the runtime refuses it (containerd internal/cri/bandwidth/utils.go). It does nothing unless
 * the bandwidth plugin is in the CNI's chain.
 */
export function podBandwidth(text: string): bigint | undefined {
  const parsed = parseKubernetesQuantity(text);
  if (!parsed.ok) return undefined;
  const bits = wholeValue(parsed.quantity);
  return bits < least || bits > most ? undefined : bits;
}

/** What the runtime asks for when the annotation says a rate alone. */
export const defaultBurstBits = 2_147_483_647n;

export interface TokenBucket {
  readonly rateBytes: bigint;
  /** What may wait before packets are dropped. */
  readonly limitBytes: bigint;
}

/**
 * The kernel's token bucket filter behind it: rate ÷ 8, and a queue of rate × 25 ms + burst, both in bytes and cut off
 * (containernetworking/plugins plugins/meta/bandwidth/ifb_creator.go).
 */
export function tokenBucket(rateBits: bigint, burstBits: bigint = defaultBurstBits): TokenBucket {
  const rateBytes = rateBits / 8n;
  return { rateBytes, limitBytes: (rateBytes * 25n) / 1000n + burstBits / 8n };
}
