import { folderOfBase } from '../images/base-images.ts';
import { onceFor } from '../text/once-for.ts';
import type { Span } from '../text/span.ts';
import { isRemote } from './context-copy.ts';
import { pathIn, valueAt, workdirAt } from './folders.ts';
import type { CommandInstruction, CopyInstruction, Dockerfile, Instruction, Stage } from './model.ts';
import { instructionsBefore } from './stage-facts.ts';
import { programName } from './stages.ts';
import { baseOf } from './users.ts';

/** A file that ENTRYPOINT or CMD starts, or gives to an interpreter. */
export interface StartedFile {
  readonly by: CommandInstruction;
  readonly span: Span;
  /** As written. */
  readonly text: string;
  /** Absolute; undefined for a name that is looked for in PATH, and where the folder is not known. */
  readonly path: string | undefined;
  /** It is run itself, and has to be executable. */
  readonly executed: boolean;
}

/** ENTRYPOINT, or else CMD, where the stage says it itself. */
function starting(stage: Stage): CommandInstruction | undefined {
  const find = (instructions: readonly Instruction[], kind: string) =>
    instructions.findLast((instruction): instruction is CommandInstruction => instruction.kind === kind);
  const entrypoint = find(instructionsBefore(stage), 'entrypoint');
  if (entrypoint !== undefined && (entrypoint.command.kind === 'shell' || entrypoint.command.words.length > 0))
    return stage.instructions.includes(entrypoint) ? entrypoint : undefined;
  return find(stage.instructions, 'cmd');
}

interface Token {
  readonly value: string;
  readonly span: Span;
}

/** The words of an array, or of a line that is nothing but plain words. */
function tokensOf({ command }: CommandInstruction, text: string): readonly Token[] {
  if (command.kind === 'exec') return command.words;
  if (!/^[\w@%+=:,./ -]+$/.test(text.slice(command.span.start, command.span.end))) return [];
  return Array.from(text.slice(command.span.start, command.span.end).matchAll(/\S+/g), (match) => ({
    value: match[0],
    span: { start: command.span.start + match.index, end: command.span.start + match.index + match[0].length },
  })).filter(({ value }, at) => at > 0 || value !== 'exec');
}

const interpreter = /^(?:sh|bash|ash|dash|python[\d.]*|node|ruby|perl|php[\d.]*|java|deno|bun)$/;
const script = /\.(?:sh|bash|py|js|mjs|cjs|ts|rb|pl|php|jar)$/;

/** The files that a stage's own ENTRYPOINT or CMD starts, as far as they are written out. */
export function startedFiles(dockerfile: Dockerfile, stage: Stage): readonly StartedFile[] {
  const known = started(stage);
  known.files ??= readStartedFiles(dockerfile, stage);
  return known.files;
}

const started = onceFor((_stage: Stage): { files?: readonly StartedFile[] } => ({}));

function readStartedFiles(dockerfile: Dockerfile, stage: Stage): readonly StartedFile[] {
  const by = starting(stage);
  if (by === undefined) return [];
  const tokens = tokensOf(by, dockerfile.text);
  const [program, ...others] = tokens;
  if (program === undefined) return [];
  const given = interpreter.test(programName(program.value))
    ? others.find(({ value }, at) => script.test(value) && others.slice(0, at).every((other) => /^-/.test(other.value)))
    : undefined;
  const inline = others.some(({ value }) => /^-\w*[cem]$/.test(value));
  return [
    ...(program.value.includes('/') || script.test(program.value)
      ? [fileOf(dockerfile, stage, by, program, true)]
      : []),
    ...(given !== undefined && !inline ? [fileOf(dockerfile, stage, by, given, false)] : []),
  ];
}

function fileOf(
  dockerfile: Dockerfile,
  stage: Stage,
  by: CommandInstruction,
  { value, span }: Token,
  executed: boolean,
): StartedFile {
  const inPath = executed && !value.includes('/');
  const folder = value.startsWith('/') || inPath ? undefined : finalFolder(dockerfile, stage);
  const path = /[$*?]/.test(value) || inPath ? undefined : pathIn(folder, value);
  return { by, span, text: value, path, executed };
}

/** The folder that a container of the stage begins in. */
function finalFolder(dockerfile: Dockerfile, stage: Stage): string | undefined {
  const base = baseOf(stage);
  // A WORKDIR behind the last instruction counts too: none comes before itself.
  const last = stage.instructions.at(-1);
  const start = base && folderOfBase(base);
  if (last === undefined) return undefined;
  if (last.kind !== 'workdir') return workdirAt(dockerfile, stage, last, start);
  const path = valueAt(dockerfile, last, last.arguments.text.trim());
  return path === undefined ? undefined : pathIn(workdirAt(dockerfile, stage, last, start), path);
}

/** The folder that an instruction works in, the base image's too. */
export function folderAt(dockerfile: Dockerfile, stage: Stage, instruction: Instruction): string | undefined {
  const base = baseOf(stage);
  return workdirAt(dockerfile, stage, instruction, base && folderOfBase(base));
}

/** What a COPY or ADD does about a path: places that file, may place it within a folder, or has nothing to do with it. */
export function places(
  dockerfile: Dockerfile,
  stage: Stage,
  copy: CopyInstruction,
  path: string,
): 'file' | 'maybe' | 'no' {
  const { destination: word } = copy;
  const written = word?.constant === false ? valueAt(dockerfile, copy, word.value) : word?.value;
  const absolute = written?.startsWith('/') ?? false;
  const destination = written && pathIn(absolute ? undefined : folderAt(dockerfile, stage, copy), written);
  if (destination === undefined || destination === '' || written === undefined) return 'maybe';
  if (destination === path && !written.endsWith('/')) return 'file';
  if (destination !== '/' && !path.startsWith(`${destination}/`)) return 'no';
  const rest = path.slice(destination === '/' ? 1 : destination.length + 1);
  let maybe = false;
  for (const source of copy.sources) {
    const name = source.value.replace(/\/+$/, '').split('/').at(-1) ?? '';
    if (name === rest && !isRemote(source)) return 'file';
    maybe ||=
      !source.constant ||
      isRemote(source) ||
      !/^[\w-]+(?:\.[\w-]+)*\.[a-z]\w{0,4}$/i.test(name) ||
      /\.(?:d|tar|gz|xz|zip|tgz|bz2|zst)$/.test(name);
  }
  return maybe ? 'maybe' : 'no';
}
