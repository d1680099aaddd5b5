import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Where a file or folder of the reading material lies that stands beside the project; undefined where it does not. */
export function sharedPath(name: string): string | undefined {
  const path = fileURLToPath(new URL(`../../../shared/${name}`, import.meta.url));
  return existsSync(path) ? path : undefined;
}
