import type { NodeDemands, NodeRequirement, Taint, Toleration } from '../sizing/node-match.ts';
import type { Spread, TopologyKey } from '../sizing/packing-model.ts';
import { onceFor } from '../text/once-for.ts';
import { fieldAt, knownInteger, knownItems, knownMapping, knownText, scalarText, textMap } from '../yaml/field.ts';
import type { YamlNode } from '../yaml/node.ts';
import { asMapping } from '../yaml/read.ts';
import type { Workload } from './model.ts';

import { readLabelSelector, readPodLabels, type Selector, selects } from './selector.ts';
import { sameNamespace } from './service.ts';

/** A required anti-affinity term: no pod that it selects may be in the same domain. */
export interface PodsApart {
  readonly key: TopologyKey;
  /** Undefined where none is written, which selects no pods. */
  readonly selector: Selector | undefined;
  /** Undefined where a selector of namespaces decides; `own` is that of the pod itself. */
  readonly namespaces: 'own' | readonly string[] | undefined;
}

/** What a pod demands of the node that it goes to, and of the pods beside it. What a template decides is left out. */
export interface Placement extends NodeDemands {
  /** `TCP/8080`: each at most once on a node. */
  readonly hostPorts: readonly string[];
  /** Hard constraints over the workload's own pods, on nodes or zones. */
  readonly spread: readonly Spread[];
  readonly apart: readonly PodsApart[];
  /** An affinity term looks into other namespaces. */
  readonly crossNamespace: boolean;
  /** Required affinity to other pods, which says where they have to be. */
  readonly beside: boolean;
}

const required = 'requiredDuringSchedulingIgnoredDuringExecution';
const preferred = 'preferredDuringSchedulingIgnoredDuringExecution';

/** What a workload's pods demand of nodes and neighbours (pod spec of the API, v1.36). */
export const placementOf = onceFor((workload: Workload): Placement => {
  const { spec } = workload;
  const terms = knownItems(spec, 'affinity', 'podAntiAffinity', required);
  return {
    nodeSelector: new Map([...textMap(knownMapping(spec, 'nodeSelector'))].map(([key, { value }]) => [key, value])),
    affinityTerms: affinityTerms(workload),
    tolerations: knownItems(spec, 'tolerations').map(({ node }) => toleration(node)),
    hostPorts: hostPorts(workload),
    spread: spreads(workload),
    apart: terms.flatMap(({ node }) => apartTerm(node)),
    crossNamespace: looksElsewhere(workload),
    beside: knownItems(spec, 'affinity', 'podAffinity', required).length > 0,
  };
});

const topologies: Readonly<Record<string, TopologyKey>> = {
  'kubernetes.io/hostname': 'hostname',
  'topology.kubernetes.io/zone': 'zone',
  'failure-domain.beta.kubernetes.io/zone': 'zone',
};

function topologyOf(node: YamlNode): TopologyKey | undefined {
  const key = knownText(node, 'topologyKey')?.value ?? '';
  return Object.hasOwn(topologies, key) ? topologies[key] : undefined;
}

/** Undefined where none is written, or where one of the terms cannot be read whole: it may hold anywhere. */
function affinityTerms({ spec }: Workload): NodeDemands['affinityTerms'] {
  const items = knownItems(spec, 'affinity', 'nodeAffinity', required, 'nodeSelectorTerms');
  if (items.length === 0) return undefined;
  const terms = items.map(({ node }) => {
    if (knownItems(node, 'matchFields').length > 0) return undefined;
    const expressions = knownItems(node, 'matchExpressions').map((item) => requirement(item.node));
    const known = expressions.flatMap((one) => (one === undefined ? [] : [one]));
    return known.length === expressions.length ? known : undefined;
  });
  const known = terms.flatMap((term) => (term === undefined ? [] : [term]));
  return known.length === terms.length ? known : undefined;
}

const operators = ['In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt'] as const;

function requirement(node: YamlNode): NodeRequirement | undefined {
  const key = knownText(node, 'key')?.value;
  const written = knownText(node, 'operator')?.value;
  const operator = operators.find((one) => one === written);
  if (key === undefined || operator === undefined || fieldAt(node, 'values') === 'unknown') return undefined;
  const items = knownItems(node, 'values');
  const values = items.flatMap((item) => scalarText(item.node)?.value ?? []);
  return values.length < items.length ? undefined : { key, operator, values };
}

const effects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'] as const;

function effectOf(text: string | undefined): Taint['effect'] | undefined {
  return effects.find((effect) => effect === text);
}

