import { environmentOf } from '../compose/environment.ts';
import type { ComposeService } from '../compose/model.ts';
import { onceFor } from '../text/once-for.ts';
import { fieldAt } from '../yaml/field.ts';
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
