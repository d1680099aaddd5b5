import { fieldAt, knownItems, knownText } from '../yaml/field.ts';
import type { Container, KubernetesFile } from './model.ts';
import { findTarget } from './references.ts';

/**
 * The text of a file that a ConfigMap gives to a container, by its path in there; undefined where no ConfigMap that is known
 * does.
 */
export function mountedText(file: KubernetesFile, container: Container, path: string): string | undefined {
  const { workload, node } = container;
  for (const { node: mount } of knownItems(node, 'volumeMounts')) {
    const at = knownText(mount, 'mountPath')?.value.replace(/\/$/, '');
    const sub = knownText(mount, 'subPath')?.value;
    if (at === undefined) continue;
    const key =
      sub !== undefined && path === at ? sub : path.startsWith(`${at}/`) ? path.slice(at.length + 1) : undefined;
    const volume = key === undefined ? undefined : volumeNamed(container, knownText(mount, 'name')?.value);
    if (key === undefined || volume === undefined) continue;
    const name = knownText(volume, 'configMap', 'name');
    const items = knownItems(volume, 'configMap', 'items');
    const item = items.find(({ node: one }) => knownText(one, 'path')?.value === key);
    const source = item === undefined ? key : knownText(item.node, 'key')?.value;
    if (name === undefined || source === undefined) continue;
    const target = findTarget(file, workload.object, 'ConfigMap', name.value);
    if (target.kind === 'found') return knownText(target.object.object.root, 'data', source)?.value;
  }
  return undefined;
}

function volumeNamed({ workload }: Container, name: string | undefined) {
  return knownItems(workload.spec, 'volumes').find(
    ({ node }) =>
      name !== undefined && knownText(node, 'name')?.value === name && fieldAt(node, 'configMap') !== undefined,
  )?.node;
}
