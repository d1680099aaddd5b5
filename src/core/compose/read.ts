import type { Located } from '../text/span.ts';
import { fieldAt, knownMapping, knownText } from '../yaml/field.ts';
import type { YamlDocument, YamlMapping, YamlNode, YamlPath } from '../yaml/node.ts';
import { asMapping, entries, entry, mayHave } from '../yaml/read.ts';
import type { ComposeFile, ComposeResources, ComposeService } from './model.ts';
import { readPorts } from './ports.ts';
import { isOverridePath } from './recognise.ts';

/**
 * A Compose file, located in its document. Merge keys and aliases are followed, `x-*` keys are no services, and
 * interpolations (`${…}`) are left as written: `resolve.ts` replaces them. Undefined where the document is no mapping.
 */
export function readCompose(document: YamlDocument, path: string, overlay?: ComposeFile): ComposeFile | undefined {
  const root = asMapping(document.root);
  if (root === undefined) return undefined;
  const services: ComposeService[] = [];
  const file: ComposeFile = {
    document,
    root,
    services,
    partial: isOverridePath(path) || document.actions.length > 0 || hasOverrideTag(document),
    overlay,
  };
  const holder = knownMapping(root, 'services');
  if (holder === undefined) return file;
  for (const { key, value } of entries(holder)) {
    const node = asMapping(value);
    if (node === undefined || key.unknown || key.text.startsWith('x-')) continue;
    services.push(readService(file, { value: key.text, span: key.span }, node, holder.open));
  }
  return file;
}

function readService(file: ComposeFile, name: Located<string>, node: YamlMapping, open: boolean): ComposeService {
  const path: YamlPath = ['services', name.value];
  const written = (key: string) => fieldAt(node, key) !== undefined;
  return {
    file,
    name,
    path,
    node,
    // Without an image and a build it is no service of its own, but a change to one.
    partial:
      file.partial ||
      open ||
      node.open ||
      written('extends') ||
      !(written('image') || written('build')) ||
      (file.overlay !== undefined && mayHave(knownMapping(file.overlay.root, 'services'), name.value)),
    image: knownText(node, 'image'),
    ports: readPorts(file.document, node, path),
    resources: readResources(node),
  };
}

function readResources(node: YamlMapping): ComposeResources {
  const limit = (key: string) => knownText(node, 'deploy', 'resources', 'limits', key);
  const reservation = (key: string) => knownText(node, 'deploy', 'resources', 'reservations', key);
  const deploy = knownMapping(node, 'deploy');
  return {
    cpus: knownText(node, 'cpus'),
    memoryLimit: knownText(node, 'mem_limit'),
    memoryReservation: knownText(node, 'mem_reservation'),
    memorySwap: knownText(node, 'memswap_limit'),
    pidsLimit: knownText(node, 'pids_limit'),
    deployLimits: { ...one('cpus', limit), ...one('memory', limit), ...one('pids', limit) },
    deployReservations: { ...one('cpus', reservation), ...one('memory', reservation) },
    replicas: knownText(node, 'deploy', 'replicas') ?? knownText(node, 'scale'),
    deployPair: deploy === undefined ? undefined : entry(deploy, 'resources'),
  };
}

function one<Key extends string>(
  key: Key,
  read: (key: string) => Located<string> | undefined,
): { readonly [Name in Key]?: Located<string> } {
  const text = read(key);
  const none: { readonly [Name in Key]?: Located<string> } = {};
  return text === undefined ? none : { ...none, [key]: text };
}

/** `!reset` and `!override` only mean something in a file that is merged into another. */
function hasOverrideTag(document: YamlDocument): boolean {
  if (!/!(?:reset|override)\b/.test(document.text)) return false;
  const rest: (YamlNode | null)[] = [document.root];
  for (let node = rest.pop(); node !== undefined; node = rest.pop()) {
    if (node === null || node.kind === 'alias') continue;
    if (node.tag === '!reset' || node.tag === '!override') return true;
    if (node.kind === 'sequence') rest.push(...node.items);
    if (node.kind === 'mapping') rest.push(...node.pairs.map((pair) => pair.value));
  }
  return false;
}
