import { onceFor } from '../text/once-for.ts';
import type { Located } from '../text/span.ts';
import { fieldAt, knownItems, knownText } from '../yaml/field.ts';
import type { YamlNode, YamlPath } from '../yaml/node.ts';
import { asMapping } from '../yaml/read.ts';
import type { KubernetesFile, KubernetesObject, NeighbourObject, PlacedObject, Workload } from './model.ts';
import { isInNamespace, sameNamespace } from './service.ts';
import { makesPods } from './workload.ts';

/** A name by which a pod refers to another object of its namespace. */
export interface Reference {
  readonly kind:
    | 'ConfigMap'
    | 'Secret'
    | 'PersistentVolumeClaim'
    | 'ServiceAccount'
    | 'ResourceClaim'
    | 'ResourceClaimTemplate';
  readonly name: Located<string>;
  readonly path: YamlPath;
  /** The pod starts without it too. */
  readonly optional: boolean;
  /** The keys that it needs of a ConfigMap or Secret. */
  readonly keys: readonly { readonly key: Located<string>; readonly path: YamlPath }[];
}

/** What the pods of a workload refer to by name; names that a template decides are left out. */
export const referencesOf = onceFor((workload: Workload): readonly Reference[] => {
  const { spec, specPath } = workload;
  const found: Reference[] = [];
  // The older name of the field still counts where the newer one is not written.
  const field = fieldAt(spec, 'serviceAccountName') === undefined ? 'serviceAccount' : 'serviceAccountName';
  const account = knownText(spec, field);
  if (account !== undefined && account.value !== 'default' && account.value !== '')
    found.push(reference('ServiceAccount', account, [...specPath, field]));
  for (const { index, node } of knownItems(spec, 'imagePullSecrets'))
    add(found, 'Secret', node, [...specPath, 'imagePullSecrets', index], 'name');
  for (const { index, node } of knownItems(spec, 'volumes'))
    found.push(...inVolume(node, [...specPath, 'volumes', index]));
  for (const { index, node } of knownItems(spec, 'resourceClaims')) {
    const at = [...specPath, 'resourceClaims', index];
    add(found, 'ResourceClaim', node, at, 'resourceClaimName');
    add(found, 'ResourceClaimTemplate', node, at, 'resourceClaimTemplateName');
  }
  for (const { node, path } of workload.containers) {
    for (const { index, node: source } of knownItems(node, 'envFrom')) {
      const at = [...path, 'envFrom', index];
      add(found, 'ConfigMap', fieldAt(source, 'configMapRef'), [...at, 'configMapRef'], 'name');
      add(found, 'Secret', fieldAt(source, 'secretRef'), [...at, 'secretRef'], 'name');
    }
    for (const { index, node: variable } of knownItems(node, 'env')) {
      const at = [...path, 'env', index, 'valueFrom'];
      add(found, 'ConfigMap', fieldAt(variable, 'valueFrom', 'configMapKeyRef'), [...at, 'configMapKeyRef'], 'name');
      add(found, 'Secret', fieldAt(variable, 'valueFrom', 'secretKeyRef'), [...at, 'secretKeyRef'], 'name');
    }
  }
  return found;
});

function inVolume(volume: YamlNode, path: YamlPath): readonly Reference[] {
  const found: Reference[] = [];
  add(found, 'ConfigMap', fieldAt(volume, 'configMap'), [...path, 'configMap'], 'name');
  add(found, 'Secret', fieldAt(volume, 'secret'), [...path, 'secret'], 'secretName');
  const claim = fieldAt(volume, 'persistentVolumeClaim');
  add(found, 'PersistentVolumeClaim', claim, [...path, 'persistentVolumeClaim'], 'claimName');
  for (const { index, node } of knownItems(volume, 'projected', 'sources')) {
    const at = [...path, 'projected', 'sources', index];
    add(found, 'ConfigMap', fieldAt(node, 'configMap'), [...at, 'configMap'], 'name');
    add(found, 'Secret', fieldAt(node, 'secret'), [...at, 'secret'], 'name');
  }
  return found;
}

function reference(kind: Reference['kind'], name: Located<string>, path: YamlPath): Reference {
  return { kind, name, path, optional: false, keys: [] };
}

