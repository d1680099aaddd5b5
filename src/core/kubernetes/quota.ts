import { type KubernetesQuantity, parseKubernetesQuantity } from '../quantity/kubernetes.ts';
import type { QuotaScope, ScopeRequirement } from '../sizing/quota.ts';
import { onceFor } from '../text/once-for.ts';
import type { Span } from '../text/span.ts';
import { fieldAt, knownItems, knownMapping, knownText, mayHide, scalarText, textMap } from '../yaml/field.ts';
import type { KubernetesObject } from './model.ts';

/** A ResourceQuota, as far as it counts pods. */
export interface Quota {
  readonly object: KubernetesObject;
  readonly name: string;
  /** By the quota's own names: `requests.cpu`, `pods`. */
  readonly hard: ReadonlyMap<string, KubernetesQuantity>;
  /** Where each is written; of the object's document. */
  readonly spans: ReadonlyMap<string, Span>;
  readonly scopes: readonly ScopeRequirement[];
}

const podResource =
  /^(?:pods|count\/pods|cpu|memory|ephemeral-storage|(?:requests|limits)\.(?!storage$)[^/]+|requests\.[^/]+\/[^/]+)$/;

const known: Readonly<Record<QuotaScope, true>> = {
  Terminating: true,
  NotTerminating: true,
  BestEffort: true,
  NotBestEffort: true,
  PriorityClass: true,
  CrossNamespacePodAffinity: true,
};

function isScope(text: string | undefined): text is QuotaScope {
  return text !== undefined && Object.hasOwn(known, text);
}

/**
 * The object as a ResourceQuota; undefined where it is something else, bounds nothing of pods, or something else than the
 * file decides what it counts.
 */
export const readQuota = onceFor((object: KubernetesObject): Quota | undefined => {
  if (object.kind.value !== 'ResourceQuota' || object.context === 'patch') return undefined;
  const { root } = object;
  if (['scopes', 'scopeSelector'].some((key) => mayHide(root, 'spec', key))) return undefined;
  const hard = new Map<string, KubernetesQuantity>();
  const spans = new Map<string, Span>();
  for (const [resource, { value, span }] of textMap(knownMapping(root, 'spec', 'hard'))) {
    const parsed = parseKubernetesQuantity(value);
    if (!parsed.ok || !podResource.test(resource)) continue;
    hard.set(resource, parsed.quantity);
    spans.set(resource, span);
  }
  const scopes = scopesOf(object);
  if (hard.size === 0 || scopes === undefined) return undefined;
  return { object, name: object.name?.value ?? 'quota', hard, spans, scopes };
});

function scopesOf({ root }: KubernetesObject): readonly ScopeRequirement[] | undefined {
  const found: ScopeRequirement[] = [];
  for (const { node } of knownItems(root, 'spec', 'scopes')) {
    const scope = scalarText(node)?.value;
    if (!isScope(scope)) return undefined;
    found.push({ scope, operator: 'Exists', values: [] });
  }
  for (const { node } of knownItems(root, 'spec', 'scopeSelector', 'matchExpressions')) {
    const scope = knownText(node, 'scopeName')?.value;
    const written = knownText(node, 'operator')?.value;
    const operator = (['In', 'NotIn', 'Exists', 'DoesNotExist'] as const).find((one) => one === written);
    if (!isScope(scope) || operator === undefined || fieldAt(node, 'values') === 'unknown') return undefined;
    found.push({
      scope,
      operator,
      values: knownItems(node, 'values').flatMap((item) => scalarText(item.node)?.value ?? []),
    });
  }
  return found;
}
