import { existsSync } from 'node:fs';
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { isCandidateName } from '../core/parsed.ts';
import type { FileReader, Service, SourceFile, Surroundings } from '../core/service.ts';
import { UsageError } from './arguments.ts';

const skipped = new Set(['node_modules', '.git', '.hg', '.svn']);

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'EACCES') return 'it may not be read';
  return error.message;
}

/** A path as the core knows it: absolute, with `/`. */
function corePath(path: string): string {
  return resolve(path).split(sep).join('/');
}

async function walk(folder: string, found: string[]): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true });
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = `${folder.replace(/\/$/, '')}/${entry.name}`;
    if (entry.isDirectory() && !skipped.has(entry.name)) await walk(path, found);
    else if (entry.isFile() && isCandidateName(path)) found.push(path);
  }
}

/**
 * The files that the paths name: a file as it is, a folder for all Dockerfiles and YAML files below it.
 * @throws UsageError where a path cannot be read
 */
export async function listFiles(
  paths: readonly string[],
): Promise<readonly { readonly path: string; readonly named: boolean }[]> {
  const files: { path: string; named: boolean }[] = [];
  for (const path of paths) {
    try {
      if (!(await stat(path)).isDirectory()) {
        files.push({ path, named: true });
        continue;
      }
      const below: string[] = [];
      await walk(path, below);
      files.push(...below.map((inner) => ({ path: inner, named: false })));
    } catch (error) {
      throw new UsageError(`${path}: ${reason(error)}`);
    }
  }
  return files;
}

/**
 * A file's text. Binary content is refused: undefined where the file was only met on a walk.
 * @throws UsageError where a file that was named is binary, or any file cannot be read
 */
export async function readSource({
  path,
  named,
}: {
  readonly path: string;
  readonly named: boolean;
}): Promise<SourceFile | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new UsageError(`${path}: ${reason(error)}`);
  }
  if (text.includes('\0')) {
    if (named) throw new UsageError(`${path}: this is no text file`);
    return undefined;
  }
  return { path: corePath(path), languageId: named ? languageOf(path, text) : '', text };
}

/**
 * A file of measured usage.
 * @throws UsageError where it cannot be read
 */
export async function readSamplesFile(path: string): Promise<{ readonly path: string; readonly text: string }> {
  try {
    return { path, text: await readFile(path, 'utf8') };
  } catch (error) {
    throw new UsageError(`${path}: ${reason(error)}`);
  }
}

/** A file that was named may have any name: then its first instruction tells a Dockerfile. */
function languageOf(path: string, text: string): string {
  if (isCandidateName(path) || /\.(?:ya?ml|json)$/i.test(path)) return '';
  return /^\s*(?:FROM|ARG|RUN|COPY|ADD|ENV|CMD|ENTRYPOINT|LABEL|WORKDIR|USER|EXPOSE|VOLUME|SHELL|ONBUILD|HEALTHCHECK|STOPSIGNAL|MAINTAINER)\s/im.test(
    text,
  )
    ? 'dockerfile'
    : 'yaml';
}

/** Reads what stands around a file. */
export const fileReader: FileReader = {
  async read(path) {
    try {
      return await readFile(path, 'utf8');
    } catch (error) {
      if (
        error instanceof Error &&
        'code' in error &&
        (error.code === 'ENOENT' || error.code === 'ENOTDIR' || error.code === 'EISDIR')
      )
        return undefined;
      throw error;
    }
  },
  async list(folder) {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.map((entry) => ({
      name: entry.name,
      kind: entry.isDirectory() ? 'folder' : entry.isSymbolicLink() ? 'link' : 'file',
    }));
  },
};

let knowledge: Promise<Surroundings['images']> | undefined;

/** What is known of official images: from the files beside the program, read once. */
export function imageKnowledge(service: Service): Promise<Surroundings['images']> {
  knowledge ??= readKnowledge(service);
  return knowledge;
}

async function readKnowledge(service: Service): Promise<Surroundings['images']> {
  const program = dirname(await realpath(process.argv[1] ?? ''));
  // Beside the bundle, or where the sources have it.
  const folder = [join(program, 'data'), join(program, '..', 'data')].find((path) => existsSync(path));
  if (folder === undefined) throw new Error('the data of images is missing beside the program');
  const texts = await Promise.all(service.catalogueFiles.map((name) => readFile(join(folder, name), 'utf8')));
  return { catalogue: service.readCatalogue(texts), today: new Date().toISOString().slice(0, 10) };
}
