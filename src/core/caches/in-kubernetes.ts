import type { Container, KubernetesFile } from '../kubernetes/model.ts';
import { mountedText } from '../kubernetes/mounted-text.ts';
import { workloadsOf } from '../kubernetes/service.ts';
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
export function cacheContainers(file: KubernetesFile): readonly CacheContainer[] {
  return workloadsOf(file).flatMap(({ workload, start }) => {
    if (workload.object.context === 'patch') return [];
    return workload.containers.flatMap((container) => {
      if (container.role !== 'app' && container.role !== 'sidecar') return [];
      const server = serverOf(file, container);
      return server === undefined ? [] : [{ container, server, start }];
    });
  });
}

function serverOf(file: KubernetesFile, container: Container): CacheServer | undefined {
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
    config: (at) => mountedText(file, container, at),
  });
}
