import type { Span } from '../text/span.ts';
import type { YamlMapping } from './node.ts';
import { asMapping, entry } from './read.ts';

/**
 * Where to say that a field is missing: at the last key of its path that is written, which is where it has to be added.
 * @param otherwise the place if the mapping does not even have the first of the keys
 */
export function missingPlace(node: YamlMapping, otherwise: Span, ...path: readonly string[]): Span {
  let mapping: YamlMapping | undefined = node;
  let place = otherwise;
  for (const name of path) {
    const pair = entry(mapping, name);
    // What is merged or aliased stands elsewhere, and may belong to others too.
    if (pair === undefined || pair.key.span.start < node.span.start || pair.key.span.end > node.span.end) break;
    place = pair.key.span;
    mapping = asMapping(pair.value);
  }
  return place;
}
