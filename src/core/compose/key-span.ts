import type { Span } from '../text/span.ts';
import type { YamlPair } from '../yaml/node.ts';
import { asMapping, entry } from '../yaml/read.ts';
import type { ComposeService } from './model.ts';

/** The key at the end of a path as a service writes it; the service's name where it stands behind a merge key or an alias. */
export function keySpan(service: ComposeService, ...path: readonly string[]): Span {
  let mapping = asMapping(service.node);
  let pair: YamlPair | undefined;
  for (const key of path) {
    pair = entry(mapping, key);
    mapping = asMapping(pair?.value);
  }
  const { span } = service.node;
  const own = pair !== undefined && pair.key.span.start >= span.start && pair.key.span.end <= span.end;
  return own && span.start >= service.name.span.end ? pair.key.span : service.name.span;
}
