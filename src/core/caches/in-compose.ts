import type { ComposeService } from '../compose/model.ts';
import { onceFor } from '../text/once-for.ts';
import type { Located } from '../text/span.ts';
import { fieldAt, knownItems, scalarText, textMap } from '../yaml/field.ts';
import { asMapping } from '../yaml/read.ts';
import { type CacheServer, readCacheServer } from './server.ts';
import { commandText } from './words.ts';

/** The cache server that a service runs; undefined where it runs something else, or is built here. */
export const cacheService = onceFor((service: ComposeService): CacheServer | undefined => {
  const { node, path, image } = service;
  if (fieldAt(node, 'build') !== undefined) return undefined;
  const read = readCacheServer({
    image: image?.value,
    commands: [commandText(node, path, 'entrypoint'), commandText(node, path, 'command')],
    env: environmentOf(service),
    // Files of the machine are not read.
    config: () => undefined,
  });
  return read && { ...read, open: read.open || service.partial };
});

function environmentOf({ node }: ComposeService): ReadonlyMap<string, Located<string> | undefined> {
  const field = fieldAt(node, 'environment');
  const mapping = field === undefined || field === 'unknown' ? undefined : asMapping(field);
  if (mapping !== undefined) return textMap(mapping);
  const listed = new Map<string, Located<string> | undefined>();
  for (const { node: item } of knownItems(node, 'environment')) {
    const text = scalarText(item);
    const [name = '', ...value] = text?.value.split('=') ?? [];
    if (text !== undefined)
      listed.set(name, value.length === 0 ? undefined : { value: value.join('='), span: text.span });
  }
  return listed;
}
