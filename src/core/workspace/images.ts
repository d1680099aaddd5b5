import { dockerfilePath, localBuild } from '../compose/builds.ts';
import type { ComposeFile } from '../compose/model.ts';
import { imageParts } from '../dockerfile/image-reference.ts';
import type { Dockerfile, Stage } from '../dockerfile/model.ts';
import { stageNamed } from '../dockerfile/stage-references.ts';
import { baseOf, lastUser, numberOfUser, userOf } from '../dockerfile/users.ts';
import { userOfBase } from '../images/base-images.ts';
import type { BuiltImage } from '../kubernetes/model.ts';
import { folderOf } from '../parsed.ts';
import { resolved } from './boundary.ts';

/** A Dockerfile of the workspace, read when an image is built from it. */
export type DockerfileAt = (path: string) => { readonly text: string; readonly dockerfile: Dockerfile } | undefined;

/** What an image of the workspace is built from. */
export interface BuiltStage {
  /** The Dockerfile. */
  readonly path: string;
  readonly text: string;
  readonly dockerfile: Dockerfile;
  readonly stage: Stage;
}

/** Images by their names without tags; builds under one name stand side by side, undefined where the Dockerfile is not here. */
export type BuiltStages = ReadonlyMap<string, readonly (BuiltStage | undefined)[]>;

/** The images that the Compose files of a workspace build under a name of their own (`image` beside `build`). */
export function stagesBuilt(
  files: Iterable<readonly [path: string, compose: ComposeFile]>,
  dockerfileAt: DockerfileAt,
): BuiltStages {
  const images = new Map<string, (BuiltStage | undefined)[]>();
  for (const [path, { services }] of files) {
    for (const service of services) {
      const image = service.image?.value;
      const build = localBuild(service);
      if (image === undefined || image.includes('$') || build === undefined || build.inline !== undefined) continue;
      const from = resolved(folderOf(path), dockerfilePath(build));
      const source = dockerfileAt(from);
      const stages = source?.dockerfile.stages ?? [];
      const stage = source && build.target !== undefined ? stageNamed(source.dockerfile, build.target) : stages.at(-1);
      const name = imageName(image);
      const built = source && stage && { path: from, ...source, stage };
      images.set(name, [...(images.get(name) ?? []), built]);
    }
  }
  return images;
}

/** Who the images run as. Left out where two builds of one name end with different users, and where that user is not known. */
export function imageUsers(images: BuiltStages): ReadonlyMap<string, BuiltImage> {
  return new Map(
    [...images].flatMap(([name, stages]) => {
      const [first, ...others] = stages.map((built) => built && imageOf(built));
      const same = first !== undefined && others.every((other) => other?.user === first.user);
      return same ? [[name, first] as const] : [];
    }),
  );
}

/** What the workspace builds under the name of an image, whatever its tag; undefined where it is not one thing. */
export function builtStage(images: BuiltStages, image: string): BuiltStage | undefined {
  const [first, ...others] = images.get(imageName(image)) ?? [];
  return others.every((other) => other?.stage === first?.stage) ? first : undefined;
}

/** An image's name without tag and digest: `shop/web`, `registry.example.com:5000/shop/web`. */
function imageName(image: string): string {
  const { registry, repository } = imageParts(image);
  return registry === undefined ? repository : `${registry}/${repository}`;
}

/** What the workspace builds under the name of an image, whatever its tag. */
export function builtImage(images: ReadonlyMap<string, BuiltImage>, image: string): BuiltImage | undefined {
  return images.get(imageName(image));
}

function imageOf({ path, text, dockerfile, stage }: BuiltStage): BuiltImage | undefined {
  if (stage.windows) return undefined;
  const last = lastUser(stage);
  if (last === undefined) {
    const base = baseOf(stage);
    const image = stage.from?.image?.nameSpan ?? stage.from?.span;
    if (base === undefined || image === undefined || userOfBase(base) !== 'root') return undefined;
    return { path, text, user: 'root', number: '0', span: image };
  }
  const user = userOf(dockerfile, last)?.split(':')[0];
  if (user === undefined || user === '') return undefined;
  const number = /^\d+$/.test(user) ? user : numberOfUser(stage, last, user);
  return { path, text, user, number, span: last.words[0]?.span ?? last.span };
}
