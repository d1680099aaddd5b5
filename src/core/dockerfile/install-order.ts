import type { ShellCommand } from '../shell/model.ts';
import { replace, type TextEdit } from '../text/edit.ts';
import { onceFor } from '../text/once-for.ts';
import { type DependencyInstall, dependencyInstall } from './dependency-installs.ts';
import { insertInstructionAfter } from './edit.ts';
import { pathIn, workdirAt } from './folders.ts';
import type { CopyInstruction, Dockerfile, RunInstruction, Stage } from './model.ts';
import { instructionsBefore } from './stage-facts.ts';

/** An install with where it stands. */
export interface PlacedInstall {
  readonly run: RunInstruction;
  readonly command: ShellCommand;
  readonly install: DependencyInstall;
}

const installsIn = onceFor((run: RunInstruction): readonly PlacedInstall[] =>
  (run.script?.commands ?? []).flatMap((command) => {
    const install = dependencyInstall(command);
    return install === undefined ? [] : [{ run, command, install }];
  }),
);

/** Ecosystems whose dependencies have been installed before the copy: what comes after it is done a second time on purpose. */
function installedBefore(stage: Stage, copy: CopyInstruction): ReadonlySet<string> {
  const seen = new Set<string>();
  for (const instruction of instructionsBefore(stage, copy)) {
    if (instruction.kind !== 'run') continue;
    for (const { install } of installsIn(instruction)) seen.add(install.ecosystem);
  }
  return seen;
}

/** The first install after the copy in its stage. */
export function installAfter(stage: Stage, copy: CopyInstruction): PlacedInstall | undefined {
  const before = installedBefore(stage, copy);
  for (const instruction of stage.instructions.slice(stage.instructions.indexOf(copy) + 1)) {
    if (instruction.kind !== 'run') continue;
    for (const found of installsIn(instruction)) if (!before.has(found.install.ecosystem)) return found;
  }
  return undefined;
}

/** Another ecosystem is installed later on: moving the copy behind this one alone would not do. */
function installsMore(stage: Stage, copy: CopyInstruction, found: PlacedInstall): boolean {
  const done = new Set(installedBefore(stage, copy));
  for (const { install } of installsIn(found.run)) done.add(install.ecosystem);
  return stage.instructions
    .slice(stage.instructions.indexOf(found.run) + 1)
    .some((later) => later.kind === 'run' && installsIn(later).some(({ install }) => !done.has(install.ecosystem)));
}

/** Commands that do not look at the project's files. */
const indifferent: ReadonlySet<string> = new Set([
  'set',
  'echo',
  'rm',
  'apt-get',
  'apt',
  'apk',
  'mkdir',
  'corepack',
  'true',
  ':',
]);

function onlyInstalls({ run }: PlacedInstall): boolean {
  return (run.script?.commands ?? []).every((command) => {
    if (indifferent.has(command.name) || dependencyInstall(command) !== undefined) return true;
    if (/^(?:npm|yarn|pnpm)$/.test(command.name)) return /^(?:cache|config|set)$/.test(command.words[0]?.value ?? '');
    return (
      /^pip[\d.]*$/.test(command.name) &&
      command.words.some(({ value }) => value === '--upgrade' || value === '-U' || value === 'cache')
    );
  });
}

/** Lists that pull in further files cannot be copied alone. */
function selfContained(manifest: string, around: ReadonlyMap<string, string | null>): boolean {
  const text = around.get(manifest);
  if (text === undefined) return true;
  if (text === null) return false;
  if (manifest.endsWith('.json'))
    return !/"(?:workspaces|prepare|preinstall|install|postinstall)"\s*:|"file:/.test(text);
  return !/^\s*(?:-r|-c|-e|--requirement|--constraint|--editable|\.|file:)/m.test(text) && !/^\s*gemspec\b/m.test(text);
}

/** The sources that the install needs, relative to the context; undefined where that cannot be told. */
function sourcesFor(
  dockerfile: Dockerfile,
  stage: Stage,
  copy: CopyInstruction,
  found: PlacedInstall,
): readonly string[] | undefined {
  const { run } = found;
  const into = copy.destination?.value;
  const manifests = new Set<string>();
  for (const { install } of installsIn(run)) {
    if (install.manifests === undefined || install.builds) return undefined;
    for (const manifest of install.manifests) manifests.add(manifest);
  }
  if (into === undefined || into.includes('$')) return undefined;
  const folder = workdirAt(dockerfile, stage, run);
  const here = /^\.\/?$/.test(into);
  const target = here ? folder : pathIn(workdirAt(dockerfile, stage, copy), into);
  const sources: string[] = [];
  for (const manifest of manifests) {
    const path = pathIn(folder, manifest);
    if (path !== undefined && target !== undefined) {
      const inside = target === '/' ? '/' : `${target}/`;
      if (!path.startsWith(inside)) return undefined;
      sources.push(path.slice(inside.length));
    } else if (here && !manifest.startsWith('/') && !manifest.includes('..'))
      sources.push(manifest.replace(/^\.\//, ''));
    else return undefined;
  }
  // Files of different folders would all land in one.
  const folders = new Set(sources.map((source) => source.slice(0, source.lastIndexOf('/') + 1)));
  return folders.size === 1 ? sources : undefined;
}

/** How to copy less before an install. */
export interface Reordering {
  /** What is copied first, relative to the build context. */
  readonly sources: readonly string[];
  readonly edits: readonly TextEdit[];
}

/**
 * Copies the manifests in the place of everything, and everything behind the install. Undefined where something else between
 * or beside them may need the project's files, or where it cannot be told which files the install reads.
 */
export function manifestsFirst(
  dockerfile: Dockerfile,
  stage: Stage,
  copy: CopyInstruction,
  found: PlacedInstall,
  around: ReadonlyMap<string, string | null>,
): Reordering | undefined {
  const { run } = found;
  const { text } = dockerfile;
  const destination = copy.destination;
  const sources = sourcesFor(dockerfile, stage, copy, found);
  if (
    sources === undefined ||
    destination === undefined ||
    copy.json ||
    copy.sources.length !== 1 ||
    copy.heredocs.length > 0
  )
    return undefined;
  if (!onlyInstalls(found) || installsMore(stage, copy, found)) return undefined;
  if (!sources.every((source) => source.endsWith('*') || selfContained(source.replace('*', ''), around)))
    return undefined;
  const from = stage.instructions.indexOf(copy);
  const to = stage.instructions.indexOf(run);
  const between = stage.instructions.slice(from + 1, to);
  if (!between.every(({ kind }) => kind === 'env' || kind === 'arg' || kind === 'label' || kind === 'expose'))
    return undefined;
  const [source] = copy.sources;
  if (source === undefined) return undefined;
  const subfolder = sources[0]?.slice(0, sources[0].lastIndexOf('/') + 1) ?? '';
  const base =
    destination.value === '.' ? './' : destination.value.endsWith('/') ? destination.value : `${destination.value}/`;
  const gap = text.slice(copy.span.end, (between[0] ?? run).span.start);
  const blank = /^\s*$/.test(gap) && gap.split('\n').length > 2 ? '\n' : '';
  const original = text.slice(copy.span.start, copy.span.end);
  return {
    sources,
    edits: [
      replace({ start: source.span.start, end: destination.span.end }, `${sources.join(' ')} ${base}${subfolder}`),
      insertInstructionAfter(dockerfile, run, `${blank}${original}`),
    ],
  };
}
