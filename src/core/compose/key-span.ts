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
  const key = pair?.key.span;
  const own = key !== undefined && key.start >= span.start && key.end <= span.end;
  return own && span.start >= service.name.span.end ? key : service.name.span;
}
