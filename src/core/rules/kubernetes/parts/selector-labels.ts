import type { KubernetesObject } from '../../../kubernetes/model.ts';
import { knownMapping, textMap } from '../../../yaml/field.ts';

/** The labels by which a workload finds its own pods; undefined where they are not all written as plain labels. */
export function ownLabels({ root, kind }: KubernetesObject): Readonly<Record<string, string>> | undefined {
  const selector = knownMapping(root, 'spec', 'selector');
  const plain = kind.value === 'ReplicationController' || kind.value === 'DeploymentConfig';
  const labels = plain ? selector : knownMapping(selector, 'matchLabels');
  if (labels === undefined || labels.open || (!plain && selector?.pairs.length !== 1)) return undefined;
  const texts = [...textMap(labels)].map(([key, { value }]) => [key, value] as const);
  return texts.length === 0 || texts.length !== labels.pairs.length ? undefined : Object.fromEntries(texts);
}
