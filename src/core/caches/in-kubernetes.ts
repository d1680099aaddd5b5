import type { Container, KubernetesFile } from '../kubernetes/model.ts';
import { mountedText } from '../kubernetes/mounted-text.ts';
import { workloadsOf } from '../kubernetes/service.ts';
import { onceFor } from '../text/once-for.ts';
import type { Located } from '../text/span.ts';
import { knownItems, knownText } from '../yaml/field.ts';
import { type CacheServer, readCacheServer } from './server.ts';
import { commandText } from './words.ts';

export interface CacheContainer {
  readonly container: Container;
  readonly server: CacheServer;
  /** Offset of its document. */
  readonly start: number;
}

/** The containers of a file that run a cache server. */
export const cacheContainers = onceFor((file: KubernetesFile): readonly CacheContainer[] =>
  workloadsOf(file).flatMap(({ workload, start }) => {
    if (workload.object.context === 'patch') return [];
    return workload.containers.flatMap((container) => {
      if ((container.role !== 'app' && container.role !== 'sidecar') || !isCache(container)) return [];
      const server = serverOf(container, (at) => mountedText(file, container, at));
      return server === undefined ? [] : [{ container, server, start }];
    });
  }),
);

/** Whether it is one the container alone tells; only its configuration may stand elsewhere. */
const isCache = onceFor((container: Container) => serverOf(container, () => undefined) !== undefined);

function serverOf(
  container: Container,
  config: Parameters<typeof readCacheServer>[0]['config'],
): CacheServer | undefined {
  const { node, path, image } = container;
  const env = new Map<string, Located<string> | undefined>();
  for (const { node: variable } of knownItems(node, 'env')) {
    const name = knownText(variable, 'name')?.value;
    if (name !== undefined) env.set(name, knownText(variable, 'value'));
  }
  return readCacheServer({
    image: image?.value,
    commands: [commandText(node, path, 'command'), commandText(node, path, 'args')],
    env,
    config,
  });
}
