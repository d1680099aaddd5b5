import type { Located } from '../text/span.ts';
import { fieldAt, knownItems, knownText, scalarText } from '../yaml/field.ts';
import type { YamlMapping } from '../yaml/node.ts';
import { asMapping } from '../yaml/read.ts';
import { dockerfilePath, localBuild } from './builds.ts';
import type { ComposeFile, ComposeService } from './model.ts';
import { readVolumes } from './volumes.ts';

/** A file or folder that a service, or the file itself, takes from beside the Compose file. */
export interface NamedPath {
  readonly kind: 'environment' | 'context' | 'dockerfile' | 'mount' | 'extends' | 'include';
  /** Undefined for what the file includes. */
  readonly service: ComposeService | undefined;
  /** As written. */
  readonly written: Located<string>;
  /** From the Compose file's own folder; may begin with `../`. */
  readonly path: string;
}

/** The paths that a file and its services name and that have to be there; those with variables, and absolute ones, are left out. */
export function namedPaths({ root, services }: ComposeFile): readonly NamedPath[] {
  const ofServices = services.flatMap((service) => [
    ...environmentFiles(service),
    ...buildPaths(service),
    ...otherPaths(service),
  ]);
  return [...includes(root), ...ofServices];
}

function* includes(root: YamlMapping): Generator<NamedPath> {
  for (const { node } of knownItems(root, 'include')) {
    const path = scalarText(node) ?? knownText(node, 'path');
    const listed = knownItems(node, 'path').flatMap(({ node: item }) => scalarText(item) ?? []);
    for (const written of path === undefined ? listed : [path]) yield* named('include', undefined, written);
  }
}

function* environmentFiles(service: ComposeService): Generator<NamedPath> {
  const { node } = service;
  const single = knownText(node, 'env_file');
  if (single !== undefined) yield* named('environment', service, single);
  for (const { node: item } of knownItems(node, 'env_file')) {
    const optional = /^(?:false|no|off|n)$/i.test(knownText(item, 'required')?.value ?? '');
    const hidden = fieldAt(item, 'required') !== undefined && knownText(item, 'required') === undefined;
    const written = asMapping(item) === undefined ? scalarText(item) : knownText(item, 'path');
    if (written !== undefined && !optional && !hidden) yield* named('environment', service, written);
  }
}

function* buildPaths(service: ComposeService): Generator<NamedPath> {
  const { node } = service;
  const build = localBuild(service);
  const short = knownText(node, 'build');
  const context = short ?? knownText(node, 'build', 'context');
  if (build === undefined) return;
  if (context !== undefined) yield* named('context', service, context);
  const dockerfile = knownText(node, 'build', 'dockerfile') ?? context;
  // What is read from elsewhere or made here has no file.
  if (dockerfile === undefined || build.inline !== undefined || build.dockerfile.startsWith('/')) return;
  yield { kind: 'dockerfile', service, written: dockerfile, path: dockerfilePath(build) };
}

function* otherPaths(service: ComposeService): Generator<NamedPath> {
  for (const { kind, source } of readVolumes(service)) {
    if (kind === 'bind' && source !== undefined) yield* named('mount', service, source);
  }
  const extended = knownText(service.node, 'extends', 'file');
  if (extended !== undefined) yield* named('extends', service, extended);
}

function* named(
  kind: NamedPath['kind'],
  service: NamedPath['service'],
  written: Located<string>,
): Generator<NamedPath> {
  const text = written.value;
  if (/[$:\\]/.test(text) || /^[/~]/.test(text) || text === '') return;
  const parts: string[] = [];
  for (const part of text.split('/')) {
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  yield { kind, service, written, path: parts.join('/') || '.' };
}
