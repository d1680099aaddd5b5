/** A taint of a node, as the pods without a toleration see it. */
export interface Taint {
  readonly key: string;
  readonly value: string;
  readonly effect: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';
}

export interface Toleration {
  /** Absent: every key, with the operator `Exists`. */
  readonly key?: string | undefined;
  /** `Equal` when absent. */
  readonly operator?: 'Equal' | 'Exists' | undefined;
  readonly value?: string | undefined;
  /** Absent: every effect. */
  readonly effect?: Taint['effect'] | undefined;
}

/** One expression of a node selector term. */
export interface NodeRequirement {
  readonly key: string;
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist' | 'Gt' | 'Lt';
  readonly values: readonly string[];
}

export interface NodeDemands {
  readonly nodeSelector?: ReadonlyMap<string, string> | undefined;
  /** `requiredDuringScheduling…`: one term must hold; a term holds when all its expressions do, and never when empty. */
  readonly affinityTerms?: readonly (readonly NodeRequirement[])[] | undefined;
  readonly tolerations?: readonly Toleration[] | undefined;
}

export interface NodeTraits {
  readonly labels?: ReadonlyMap<string, string> | undefined;
  readonly taints?: readonly Taint[] | undefined;
}

/** What keeps a pod off a node whatever it requests; undefined where nothing does. */
export type NodeMismatch =
  | { readonly kind: 'taint'; readonly taint: Taint }
  | { readonly kind: 'selector'; readonly key: string }
  | { readonly kind: 'affinity' };

/**
 * The first taint that is not tolerated, label that is not there, or required affinity that does not hold (kubernetes v1.36
 * component-helpers scheduling/corev1 nodeaffinity, ToleratesTaint). PreferNoSchedule keeps nothing off.
 */
export function nodeMismatch(demands: NodeDemands, { labels, taints = [] }: NodeTraits): NodeMismatch | undefined {
  const taint = taints.find(
    (each) => each.effect !== 'PreferNoSchedule' && !(demands.tolerations ?? []).some((one) => tolerates(one, each)),
  );
  if (taint !== undefined) return { kind: 'taint', taint };
  for (const [key, value] of demands.nodeSelector ?? []) {
    if (labels?.get(key) !== value) return { kind: 'selector', key };
  }
  const terms = demands.affinityTerms;
  if (terms === undefined) return undefined;
  const holds = (term: readonly NodeRequirement[]) =>
    term.length > 0 && term.every((requirement) => meets(requirement, labels?.get(requirement.key)));
  return terms.some(holds) ? undefined : { kind: 'affinity' };
}

/** Whether the toleration covers the taint (k8s.io/api core/v1 toleration.go ToleratesTaint). */
export function tolerates({ key = '', operator = 'Equal', value = '', effect }: Toleration, taint: Taint): boolean {
  if (effect !== undefined && effect !== taint.effect) return false;
  if (key !== '' && key !== taint.key) return false;
  return operator === 'Exists' || (key !== '' && value === taint.value);
}

function meets({ operator, values }: NodeRequirement, label: string | undefined): boolean {
  switch (operator) {
    case 'In':
      return label !== undefined && values.includes(label);
    case 'NotIn':
      return label === undefined || !values.includes(label);
    case 'Exists':
      return label !== undefined;
    case 'DoesNotExist':
      return label === undefined;
    case 'Gt':
    case 'Lt': {
      const [bound = ''] = values;
      if (label === undefined || !/^-?\d+$/.test(label) || !/^-?\d+$/.test(bound)) return false;
      return operator === 'Gt' ? BigInt(label) > BigInt(bound) : BigInt(label) < BigInt(bound);
    }
  }
}
