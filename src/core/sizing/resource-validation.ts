import { type KubernetesQuantity, milliValue, nanoPerUnit, parseKubernetesQuantity } from '../quantity/kubernetes.ts';
import { requestProblems } from './limit-range.ts';
import {
  allowsOvercommit,
  isExtendedResource,
  isHugePages,
  type ResourcePart,
  type ResourceRequirements,
} from './resources.ts';

/** What the API server refuses in a container's resources. */
export interface ResourceProblem {
  readonly part: ResourcePart;
  readonly resource: string;
  readonly rule:
    | 'must be greater than or equal to 0'
    /** Extended resources are counted in pieces. */
    | 'must be an integer'
    /** Of huge pages. */
    | 'must be a multiple of the page size'
    /** Extended resources and huge pages cannot be shared out twice. */
    | 'the limit must be set'
    | 'must be equal to the limit'
    | 'must be less than or equal to the limit'
    /** Huge pages need a request or limit of CPU or memory beside them. */
    | 'requires cpu or memory';
}

/**
 * All that the API server refuses, once limits are requests too where these are missing: signs, pieces, page sizes, and
 * requests beside their limits (kubernetes v1.36 pkg/apis/core/validation/validation.go:7982
 * ValidateContainerResourceRequirements). Fractions of bytes are warned of, not refused.
 */
export function resourceProblems(resources: ResourceRequirements): readonly ResourceProblem[] {
  const problems: ResourceProblem[] = [];
  for (const part of ['limits', 'requests'] as const) {
    for (const [resource, quantity] of resources[part]) {
      const rule = amountProblem(resource, quantity);
      if (rule !== undefined) problems.push({ part, resource, rule });
    }
  }
  for (const resource of resources.requests.keys()) {
    if (allowsOvercommit(resource) || resources.limits.has(resource)) continue;
    problems.push({ part: 'requests', resource, rule: 'the limit must be set' });
  }
  for (const { resource, rule } of requestProblems(resources)) problems.push({ part: 'requests', resource, rule });
  const named = [...resources.limits.keys(), ...resources.requests.keys()];
  const pages = named.find(isHugePages);
  if (pages !== undefined && !named.includes('cpu') && !named.includes('memory')) {
    problems.push({
      part: resources.limits.has(pages) ? 'limits' : 'requests',
      resource: pages,
      rule: 'requires cpu or memory',
    });
  }
  return problems;
}

function amountProblem(resource: string, quantity: KubernetesQuantity): ResourceProblem['rule'] | undefined {
  if (quantity.nano < 0n) return 'must be greater than or equal to 0';
  if (isExtendedResource(resource)) return milliValue(quantity) % 1000n === 0n ? undefined : 'must be an integer';
  if (!isHugePages(resource)) return undefined;
  const page = pageBytes(resource);
  return page !== undefined && quantity.nano % (page * nanoPerUnit) !== 0n
    ? 'must be a multiple of the page size'
    : undefined;
}

/** Bytes of a page of `hugepages-2Mi`; undefined where the name says none. */
export function pageBytes(resource: string): bigint | undefined {
  const parsed = parseKubernetesQuantity(resource.slice('hugepages-'.length));
  if (!isHugePages(resource) || !parsed.ok || parsed.quantity.nano <= 0n) return undefined;
  return parsed.quantity.nano % nanoPerUnit === 0n ? parsed.quantity.nano / nanoPerUnit : undefined;
}
