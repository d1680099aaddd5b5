import { fieldAt, isEmptyList, knownItems, knownMapping, knownText, textMap } from '../yaml/field.ts';
import type { PlacedDocument, YamlDocument, YamlMapping, YamlPath } from '../yaml/node.ts';
import { asMapping } from '../yaml/read.ts';
import type { KubernetesFile, KubernetesObject, ManifestContext, Workload } from './model.ts';
import { hasPatchDirective, isKubernetesObject, isPatchPath } from './recognise.ts';
import { makesPods, readWorkload } from './workload.ts';

/** What the file around a document says of it. */
interface ObjectContext {
  /** The file is named as a patch. */
  readonly patch: boolean;
}

/** As written and as a patch, keyed by the parsed document, which is itself cached by its text. */
const read = {
  written: new WeakMap<YamlDocument, readonly KubernetesObject[]>(),
  patch: new WeakMap<YamlDocument, readonly KubernetesObject[]>(),
};

/**
 * The objects of one document: itself, or the items of a List. Empty where it is none. Spans are of the document.
 * Read once for a document and a context.
 */
export function readObjects(document: YamlDocument, context: ObjectContext): readonly KubernetesObject[] {
  const known = context.patch ? read.patch : read.written;
  const cached = known.get(document);
  if (cached !== undefined) return cached;
  const root = asMapping(document.root);
  const patch = context.patch || hasPatchDirective(document);
  const objects = root === undefined ? [] : readTree(document, root, [], patch);
  known.set(document, objects);
  return objects;
}

/** All objects of a file with the offsets of their documents. `path` tells a patch by its name. */
export function readKubernetesFile(yaml: { readonly parts: readonly PlacedDocument[] }, path: string): KubernetesFile {
  const context: ObjectContext = { patch: isPatchPath(path) };
  return {
    objects: yaml.parts.flatMap(({ start, document }) =>
      readObjects(document, context).map((object) => ({ object, start })),
    ),
  };
}

function readTree(
  document: YamlDocument,
  root: YamlMapping,
  path: YamlPath,
  patch: boolean,
): readonly KubernetesObject[] {
  if (!isKubernetesObject(root)) return [];
  const kind = knownText(root, 'kind')?.value ?? '';
  const items = fieldAt(root, 'items');
  if (kind.endsWith('List') && items !== undefined) {
    return knownItems(root, 'items').flatMap(({ index, node }) => {
      const item = asMapping(node);
      // An alias to an ancestor has no target, so that this ends.
      return item === undefined ? [] : readTree(document, item, [...path, 'items', index], patch);
    });
  }
  return [readObject(document, root, path, patch)];
}

function readObject(document: YamlDocument, root: YamlMapping, path: YamlPath, patch: boolean): KubernetesObject {
  const metadata = knownMapping(root, 'metadata');
  const object: KubernetesObject = {
    document,
    root,
    path,
    apiVersion: head(root, 'apiVersion'),
    kind: head(root, 'kind'),
    name: knownText(metadata, 'name'),
    namespace: knownText(metadata, 'namespace'),
    labels: textMap(knownMapping(metadata, 'labels')),
    annotations: textMap(knownMapping(metadata, 'annotations')),
    context: 'manifest',
    workload: undefined,
  };
  // The object, its workload and its containers know each other: they are tied here, before anyone sees them.
  const tied: { -readonly [Key in keyof KubernetesObject]: KubernetesObject[Key] } = object;
  tied.workload = readWorkload(object);
  tied.context = contextOf(object, tied.workload, patch);
  return object;
}

function contextOf(object: KubernetesObject, workload: Workload | undefined, patch: boolean): ManifestContext {
  if (patch) return 'patch';
  if (object.document.actions.length > 0) return 'helm-template';
  return makesPods(object) && !isWhole(object, workload) ? 'patch' : 'manifest';
}

/**
 * A pod template without any image, even a templated one, only changes one that is written elsewhere. No patch has a list
 * without items, though, or a container of which it changes nothing (`requests` beside `resources` do not), or the
 * selector, which cannot be changed; and each has the name of what it changes.
 */
function isWhole({ root }: KubernetesObject, workload: Workload | undefined): boolean {
  if (fieldAt(root, 'spec', 'selector') !== undefined) return true;
  if (workload === undefined) return false;
  const { spec, containers } = workload;
  if (isEmptyList(fieldAt(spec, 'containers')) || fieldAt(root, 'metadata', 'name') === undefined) return true;
  return containers.some(({ node, name }) => {
    const changed = node.pairs.some(({ key }) => !/^(?:name|requests|limits)$/.test(key.text));
    return fieldAt(node, 'image') !== undefined || (name !== undefined && !changed);
  });
}

function head(root: YamlMapping, key: string): KubernetesObject['kind'] {
  const text = knownText(root, key);
  if (text !== undefined) return text;
  // A template decides it: empty, which no table has.
  const field = root.pairs.find((pair) => pair.key.text === key);
  return { value: '', span: field?.value?.span ?? field?.span ?? root.span };
}
