import { dockerfilePath, localBuild } from '../../../compose/builds.ts';
import type { ComposeService } from '../../../compose/model.ts';
import type { Dockerfile, Stage } from '../../../dockerfile/model.ts';
import { parseDockerfile } from '../../../dockerfile/parse.ts';
import { stageNamed } from '../../../dockerfile/stage-references.ts';
import { onceFor } from '../../../text/once-for.ts';

type Around = ReadonlyMap<string, string | null>;

const parsedIn = onceFor((_around: Around) => new Map<string, Dockerfile>());

/** The Dockerfile that a service is built from; undefined where it is not built here, or the file is not known. */
export function builtDockerfile(service: ComposeService, around: Around): Dockerfile | undefined {
  const build = localBuild(service);
  if (build === undefined || build.inline?.includes('$')) return undefined;
  return build.inline === undefined ? fileAt(dockerfilePath(build), around) : parseDockerfile(build.inline);
}

/** The stage that a service is built from, with its Dockerfile; undefined where one of them is not known. */
export function builtStage(
  service: ComposeService,
  around: Around,
): { readonly dockerfile: Dockerfile; readonly stage: Stage } | undefined {
  const dockerfile = builtDockerfile(service, around);
  if (dockerfile === undefined) return undefined;
  const target = localBuild(service)?.target;
  const stage = target === undefined ? dockerfile.stages.at(-1) : stageNamed(dockerfile, target);
  return stage && { dockerfile, stage };
}

function fileAt(path: string, around: Around): Dockerfile | undefined {
  const known = parsedIn(around).get(path);
  const text = around.get(path);
  if (known !== undefined || text === undefined || text === null) return known;
  const dockerfile = parseDockerfile(text);
  parsedIn(around).set(path, dockerfile);
  return dockerfile;
}
