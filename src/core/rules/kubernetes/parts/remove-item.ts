import type { YamlMapping, YamlPatch, YamlPath } from '../../../yaml/node.ts';
import { asMapping, asSequence, valueAt } from '../../../yaml/read.ts';

/**
 * Takes an item out of a list. The last one takes the list along, and so many of the mappings around it as hold nothing
 * else: `inside` says how many names at the end of `path` may go.
 * @param path from `holder` to the list
 */
export function removeItem(
  holder: YamlMapping,
  base: YamlPath,
  path: readonly string[],
  index: number,
  inside = 1,
): YamlPatch {
  if (asSequence(valueAt(holder, ...path))?.items.length !== 1)
    return { kind: 'remove', path: [...base, ...path, index] };
  let length = path.length;
  while (path.length - length + 1 < inside && holdsOne(holder, path.slice(0, length - 1))) length--;
  return { kind: 'remove', path: [...base, ...path.slice(0, length)] };
}

function holdsOne(holder: YamlMapping, path: readonly string[]): boolean {
  const mapping = asMapping(valueAt(holder, ...path));
  return mapping !== undefined && !mapping.open && mapping.pairs.length === 1;
}
