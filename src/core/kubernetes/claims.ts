import type { Span } from '../text/span.ts';
import { fieldAt, knownItems, knownMapping, knownText } from '../yaml/field.ts';
import type { YamlMapping, YamlNode, YamlPath } from '../yaml/node.ts';
import { asMapping, asSequence } from '../yaml/read.ts';
import type { KubernetesObject } from './model.ts';

/** What is asked of a persistent volume. */
export interface Claim {
  /** A `template` of a StatefulSet is made into claims later; an `ephemeral` one lives with a pod. */
  readonly kind: 'object' | 'template' | 'ephemeral';
  /** The claim's `spec`. */
  readonly node: YamlMapping;
  readonly path: YamlPath;
  /** Its name, else where it begins. */
  readonly label: Span;
}

/** The claims that an object is, has templates of, or makes for its pods. */
export function claimsOf(object: KubernetesObject): readonly Claim[] {
  const { root, path, kind, workload } = object;
  const claims: (Claim | undefined)[] = [];
  if (kind.value === 'PersistentVolumeClaim') claims.push(claim('object', root, path));
  if (kind.value === 'StatefulSet') {
    for (const { index, node } of knownItems(root, 'spec', 'volumeClaimTemplates')) {
      claims.push(claim('template', node, [...path, 'spec', 'volumeClaimTemplates', index]));
    }
  }
  if (workload !== undefined) {
    for (const { index, node } of knownItems(workload.spec, 'volumes')) {
      const below = ['ephemeral', 'volumeClaimTemplate'];
      const template = fieldAt(node, ...below);
      if (template === undefined || template === 'unknown') continue;
      claims.push(claim('ephemeral', template, [...workload.specPath, 'volumes', index, ...below]));
    }
  }
  return claims.filter((one) => one !== undefined);
}

function claim(kind: Claim['kind'], node: YamlNode, path: YamlPath): Claim | undefined {
  const spec = knownMapping(node, 'spec');
  if (spec === undefined) return undefined;
  const name = knownText(node, 'metadata', 'name');
  const first = asMapping(node)?.pairs[0]?.key.span;
  return { kind, node: spec, path: [...path, 'spec'], label: name?.span ?? first ?? node.span };
}

/** The access modes of a claim as they are written; undefined where a template may decide. */
export function accessModes({ node }: Pick<Claim, 'node'>): readonly string[] | undefined {
  const field = fieldAt(node, 'accessModes');
  if (field === 'unknown') return undefined;
  const list = asSequence(field);
  const modes = (list?.items ?? []).map((item) => item && knownText(item)?.value);
  return list?.open !== true && modes.every(isText) ? modes : undefined;
}

function isText(text: string | null | undefined): text is string {
  return typeof text === 'string';
}
