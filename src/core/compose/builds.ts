import { onceFor } from '../text/once-for.ts';
import { fieldAt, knownText, scalarText } from '../yaml/field.ts';
import { parseDocument } from '../yaml/parse.ts';
import type { ComposeFile, ComposeService } from './model.ts';
import { readCompose } from './read.ts';

/** What a service is built from, where that is a folder of this machine. */
export interface LocalBuild {
  /** From the Compose file's own folder. */
  readonly context: string;
  /** From the context. */
  readonly dockerfile: string;
  /** The text of `dockerfile_inline`, which stands in place of the file. */
  readonly inline: string | undefined;
  /** The stage; undefined for the last one. */
  readonly target: string | undefined;
}

/** Undefined where a service is not built, or from elsewhere, or where a variable is in the way. */
export function localBuild({ node }: ComposeService): LocalBuild | undefined {
  const build = fieldAt(node, 'build');
  if (build === undefined || build === 'unknown') return undefined;
  const text = (key: string) => knownText(build, key)?.value;
  const context = scalarText(build)?.value ?? text('context') ?? '.';
  const dockerfile = text('dockerfile') ?? 'Dockerfile';
  const target = text('target');
  if (/[$:]/.test(context + dockerfile) || target?.includes('$') || /^[/~]/.test(context)) return undefined;
  return { context, dockerfile, inline: text('dockerfile_inline'), target };
}

/** The path of a build's Dockerfile from the folder of the Compose file: `app/Dockerfile`, `../web/Dockerfile`. */
export function dockerfilePath({ context, dockerfile }: LocalBuild): string {
  const parts: string[] = [];
  for (const part of `${context}/${dockerfile}`.split('/')) {
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}

/** The Dockerfiles that the services of a file are built from, by their paths from its folder. */
export function dockerfilesBuilt({ services }: ComposeFile): readonly string[] {
  const builds = services.flatMap((service) => localBuild(service) ?? []);
  return [...new Set(builds.filter(({ inline }) => inline === undefined).map(dockerfilePath))];
}

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
      const build = localBuild(service);
      if (build === undefined || build.inline !== undefined) return [];
      return [{ service, context: build.context, dockerfile: build.dockerfile, from }];
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
