import { knownItems, knownText, scalarText } from '../yaml/field.ts';
import type { YamlNode } from '../yaml/node.ts';
import { parseDocument } from '../yaml/parse.ts';

/** What a `kustomization.yaml` says of files and of objects that it makes. */
export interface Kustomization {
  /** Files and folders that it takes in, relative to its own folder, addresses left out. */
  readonly takes: readonly string[];
  /** It takes in addresses as well, whose objects nobody here knows. */
  readonly remote: boolean;
  /** Names of images that it gives another tag or a digest. */
  readonly retags: readonly string[];
  /** Objects that patches in the file itself add to: `Deployment/web`, or `Deployment/*` for all of a kind. */
  readonly patches: readonly string[];
  readonly generates: readonly { readonly kind: string; readonly name: string }[];
}

const lists = ['resources', 'bases', 'components', 'patchesStrategicMerge', 'crds'];

/** `https://…`, `git@…`, `github.com/owner/repository//folder?ref=v1`. */
function isAddress(path: string): boolean {
  return /^\w+:\/\/|[?@]|^github\.com\//.test(path);
}

/** Reads the root of a kustomization. What a template or a wrong type hides is left out. */
export function readKustomization(root: YamlNode | null): Kustomization {
  const listed = lists.flatMap((list) => knownItems(root, list).map(({ node }) => scalarText(node)?.value));
  const patches = ['patches', 'patchesJson6902'].flatMap((list) =>
    knownItems(root, list).map(({ node }) => knownText(node, 'path')?.value),
  );
  const generated = (list: string, kind: string) =>
    knownItems(root, list).flatMap(({ node }) => {
      const name = knownText(node, 'name')?.value;
      return name === undefined ? [] : [{ kind, name }];
    });
  const taken = [...listed, ...patches].filter((path) => path !== undefined);
  const retags = knownItems(root, 'images').flatMap(({ node }) => {
    const name = knownText(node, 'name')?.value;
    const set = ['newTag', 'digest'].some((key) => !/^(?:latest)?$/.test(knownText(node, key)?.value ?? ''));
    return name === undefined || !set ? [] : [name];
  });
  return {
    patches: [...inlinePatches(root)],
    takes: taken.filter((path) => !isAddress(path)),
    remote: taken.some(isAddress),
    retags,
    generates: [...generated('configMapGenerator', 'ConfigMap'), ...generated('secretGenerator', 'Secret')],
  };
}

/** What `patches` names by a target, and what texts in it and in `patchesStrategicMerge` are about. */
function* inlinePatches(root: YamlNode | null): Generator<string> {
  for (const list of ['patches', 'patchesJson6902', 'patchesStrategicMerge']) {
    for (const { node } of knownItems(root, list)) {
      const kind = knownText(node, 'target', 'kind')?.value;
      if (kind !== undefined) yield `${kind}/${knownText(node, 'target', 'name')?.value ?? '*'}`;
      const text = knownText(node, 'patch')?.value ?? scalarText(node)?.value ?? '';
      if (!text.includes('\n')) continue;
      const patch = parseDocument(text, { template: false }).root;
      const [of, name] = [knownText(patch, 'kind')?.value, knownText(patch, 'metadata', 'name')?.value];
      if (of !== undefined && name !== undefined) yield `${of}/${name}`;
    }
  }
}