function add(
  found: Reference[],
  kind: Reference['kind'],
  source: ReturnType<typeof fieldAt>,
  path: YamlPath,
  field: 'name' | 'secretName' | 'claimName' | 'resourceClaimName' | 'resourceClaimTemplateName',
): void {
  if (source === undefined || source === 'unknown') return;
  const name = knownText(source, field);
  if (name === undefined || name.value === '') return;
  const key = knownText(source, 'key');
  const items = knownItems(source, 'items').flatMap(({ index, node }) => {
    const text = knownText(node, 'key');
    return text === undefined ? [] : [{ key: text, path: [...path, 'items', index, 'key'] }];
  });
  found.push({
    kind,
    name,
    path: [...path, field],
    optional: knownText(source, 'optional')?.value === 'true' || fieldAt(source, 'optional') === 'unknown',
    keys: key === undefined ? items : [{ key, path: [...path, 'key'] }],
  });
}

/** What is known of an object that another one names. */
export type Target =
  | { readonly kind: 'found'; readonly object: PlacedObject | NeighbourObject }
  /** It is there, but what it holds is not known: a kustomization makes it, or it stands in another part of the workspace. */
  | { readonly kind: 'exists' }
  /** The file has one of that name, in another namespace, and none of that kind in the one that is meant. */
  | { readonly kind: 'elsewhere'; readonly object: PlacedObject }
  /** Nothing of that kind is written near: it may live anywhere. */
  | { readonly kind: 'unknown' }
  /** Others of its kind are here, and it is not among them. */
  | { readonly kind: 'missing'; readonly names: readonly string[] };

/**
 * Looks an object up by kind and name, in the namespace of the one that names it, among the file's own objects and its
 * neighbours'. Whoever says the namespace as well gives it as `namespace`.
 */
export function findTarget(
  file: KubernetesFile,
  from: KubernetesObject,
  kind: string,
  name: string,
  options: { readonly anyNamespace?: boolean; readonly namespace?: string | undefined } = {},
): Target {
  const { near = [], far = [], generated = [] } = file.neighbours ?? {};
  const { anyNamespace = false, namespace } = options;
  const place = (object: KubernetesObject) => {
    if (anyNamespace) return 'yes';
    return namespace === undefined ? sameNamespace(from, object) : isInNamespace(object, namespace);
  };
  const inPlace = ({ object }: PlacedObject) => object.kind.value === kind && place(object) !== 'no';
  const candidates = [...file.objects, ...near].filter(inPlace);
  const found = candidates.find(({ object }) => object.name?.value === name && object.context !== 'patch');
  if (found !== undefined) return { kind: 'found', object: found };
  // A patch changes what is written elsewhere.
  if (candidates.some(({ object }) => object.name?.value === name)) return { kind: 'exists' };
  if (generated.some((made) => made.kind === kind && made.name === name)) return { kind: 'exists' };
  if (far.some((placed) => inPlace(placed) && placed.object.name?.value === name)) return { kind: 'exists' };
  if (file.neighbours?.incomplete || candidates.some(({ object }) => object.name === undefined))
    return { kind: 'unknown' };
  // One without a namespace goes wherever it is applied: it shows nothing about another namespace.
  const names = candidates.flatMap(({ object }) => (object.name && place(object) === 'yes' ? [object.name.value] : []));
  if (names.length > 0) return { kind: 'missing', names };
  const elsewhere = file.objects.find(
    ({ object }) => object.kind.value === kind && object.name?.value === name && place(object) === 'no',
  );
  return elsewhere === undefined ? { kind: 'unknown' } : { kind: 'elsewhere', object: elsewhere };
}

/**
 * Whether an object of an operator's own kind is deployed with the file, which may make pods that no manifest shows, or
 * something else that is not here. Kinds in `known` are known to make none.
 */
export function mayMakePods(file: KubernetesFile, known: readonly string[] = []): boolean {
  if (file.neighbours?.incomplete) return true;
  return [...file.objects, ...(file.neighbours?.near ?? [])].some(({ object }) => {
    const [group = '', version] = object.apiVersion.value.split('/');
    const custom = version !== undefined && group.includes('.') && !/(?:^|\.)k8s\.io$/.test(group);
    return custom && !makesPods(object) && !known.includes(object.kind.value);
  });
}

/** The keys of a ConfigMap's or Secret's data; undefined where they are not all known. */
export function dataKeys({ root, context }: KubernetesObject): readonly string[] | undefined {
  if (context === 'patch') return undefined;
  const keys: string[] = [];
  for (const field of ['data', 'binaryData', 'stringData']) {
    const value = fieldAt(root, field);
    if (value === 'unknown') return undefined;
    const mapping = asMapping(value);
    if (mapping?.open) return undefined;
    for (const { key } of mapping?.pairs ?? []) {
      if (key.unknown || key.text === '<<') return undefined;
      keys.push(key.text);
    }
  }
  return keys;
}
