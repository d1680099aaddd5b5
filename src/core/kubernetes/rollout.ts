import type { Located } from '../text/span.ts';
import { knownMapping, knownText } from '../yaml/field.ts';
import type { YamlMapping, YamlPath } from '../yaml/node.ts';
import type { KubernetesObject } from './model.ts';

/** How a new version of an object's pods replaces the old one. */
export interface RolloutStrategy {
  readonly node: YamlMapping;
  /** From the document's root. */
  readonly path: YamlPath;
  /** Undefined where none is written, which is RollingUpdate, or a template decides. */
  readonly type: Located<string> | undefined;
}

const fields: Readonly<Record<string, string>> = {
  Deployment: 'strategy',
  DeploymentConfig: 'strategy',
  DaemonSet: 'updateStrategy',
  StatefulSet: 'updateStrategy',
};

/** The strategy that an object writes; undefined where it writes none, or is of a kind that has none. */
export function strategyOf({ root, path, kind }: KubernetesObject): RolloutStrategy | undefined {
  const field = Object.hasOwn(fields, kind.value) ? fields[kind.value] : undefined;
  if (field === undefined) return undefined;
  const node = knownMapping(root, 'spec', field);
  return node && { node, path: [...path, 'spec', field], type: knownText(node, 'type') };
}
