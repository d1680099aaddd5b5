import { onceFor } from '../text/once-for.ts';
import type { Located, Span } from '../text/span.ts';
import { fieldAt, knownItems, knownMapping, knownText, mayHide, scalarText, textMap } from '../yaml/field.ts';
import type { YamlMapping, YamlNode } from '../yaml/node.ts';
import { asMapping, asSequence, entries } from '../yaml/read.ts';
import type { KubernetesFile, KubernetesObject, Workload } from './model.ts';
import { makesPods, podMetadataOf } from './workload.ts';

/** Labels as written. `partial`: a template may add some, or decide the value of those in `unknown`. */
export interface LabelSet {
  readonly labels: ReadonlyMap<string, Located<string>>;
  readonly unknown: ReadonlySet<string>;
  readonly partial: boolean;
}

export interface Requirement {
  readonly key: string;
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
  /** Undefined where a template decides one of them. */
  readonly values: readonly string[] | undefined;
  /** Where it is written. */
  readonly span: Span;
}

export interface Selector {
  readonly span: Span;
  readonly requirements: readonly Requirement[];
  /** It holds more than could be read: of a template, or not a selector at all. */
  readonly partial: boolean;
}

export type Verdict = 'yes' | 'no' | 'unknown';

const noLabels: LabelSet = { labels: new Map(), unknown: new Set(), partial: false };

/** The labels below a `metadata` mapping; none where there is no such mapping. */
export function readLabels(metadata: YamlMapping | undefined): LabelSet {
  if (metadata === undefined) return noLabels;
  const field = fieldAt(metadata, 'labels');
  if (field === 'unknown') return { ...noLabels, partial: true };
  const mapping = field === undefined ? undefined : asMapping(field);
  if (mapping === undefined) return noLabels;
  const labels = new Map<string, Located<string>>();
  const unknown = new Set<string>();
  for (const { key, value } of entries(mapping)) {
    const text = value === null ? undefined : scalarText(value);
    if (text === undefined) unknown.add(key.text);
    else labels.set(key.text, text);
  }
  return { labels, unknown, partial: mapping.open };
}

/** The labels of the pods that a workload makes. */
export const readPodLabels = onceFor((workload: Workload): LabelSet => {
  const field = fieldAt(workload.object.root, ...workload.podMetadataPath.slice(workload.object.path.length));
  if (field === 'unknown') return { ...noLabels, partial: true };
  return readLabels(workload.podMetadata);
});

/**
 * The labels of an object's pods, even where the pods are not written yet: then they are those of its selector, which the API server
 * asks of them. Undefined where it makes no pods, or says nothing of their labels.
 */
export function labelsOfPods(object: KubernetesObject): LabelSet | undefined {
  if (object.workload !== undefined) return readPodLabels(object.workload);
  if (!makesPods(object)) return undefined;
  const metadata = podMetadataOf(object);
  if (metadata !== undefined) return readLabels(metadata);
  const labels = knownMapping(object.root, 'spec', 'selector', 'matchLabels');
  return labels && { labels: textMap(labels), unknown: new Set(), partial: labels.open };
}

/** A plain map of labels, as in a Service or a ReplicationController. */
export function readMapSelector(mapping: YamlMapping): Selector {
  return { span: mapping.span, requirements: equalities(mapping), partial: mapping.open };
}

/** A label selector: `matchLabels` and `matchExpressions`. */
export function readLabelSelector(mapping: YamlMapping): Selector {
  const labels = fieldAt(mapping, 'matchLabels');
  const labelMapping = labels === undefined || labels === 'unknown' ? undefined : asMapping(labels);
  const expressions = knownItems(mapping, 'matchExpressions').map(({ node }) => readExpression(node));
  const readable = expressions.flatMap((one) => (one === undefined ? [] : [one]));
  return {
    span: mapping.span,
    requirements: [...(labelMapping === undefined ? [] : equalities(labelMapping)), ...readable],
    partial:
      mapping.open ||
      labels === 'unknown' ||
      labelMapping?.open === true ||
      mayHide(mapping, 'matchExpressions') ||
      readable.length < expressions.length,
  };
}

/** Whether a selector chooses what has these labels. An empty selector chooses everything, as in the API. */
export function selects(selector: Selector, set: LabelSet): Verdict {
  let verdict: Verdict = selector.partial ? 'unknown' : 'yes';
  for (const requirement of selector.requirements) {
    const one = satisfies(requirement, set);
    if (one === 'no') return 'no';
    if (one === 'unknown') verdict = 'unknown';
  }
  return verdict;
}

/** Whether a selector asks for a label that a kustomization adds to what is deployed with the file, or may add. */
export function asksForAdded({ requirements }: Selector, { neighbours }: KubernetesFile): boolean {
  const labelled = neighbours?.labelled;
  if (labelled === undefined || labelled.size === 0) return false;
  return labelled.has('*') || requirements.some(({ key }) => labelled.has(key));
}

/** Whether labels satisfy one requirement. */
export function satisfies({ key, operator, values }: Requirement, set: LabelSet): Verdict {
  const value = set.labels.get(key)?.value;
  const undecided = value === undefined && (set.partial || set.unknown.has(key));
  if (operator === 'Exists' || operator === 'DoesNotExist') {
    if (set.unknown.has(key)) return operator === 'Exists' ? 'yes' : 'no';
    if (undecided) return 'unknown';
    return (value !== undefined) === (operator === 'Exists') ? 'yes' : 'no';
  }
  if (undecided || values === undefined) {
    // Whatever the values are, a label that is absent is in none of them.
    if (!undecided && value === undefined) return operator === 'In' ? 'no' : 'yes';
    return 'unknown';
  }
  return (value !== undefined && values.includes(value)) === (operator === 'In') ? 'yes' : 'no';
}

function equalities(mapping: YamlMapping): readonly Requirement[] {
  return entries(mapping).map(({ key, value, span }) => {
    const text = value === null ? undefined : scalarText(value);
    return { key: key.text, operator: 'In' as const, values: text === undefined ? undefined : [text.value], span };
  });
}

function readExpression(node: YamlNode): Requirement | undefined {
  const key = knownText(node, 'key')?.value;
  const operator = knownText(node, 'operator')?.value;
  if (key === undefined) return undefined;
  if (operator !== 'In' && operator !== 'NotIn' && operator !== 'Exists' && operator !== 'DoesNotExist')
    return undefined;
  const field = fieldAt(node, 'values');
  const items = field === undefined || field === 'unknown' ? undefined : asSequence(field);
  const texts = items?.items.map((item) => (item === null ? undefined : scalarText(item)?.value));
  const known = texts?.flatMap((text) => (text === undefined ? [] : [text]));
  const whole = known !== undefined && known.length === texts?.length && items?.open !== true;
  return { key, operator, values: whole ? known : undefined, span: node.span };
}
