import type { Located } from '../text/span.ts';
import { fieldAt, knownMapping, knownText } from '../yaml/field.ts';
import type { YamlMapping, YamlPath } from '../yaml/node.ts';
import { asScalar } from '../yaml/read.ts';
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

/** How many pods may be there more, or fewer, at a time. */
export interface RolloutAmount extends Located<string> {
  /** Pods, or hundredths of them; undefined where the text is neither: a number in quotes is none. */
  readonly amount: number | undefined;
  readonly percent: boolean;
}

/** An amount as it is written; undefined where it is not, or something else fills it in. */
export function rolloutAmount(
  { node }: RolloutStrategy,
  key: 'maxUnavailable' | 'maxSurge',
): RolloutAmount | undefined {
  const field = fieldAt(node, 'rollingUpdate', key);
  const text = knownText(node, 'rollingUpdate', key);
  if (text === undefined || field === undefined || field === 'unknown' || /[${}<>]/.test(text.value)) return undefined;
  const percent = /^(\d+)%$/.exec(text.value)?.[1];
  const number = asScalar(field)?.style === 'plain' ? /^\d+$/.exec(text.value)?.[0] : undefined;
  const written = percent ?? number;
  return { ...text, amount: written === undefined ? undefined : Number(written), percent: percent !== undefined };
}
