import type { KubernetesObject, PlacedObject } from './model.ts';
import { readObjects } from './objects.ts';

/** Names an object across namespaces, which patches often leave out. */
export function patchKey({ kind, name }: KubernetesObject): string {
  return `${kind.value}/${name?.value ?? ''}`;
}

/** Whether one of the patches is about the object. `patched` holds `Deployment/web`; `*` stands for every kind or name. */
export function isPatched(patched: ReadonlySet<string>, object: KubernetesObject): boolean {
  if (patched.size === 0) return false;
  const { kind, name } = object;
  return [patchKey(object), `${kind.value}/*`, `*/${name?.value ?? ''}`, '*/*'].some((key) => patched.has(key));
}

/** The object, as a patch where patches are about it: what it lacks may be in them. */
export function withPatches<Placed extends PlacedObject>(placed: Placed, patched: ReadonlySet<string>): Placed {
  const { object } = placed;
  if (object.context === 'patch' || !isPatched(patched, object)) return placed;
  const asPatch = readObjects(object.document, { patch: true }).find(({ root }) => root === object.root);
  return asPatch === undefined ? placed : { ...placed, object: asPatch };
}
