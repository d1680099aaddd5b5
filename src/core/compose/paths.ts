import type { Located } from '../text/span.ts';
import { fieldAt, knownItems, knownText, scalarText } from '../yaml/field.ts';
import { asMapping } from '../yaml/read.ts';
import { dockerfilePath, localBuild } from './builds.ts';
import type { ComposeFile, ComposeService } from './model.ts';
import { readVolumes } from './volumes.ts';

/** A file or folder that a service takes from beside the Compose file. */
export interface NamedPath {
  readonly kind: 'environment' | 'context' | 'dockerfile' | 'mount' | 'extends';
  readonly service: ComposeService;
  /** As written. */
  readonly written: Located<string>;
  /** From the Compose file's own folder; may begin with `../`. */
  readonly path: string;
}

/** The paths that the services of a file name and that have to be there; those with variables, and absolute ones, are left out. */
export function namedPaths({ services }: ComposeFile): readonly NamedPath[] {
  return services.flatMap((service) => [...environmentFiles(service), ...buildPaths(service), ...otherPaths(service)]);
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

function* named(kind: NamedPath['kind'], service: ComposeService, written: Located<string>): Generator<NamedPath> {
  const text = written.value;
  if (/[$:\\]/.test(text) || /^[/~]/.test(text) || text === '') return;
  const parts: string[] = [];
  for (const part of text.split('/')) {
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  yield { kind, service, written, path: parts.join('/') || '.' };
}
