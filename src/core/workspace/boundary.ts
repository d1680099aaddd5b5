import { isKustomizationName } from '../kubernetes/recognise.ts';
import { folderOf } from '../parsed.ts';
import type { Kustomization } from './kustomization.ts';

/** Folders whose files are deployed together, each with the name of its group. */
export type Boundaries = (path: string) => string;

/**
 * Groups the folders of a workspace: a chart is one group, folders that a kustomization takes in are one with its own,
 * and any other folder is a group by itself.
 * @param kustomizations by path
 */
export function boundariesOf(paths: Iterable<string>, kustomizations: ReadonlyMap<string, Kustomization>): Boundaries {
  const known = new Set(paths);
  const charts = [...known].filter((path) => /(?:^|\/)Chart\.ya?ml$/.test(path)).map(folderOf);
  const parents = new Map<string, string>();
  const head = (folder: string): string => {
    let current = folder;
    for (let next = parents.get(current); next !== undefined; next = parents.get(current)) current = next;
    return current;
  };
  for (const [path, { takes }] of kustomizations) {
    if (!isKustomizationName(path)) continue;
    const own = folderOf(path);
    for (const taken of takes) {
      const target = resolved(own, taken);
      const other = head(known.has(target) ? folderOf(target) : `${target.replace(/\/$/, '')}/`);
      if (other !== head(own)) parents.set(other, head(own));
    }
  }
  return (path) => {
    const chart = charts.filter((folder) => path.startsWith(folder)).toSorted((a, b) => a.length - b.length)[0];
    return chart === undefined ? head(folderOf(path)) : `chart ${chart}`;
  };
}

/** A path from a folder, its `.` and `..` taken out. */
export function resolved(folder: string, relative: string): string {
  const parts: string[] = [];
  for (const part of `${relative.startsWith('/') ? '' : folder}${relative}`.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && (part !== '' || parts.length === 0)) parts.push(part);
  }
  return parts.join('/');
}
