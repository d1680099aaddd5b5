/** What is set aside of one stretch of a resource: `perTenThousand` of what lies below `upTo` and above the tier before. */
export interface ReservedTier {
  /** Where the tier ends, in the resource's unit; undefined for the last one. */
  readonly upTo: bigint | undefined;
  readonly perTenThousand: bigint;
}

const tenThousand = 10_000n;

/**
 * Σ over the tiers of (part of `amount` in the tier × share). `each-tier` cuts the fraction of a unit off in every tier,
 * `sum` only at the end; the two differ by less than one unit a tier.
 */
export function reservedByTiers(amount: bigint, tiers: readonly ReservedTier[], cutOff: 'each-tier' | 'sum'): bigint {
  let [below, reserved] = [0n, 0n];
  for (const { upTo, perTenThousand } of tiers) {
    const top = upTo === undefined || upTo > amount ? amount : upTo;
    const share = (top - below) * perTenThousand;
    reserved += cutOff === 'each-tier' ? share - (share % tenThousand) : share;
    below = top;
    if (top === amount) break;
  }
  return reserved / tenThousand;
}

/** Millicores: 6 % of the first core, 1 % of the second, 0.5 % of the next two, 0.25 % of the others. */
export const coreTiers: readonly ReservedTier[] = [
  { upTo: 1000n, perTenThousand: 600n },
  { upTo: 2000n, perTenThousand: 100n },
  { upTo: 4000n, perTenThousand: 50n },
  { upTo: undefined, perTenThousand: 25n },
];

/** MiB: 25 % of the first 4 GiB, 20 % of the next 4, 10 % of the next 8, 6 % of the next 112, 2 % above 128 GiB. */
export const memoryTiers: readonly ReservedTier[] = [
  { upTo: 4096n, perTenThousand: 2500n },
  { upTo: 8192n, perTenThousand: 2000n },
  { upTo: 16_384n, perTenThousand: 1000n },
  { upTo: 131_072n, perTenThousand: 600n },
  { upTo: undefined, perTenThousand: 200n },
];
