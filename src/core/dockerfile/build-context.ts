import { onceFor } from '../text/once-for.ts';
import { isRemote } from './context-copy.ts';
import { cleanPath, type IgnoreFile, ignoredBy, readIgnoreFile } from './ignore.ts';
import type { Dockerfile, Instruction, Word } from './model.ts';
import { instructionsOf } from './subjects.ts';

export interface FolderEntry {
  readonly name: string;
  /** Links are not followed. */
  readonly kind: 'file' | 'folder' | 'link';
}

/** What is in the folder of a Dockerfile, as far as it was looked at. */
export interface BuildContext {
  /** By path relative to the folder. */
  readonly entries: ReadonlyMap<string, FolderEntry['kind']>;
  /** Folders that were not looked into. */
  readonly unread: ReadonlySet<string>;
}

/** Enough for a project; of more it is only said that there are more. */
const mostEntries = 4_000;
/** Never looked into: large, and nobody copies a single file of them. */
const closed: ReadonlySet<string> = new Set(['node_modules', '.git', '.hg', '.svn', '.venv', '__pycache__']);
/** Folders that are read at the same time. */
const together = 16;

/**
 * Lists a folder and those below it, nearest first, until there are `mostEntries`. Undefined where the folder itself cannot be
 * listed.
 * @param list the entries of a folder by its path relative to the first, `''` for itself
 */
export async function readBuildContext(
  list: (folder: string) => Promise<readonly FolderEntry[] | undefined>,
): Promise<BuildContext | undefined> {
  const entries = new Map<string, FolderEntry['kind']>();
  const unread = new Set<string>();
  const top = await list('');
  if (top === undefined) return undefined;
  let level: readonly string[] = take(entries, '', top);
  while (level.length > 0) {
    const below: string[] = [];
    for (let at = 0; at < level.length; at += together) {
      const folders = level.slice(at, at + together);
      const full = entries.size >= mostEntries;
      const open = folders.filter((folder) => !full && !closed.has(folder.slice(folder.lastIndexOf('/') + 1)));
      const lists = new Map(await Promise.all(open.map(async (folder) => [folder, await list(folder)] as const)));
      for (const folder of folders) {
        const found = lists.get(folder);
        if (found === undefined || entries.size + found.length > mostEntries) unread.add(folder);
        else below.push(...take(entries, `${folder}/`, found));
      }
    }
    level = below;
  }
  return { entries, unread };
}

/** Files them, and gives the folders among them. */
function take(entries: Map<string, FolderEntry['kind']>, before: string, found: readonly FolderEntry[]): string[] {
  const folders: string[] = [];
  for (const { name, kind } of found) {
    entries.set(before + name, kind);
    if (kind === 'folder') folders.push(before + name);
  }
  return folders;
}

/** What a path relative to the context is; `absent` only where its folder was looked into. */
export function entryAt(context: BuildContext, path: string): FolderEntry['kind'] | 'absent' | 'unknown' {
  const parts = path.split('/');
  for (let depth = 1; depth < parts.length; depth++) {
    const folder = parts.slice(0, depth).join('/');
    if (context.unread.has(folder) || context.entries.get(folder) === 'link') return 'unknown';
    if (context.entries.get(folder) !== 'folder') return 'absent';
  }
  return context.entries.get(path) ?? 'absent';
}

/** The path relative to the context that a source means; undefined for one that leads out of it. `.` is the context itself. */
export function contextPath(source: string): string | undefined {
  const path = cleanPath(source).replace(/^\/(?=.)/, '');
  return path === '/' ? '.' : path === '..' || path.startsWith('../') ? undefined : path;
}

/** The sources that an instruction takes from the build context: no stage's, no URL, no here-document. */
export function contextSources(instruction: Instruction): readonly Word[] {
  if ((instruction.kind !== 'copy' && instruction.kind !== 'add') || instruction.from !== undefined) return [];
  // A lone word is what is being typed.
  if (instruction.destination === undefined) return [];
  return instruction.sources.filter((source) => !source.text.startsWith('<<') && !isRemote(source));
}

/** A source that is one path: nothing in it stands for something else. */
export function namesOnePath({ constant, value }: Word): boolean {
  return constant && !/[*?[\\]/.test(value);
}

/**
 * Whether the Dockerfile's folder is its build context, by the files that it copies by name: `here` where one of them is
 * there, `elsewhere` where none is, and undefined where it copies none.
 */
export function contextPlace(dockerfile: Dockerfile, context: BuildContext): 'here' | 'elsewhere' | undefined {
  let named = false;
  for (const { instruction } of instructionsOf(dockerfile)) {
    for (const source of contextSources(instruction)) {
      const path = namesOnePath(source) ? contextPath(source.value) : undefined;
      if (path === undefined || path === '.') continue;
      named = true;
      const entry = entryAt(context, path);
      if (entry !== 'absent' && entry !== 'unknown') return 'here';
    }
  }
  return named ? 'elsewhere' : undefined;
}

/** The ignore file in force for a Dockerfile: its own, or the folder's. */
export interface IgnoreInForce {
  /** Relative to the Dockerfile. */
  readonly path: string;
  readonly text: string;
  readonly file: IgnoreFile;
}

const parsed = onceFor((_around: ReadonlyMap<string, string | null>) => new Map<string, IgnoreInForce>());

/** `null` where there is none, undefined where that is not known. */
export function ignoreInForce(
  path: string,
  around: ReadonlyMap<string, string | null>,
): IgnoreInForce | null | undefined {
  if (around.size === 0) return undefined;
  const known = parsed(around).get(path);
  if (known !== undefined) return known;
  for (const name of [`${path.slice(path.lastIndexOf('/') + 1)}.dockerignore`, '.dockerignore']) {
    const text = around.get(name);
    if (text === undefined) return undefined;
    if (text === null) continue;
    const made = { path: name, text, file: readIgnoreFile(text) };
    parsed(around).set(path, made);
    return made;
  }
  return null;
}

/** The files that get to the builder below a path; `more` where a folder among them was not looked into. */
export function filesBelow(
  context: BuildContext,
  ignore: IgnoreFile | undefined,
  path: string,
): { readonly files: readonly string[]; readonly more: boolean } {
  const inside = path === '.' ? '' : `${path}/`;
  const kept = (entry: string) =>
    (entry === path || entry.startsWith(inside)) && (ignore === undefined || ignoredBy(ignore, entry) === undefined);
  const files: string[] = [];
  for (const [entry, kind] of context.entries) if (kind !== 'folder' && kept(entry)) files.push(entry);
  return { files, more: [...context.unread].some(kept) };
}
