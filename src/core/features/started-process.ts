import { dockerfilePath, localBuild } from '../compose/builds.ts';
import type { CommandForm, Dockerfile, Stage } from '../dockerfile/model.ts';
import { parseDockerfile } from '../dockerfile/parse.ts';
import { stageNamed } from '../dockerfile/stage-references.ts';
import { variablesAtEnd } from '../dockerfile/variables.ts';
import { optionWords, type RuntimeProcess } from '../sizing/runtime.ts';
import { type BuiltStages, builtStage } from '../workspace/images.ts';
import type { ContainerFields, WorkloadFields } from './load-fields.ts';
import type { Draft } from './load-view.ts';
import { draftedProcess } from './process-fields.ts';

/** What a container starts, of its manifest and, where the image is built here, of its Dockerfile. */
export interface StartedProcess extends RuntimeProcess {
  /** Where it is built here, the image that it is built from. */
  readonly image: string | undefined;
  readonly fromDockerfile: boolean;
  /** Some of it is not known. */
  readonly open: boolean;
}

type Around = ReadonlyMap<string, string | null>;

interface BuiltImage extends RuntimeProcess {
  readonly image: string | undefined;
  readonly entrypoint: readonly string[];
}

/** What an image may be built from. */
export interface BuildSources {
  /** Texts of files around the manifest. */
  readonly around: Around | undefined;
  /** The images that Compose files of the workspace build. */
  readonly stages: BuiltStages | undefined;
}

/** The process of a container with the draft. */
export function startedProcess(
  { source }: WorkloadFields,
  { process }: ContainerFields,
  draft: Draft,
  { around, stages }: BuildSources,
): StartedProcess {
  const own = draftedProcess(process, draft);
  const beside = source.kind === 'compose' && around !== undefined ? serviceImage(source.service, around) : undefined;
  const built = beside ?? (stages && process.image !== undefined ? imageNamed(stages, process.image) : undefined);
  if (built === undefined) return { ...own, image: process.image, fromDockerfile: false, open: process.open };
  const inherited = process.replaced ? [] : built.entrypoint;
  const args = process.words.length === 0 ? [...inherited, ...built.args] : [...inherited, ...own.args];
  return {
    args,
    env: new Map([...built.env, ...own.env]),
    image: built.image,
    fromDockerfile: true,
    open: process.open,
  };
}

type Service = Extract<WorkloadFields['source'], { readonly kind: 'compose' }>['service'];

function imageNamed(stages: BuiltStages, image: string): BuiltImage | undefined {
  const built = builtStage(stages, image);
  return built && imageOf(built.dockerfile, built.stage);
}

function serviceImage(service: Service, around: Around): BuiltImage | undefined {
  const build = localBuild(service);
  if (build === undefined) return undefined;
  const text = build.inline ?? around.get(dockerfilePath(build));
  if (text === undefined || text === null) return undefined;
  const dockerfile = parsed(text);
  const stage = build.target === undefined ? dockerfile.stages.at(-1) : stageNamed(dockerfile, build.target);
  return stage && imageOf(dockerfile, stage);
}

const kept = new Map<string, Dockerfile>();

/** The last few Dockerfiles by their text. */
function parsed(text: string): Dockerfile {
  const known = kept.get(text);
  if (known !== undefined) return known;
  const made = parseDockerfile(text);
  if (kept.size > 20) kept.clear();
  kept.set(text, made);
  return made;
}

const images = new WeakMap<Stage, BuiltImage>();

function imageOf(dockerfile: Dockerfile, stage: Stage): BuiltImage {
  const known = images.get(stage) ?? readImage(dockerfile, stage);
  images.set(stage, known);
  return known;
}

function readImage(dockerfile: Dockerfile, stage: Stage): BuiltImage {
  const variables = variablesAtEnd(dockerfile, stage);
  const env = new Map<string, string>();
  for (const name of variables.names()) {
    const variable = variables.get(name);
    if (variable?.kind === 'env' && variable.value !== undefined) env.set(name, variable.value);
  }
  let entrypoint: readonly string[] | undefined;
  let args: readonly string[] | undefined;
  let image: string | undefined;
  for (let at: Stage | undefined = stage; at !== undefined; at = at.parent) {
    for (const instruction of at.instructions.toReversed()) {
      if (instruction.kind === 'entrypoint') entrypoint ??= wordsOf(instruction.command);
      else if (instruction.kind === 'cmd') args ??= wordsOf(instruction.command);
    }
    image = at.from?.image?.resolved;
  }
  return { env, entrypoint: entrypoint ?? [], args: args ?? [], image };
}

function wordsOf(command: CommandForm): readonly string[] {
  return command.kind === 'exec' ? command.words.map(({ value }) => value) : optionWords(command.source.text);
}
