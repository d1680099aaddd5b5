import type { Workload } from '../../../kubernetes/model.ts';
import type { Located } from '../../../text/span.ts';
import { fieldAt, knownItems, knownText, mayHide } from '../../../yaml/field.ts';
import type { YamlNode, YamlPath } from '../../../yaml/node.ts';

export interface PodVolume {
  readonly name: Located<string>;
  readonly path: YamlPath;
}

/** The volumes of a pod by name, claims of a StatefulSet included; undefined where there may be others. */
export function volumeNames(workload: Workload): ReadonlySet<string> | undefined {
  const { spec, object } = workload;
  if (mayHide(spec, 'volumes') || mayHide(object.root, 'spec', 'volumeClaimTemplates')) return undefined;
  const names = new Set<string>();
  const items = [
    ...knownItems(spec, 'volumes').map(({ node }) => fieldAt(node, 'name')),
    ...knownItems(object.root, 'spec', 'volumeClaimTemplates').map(({ node }) => fieldAt(node, 'metadata', 'name')),
  ];
  for (const name of items) {
    if (name === 'unknown') return undefined;
    const text = name && knownText(name);
    if (text) names.add(text.value);
  }
  return names;
}

/** The volumes that are written in the pod's spec and have a name. */
export function volumesOf({ spec, specPath }: Workload): readonly PodVolume[] {
  return knownItems(spec, 'volumes').flatMap(({ index, node }) => {
    const name = knownText(node, 'name');
    return name === undefined ? [] : [{ name, path: [...specPath, 'volumes', index] }];
  });
}

export interface VolumeUse {
  readonly node: YamlNode;
  readonly path: YamlPath;
}

/** Every mount and device of a container. */
export function usesOf(container: { readonly node: YamlNode; readonly path: YamlPath }): readonly VolumeUse[] {
  return ['volumeMounts', 'volumeDevices'].flatMap((key) =>
    knownItems(container.node, key).map(({ index, node }) => ({ node, path: [...container.path, key, index] })),
  );
}

/** Directories that a system is made of, and what lies below, as KICS has them. */
export const ofSystem = /^\/(?:$|(?:bin|sbin|boot|cdrom|dev|etc|home|lib|media|proc|root|run|seLinux|srv|usr|var))/;
