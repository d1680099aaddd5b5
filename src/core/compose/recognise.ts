import type { YamlMapping, YamlNode } from '../yaml/node.ts';
import { asMapping, entries, entry } from '../yaml/read.ts';

const topLevel: ReadonlySet<string> = new Set([
  'version',
  'name',
  'services',
  'networks',
  'volumes',
  'configs',
  'secrets',
  'include',
  'models',
]);

/** Whether a file is named as Compose files are: `compose.yaml`, `docker-compose.prod.yml`, … */
export function isComposePath(path: string): boolean {
  return /^(?:docker-)?compose(?:[._-][^/]*)?\.ya?ml$/i.test(baseName(path));
}

/** Whether the name says that the file only changes another one: `compose.override.yaml`. */
export function isOverridePath(path: string): boolean {
  return isComposePath(path) && /override/i.test(baseName(path));
}

/**
 * Whether a YAML file is a Compose file: by its name, unless it holds something else, or by what is in it: no key that
 * Compose does not know, and a service with an image or a build.
 */
export function isComposeFile(path: string, root: YamlNode | null): boolean {
  const mapping = asMapping(root);
  if (mapping === undefined) return false;
  if (entry(mapping, 'apiVersion') !== undefined && entry(mapping, 'kind') !== undefined) return false;
  return isComposePath(path) || looksLikeCompose(mapping);
}

function looksLikeCompose(root: YamlMapping): boolean {
  if (!root.pairs.every(({ key }) => topLevel.has(key.text) || key.text.startsWith('x-'))) return false;
  const services = asMapping(entry(root, 'services')?.value);
  if (services === undefined) return false;
  return entries(services).some(({ value }) => {
    const service = asMapping(value);
    return service !== undefined && (entry(service, 'image') ?? entry(service, 'build')) !== undefined;
  });
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/**
 * Whether Compose takes the file by itself: others are often laid over it, so that what they lack may stand there. So is
 * the one of a dev container, in spite of its name.
 */
export function isMainPath(path: string): boolean {
  return /(?:^|\/)(?:docker-)?compose\.ya?ml$/.test(path) && !/(?:^|\/)\.devcontainer\//.test(path);
}
