import type { KubernetesFile, KubernetesObject, Workload } from '../../../kubernetes/model.ts';
import { readLabelSelector, readPodLabels, type Selector, selects } from '../../../kubernetes/selector.ts';
import { sameNamespace } from '../../../kubernetes/service.ts';
import { fieldAt, isEmptyList, knownItems, knownText } from '../../../yaml/field.ts';
import { asMapping } from '../../../yaml/read.ts';

/** Whether a direction of traffic is open, is ruled but nothing is let through, or some of it is. */
export type Direction = 'open' | 'closed' | 'allowed';

interface Policy {
  readonly object: KubernetesObject;
  /** Undefined where what it selects is not told here: a kind of another product, or a template. */
  readonly selector: Selector | undefined;
  readonly ingress: Direction;
  readonly egress: Direction;
}

/** What the policies make of both directions of a workload's traffic, together. */
export interface Isolation {
  readonly ingress: Direction;
  readonly egress: Direction;
}

const known = new WeakMap<KubernetesFile, readonly Policy[]>();

/** What NetworkPolicies, those of Calico and Cilium too, make of the pods of a workload; anything unsure counts as allowed. */
export function isolationOf(file: KubernetesFile, workload: Workload): Isolation {
  let policies = known.get(file);
  if (policies === undefined) {
    const { near = [], far = [] } = file.neighbours ?? {};
    policies = [...file.objects, ...near, ...far].flatMap(({ object }) => readPolicy(object) ?? []);
    known.set(file, policies);
  }
  const labels = readPodLabels(workload);
  const ruling = policies.filter(({ object, selector }) => {
    if (selector === undefined) return true;
    return sameNamespace(object, workload.object) !== 'no' && selects(selector, labels) !== 'no';
  });
  return { ingress: together(ruling.map((one) => one.ingress)), egress: together(ruling.map((one) => one.egress)) };
}

/** Policies add up: what one allows is allowed. */
function together(directions: readonly Direction[]): Direction {
  if (directions.includes('allowed')) return 'allowed';
  return directions.includes('closed') ? 'closed' : 'open';
}

function readPolicy(object: KubernetesObject): Policy | undefined {
  const { root, kind, apiVersion, context } = object;
  if (!/NetworkPolicy$/.test(kind.value)) return undefined;
  const own = kind.value === 'NetworkPolicy' && /^(?:networking\.k8s\.io|extensions)\//.test(apiVersion.value);
  if (!own) return { object, selector: undefined, ingress: 'allowed', egress: 'allowed' };
  const field = fieldAt(root, 'spec', 'podSelector');
  const mapping = field === undefined || field === 'unknown' ? undefined : asMapping(field);
  const empty: Selector = { span: kind.span, requirements: [], partial: false };
  const types = fieldAt(root, 'spec', 'policyTypes');
  const listed = knownItems(root, 'spec', 'policyTypes').map(({ node }) => knownText(node)?.value);
  const unsure = types === 'unknown' || context === 'patch' || listed.includes(undefined);
  return {
    object,
    selector: mapping === undefined ? (field === undefined ? empty : undefined) : readLabelSelector(mapping),
    ingress: unsure || listed.length === 0 || listed.includes('Ingress') ? ruled('ingress') : 'open',
    egress:
      unsure || listed.includes('Egress') || (listed.length === 0 && fieldAt(root, 'spec', 'egress') !== undefined)
        ? ruled('egress')
        : 'open',
  };

  function ruled(key: 'ingress' | 'egress'): Direction {
    if (unsure) return 'allowed';
    const rules = fieldAt(root, 'spec', key);
    return rules === undefined || isEmptyList(rules) ? 'closed' : 'allowed';
  }
}
