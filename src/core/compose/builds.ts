import { onceFor } from '../text/once-for.ts';
import { fieldAt, knownText, scalarText } from '../yaml/field.ts';
import { parseDocument } from '../yaml/parse.ts';
import type { ComposeService } from './model.ts';
import { readCompose } from './read.ts';

/** A service that is built, with the folder and the Dockerfile as its Compose file names them. */
export interface BuiltService {
  readonly service: ComposeService;
  /** From the Compose file's own folder. */
  readonly context: string;
  readonly dockerfile: string;
  /** The Compose file, as it is reached from the file that asks. */
  readonly from: string;
}

/** The services that the Compose files around a file build. */
export const servicesBuilt = onceFor((around: ReadonlyMap<string, string | null>): readonly BuiltService[] =>
  [...around].flatMap(([from, text]) => {
    if (text === null || !/(?:^|\/)(?:docker-)?compose\.ya?ml$/.test(from)) return [];
    const file = readCompose(parseDocument(text, { template: false }), from);
    return (file?.services ?? []).flatMap((service) => {
      const build = fieldAt(service.node, 'build');
      if (build === undefined || build === 'unknown') return [];
      const context = scalarText(build)?.value ?? knownText(build, 'context')?.value ?? '.';
      const dockerfile = knownText(build, 'dockerfile')?.value ?? 'Dockerfile';
      return /[$:]/.test(context + dockerfile) ? [] : [{ service, context, dockerfile, from }];
    });
  }),
);

/** Whether a service is built from the Dockerfile of this path. */
export function builds({ context, dockerfile, from }: BuiltService, path: string): boolean {
  const folder = path.split('/').slice(0, -1);
  const base = from.startsWith('../') ? folder.slice(0, -1) : folder;
  return resolve(base, `${context}/${dockerfile}`) === path;
}

function resolve(base: readonly string[], relative: string): string {
  const parts = [...base];
  for (const part of relative.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}
