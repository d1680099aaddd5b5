import type { Located } from '../text/span.ts';
import { knownItems, knownMapping, knownText, scalarText } from '../yaml/field.ts';
import type { YamlNode } from '../yaml/node.ts';
import { parseDocument } from '../yaml/parse.ts';
import { entries } from '../yaml/read.ts';

/** What a `kustomization.yaml` says of files and of objects that it makes. */
export interface Kustomization {
  /** Files and folders that it takes in, relative to its own folder, addresses left out. */
  readonly takes: readonly string[];
  /** It takes in addresses, charts or what generators make as well: objects that nobody here knows. */
  readonly remote: boolean;
  /** Names of images that it gives another tag or a digest. */
  readonly retags: readonly string[];
  /** What it patches by a target or in the file itself: `Deployment/web`, with `*` for every kind or name. */
  readonly patches: readonly string[];
  /** Files that only change what other files hold, relative to its own folder. */
  readonly patchFiles: readonly string[];
  /** Keys of the labels that it adds; `*` where a transformer may add any. */
  readonly labels: readonly string[];
  /** Names of workloads whose replicas it sets. */
  readonly rescales: readonly string[];
  readonly generates: readonly { readonly kind: string; readonly name: string }[];
}

const lists = ['resources', 'bases', 'components', 'crds'];
const patchLists = ['patches', 'patchesJson6902', 'patchesStrategicMerge'];

const makers = ['generators', 'helmCharts', 'helmChartInflationGenerator'];

/** `https://…`, `git@…`, `github.com/owner/repository//folder?ref=v1`. */
function isAddress(path: string): boolean {
  return /^\w+:\/\/|[?@]|^github\.com\//.test(path);
}

/** Reads the root of a kustomization. What a template or a wrong type hides is left out. */
export function readKustomization(root: YamlNode | null): Kustomization {
  const listed = lists.flatMap((list) => knownItems(root, list).map(({ node }) => scalarText(node)?.value));
  const patchFiles = patchLists.flatMap((list) =>
    knownItems(root, list).flatMap(({ node }) => {
      const path = knownText(node, 'path')?.value ?? scalarText(node)?.value;
      return path === undefined || path.includes('\n') ? [] : [path];
    }),
  );
  const generated = (list: string, kind: string) =>
    knownItems(root, list).flatMap(({ node }) => {
      const name = knownText(node, 'name')?.value;
      return name === undefined ? [] : [{ kind, name }];
    });
  const taken = [...listed, ...patchFiles].filter((path) => path !== undefined);
  const retags = knownItems(root, 'images').flatMap(({ node }) => {
    const name = knownText(node, 'name')?.value;
    const set = ['newTag', 'digest'].some((key) => !/^(?:latest)?$/.test(knownText(node, key)?.value ?? ''));
    return name === undefined || !set ? [] : [name];
  });
  return {
    patches: [...patchTargets(root)],
    patchFiles,
    labels: [...labelsAdded(root)],
    rescales: knownItems(root, 'replicas').flatMap(({ node }) => knownText(node, 'name')?.value ?? []),
    takes: taken.filter((path) => !isAddress(path)),
    remote: taken.some(isAddress) || makers.some((key) => knownItems(root, key).length > 0),
    retags,
    generates: [...generated('configMapGenerator', 'ConfigMap'), ...generated('secretGenerator', 'Secret')],
  };
}

function* labelsAdded(root: YamlNode | null): Generator<string> {
  const maps = knownItems(root, 'labels').map(({ node }) => knownMapping(node, 'pairs'));
  for (const map of [knownMapping(root, 'commonLabels'), ...maps]) {
    for (const { key } of map === undefined ? [] : entries(map)) yield key.text;
  }
  if (knownItems(root, 'transformers').length > 0) yield '*';
}

/** What patches name by a target, and what texts among them are about. */
function* patchTargets(root: YamlNode | null): Generator<string> {
  for (const { node } of patchLists.flatMap((list) => knownItems(root, list))) {
    const target = knownMapping(node, 'target');
    if (target !== undefined) {
      yield `${plain(knownText(target, 'kind'))}/${plain(knownText(target, 'name'))}`;
      continue;
    }
    const text = knownText(node, 'patch')?.value ?? scalarText(node)?.value ?? '';
    if (!text.includes('\n')) continue;
    const patch = parseDocument(text, { template: false }).root;
    const [of, name] = [knownText(patch, 'kind')?.value, knownText(patch, 'metadata', 'name')?.value];
    if (of !== undefined && name !== undefined) yield `${of}/${name}`;
  }
}

/** A target's field is a regular expression, or is left out: a plain word is itself, and any other may mean everything. */
function plain(field: Located<string> | undefined): string {
  return field !== undefined && /^[\w-]+$/.test(field.value) ? field.value : '*';
}