function toleration(node: YamlNode): Toleration {
  const [key, value, effect] = ['key', 'value', 'effect'].map((field) => knownText(node, field)?.value);
  const operator = knownText(node, 'operator')?.value === 'Exists' ? 'Exists' : 'Equal';
  return { key, operator, value, effect: effectOf(effect) };
}

/** A taint as kubectl takes it: `key=value:NoSchedule`, `key:NoExecute`; undefined where the text is none. */
export function parseTaint(text: string): Taint | undefined {
  const [, key = '', value = '', effect] = /^([^=:\s]+)(?:=([^=:\s]*))?:(\w+)$/.exec(text.trim()) ?? [];
  const known = effectOf(effect);
  return known === undefined ? undefined : { key, value, effect: known };
}

/** A term of required anti-affinity, as a question about the pods of another workload. */
export interface Avoidance {
  readonly key: TopologyKey;
  /** Whether these pods may not share the domain, for sure. */
  avoids(other: Workload): boolean;
}

/** The workloads that a workload's pods may not stand beside. */
export function avoidancesOf(workload: Workload): readonly Avoidance[] {
  return placementOf(workload).apart.map(({ key, selector, namespaces }) => ({
    key,
    avoids: (other) => {
      if (selector === undefined || selects(selector, readPodLabels(other)) !== 'yes') return false;
      if (other === workload || namespaces === undefined) return other === workload;
      if (namespaces === 'own') return sameNamespace(workload.object, other.object) === 'yes';
      return namespaces.includes(other.object.namespace?.value ?? 'default');
    },
  }));
}

/** Ports of the node itself: `hostPort`, and every port of a pod that uses the node's network. */
function hostPorts({ spec, containers }: Workload): readonly string[] {
  const own = knownText(spec, 'hostNetwork')?.value === 'true';
  const ports = containers.flatMap(({ node }) =>
    knownItems(node, 'ports').flatMap((item) => {
      const number =
        knownInteger(item.node, 'hostPort') ?? (own ? knownInteger(item.node, 'containerPort') : undefined);
      return number === undefined || number.value === 0
        ? []
        : [`${knownText(item.node, 'protocol')?.value ?? 'TCP'}/${number.value}`];
    }),
  );
  return [...new Set(ports)];
}

function spreads(workload: Workload): readonly Spread[] {
  return knownItems(workload.spec, 'topologySpreadConstraints').flatMap(({ node }): readonly Spread[] => {
    const key = topologyOf(node);
    const maxSkew = knownInteger(node, 'maxSkew')?.value;
    const selector = knownMapping(node, 'labelSelector');
    const hard = (knownText(node, 'whenUnsatisfiable')?.value ?? 'DoNotSchedule') === 'DoNotSchedule';
    if (key === undefined || maxSkew === undefined || maxSkew < 1 || selector === undefined || !hard) return [];
    // A constraint that counts other pods than these does not spread them.
    if (selects(readLabelSelector(selector), readPodLabels(workload)) !== 'yes') return [];
    return [{ key, maxSkew, minDomains: knownInteger(node, 'minDomains')?.value }];
  });
}

function apartTerm(node: YamlNode): readonly PodsApart[] {
  const key = topologyOf(node);
  if (key === undefined) return [];
  const mapping = asMapping(known(fieldAt(node, 'labelSelector')));
  const selector = mapping === undefined ? undefined : readLabelSelector(mapping);
  if (fieldAt(node, 'namespaceSelector') !== undefined) return [{ key, selector, namespaces: undefined }];
  const names = knownItems(node, 'namespaces').flatMap((item) => scalarText(item.node)?.value ?? []);
  return [{ key, selector, namespaces: names.length === 0 ? 'own' : names }];
}

function known(field: ReturnType<typeof fieldAt>): YamlNode | undefined {
  return field === 'unknown' ? undefined : field;
}

function looksElsewhere({ spec }: Workload): boolean {
  return ['podAffinity', 'podAntiAffinity'].some((kind) => {
    const terms = [
      ...knownItems(spec, 'affinity', kind, required).map(({ node }) => node),
      ...knownItems(spec, 'affinity', kind, preferred).flatMap(({ node }) => {
        return known(fieldAt(node, 'podAffinityTerm')) ?? [];
      }),
    ];
    return terms.some(
      (term) => knownItems(term, 'namespaces').length > 0 || fieldAt(term, 'namespaceSelector') !== undefined,
    );
  });
}
