import { wholeContext } from '../../dockerfile/context-copy.ts';
import { type DependencyInstall, dependencyInstall } from '../../dockerfile/dependency-installs.ts';
import { insertInstructionAfter } from '../../dockerfile/edit.ts';
import { pathIn, workdirAt } from '../../dockerfile/folders.ts';
import type { CopyInstruction, Dockerfile, RunInstruction, Stage } from '../../dockerfile/model.ts';
import { instructionsBefore } from '../../dockerfile/stage-facts.ts';
import { type CheckedFile, defineRule } from '../../engine/rule.ts';
import type { ShellCommand } from '../../shell/model.ts';
import { replace, type TextEdit } from '../../text/edit.ts';

interface Found {
  readonly run: RunInstruction;
  readonly command: ShellCommand;
  readonly install: DependencyInstall;
}

function* installsIn(run: RunInstruction): Generator<Found> {
  for (const command of run.script?.commands ?? []) {
    const install = dependencyInstall(command);
    if (install !== undefined) yield { run, command, install };
  }
}

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
function installAfter(stage: Stage, copy: CopyInstruction): Found | undefined {
  const before = installedBefore(stage, copy);
  for (const instruction of stage.instructions.slice(stage.instructions.indexOf(copy) + 1)) {
    if (instruction.kind !== 'run') continue;
    for (const found of installsIn(instruction)) if (!before.has(found.install.ecosystem)) return found;
  }
  return undefined;
}

/** Another ecosystem is installed later on: moving the copy behind this one alone would not do. */
function installsMore(stage: Stage, copy: CopyInstruction, found: Found): boolean {
  const done = new Set(installedBefore(stage, copy));
  for (const { install } of installsIn(found.run)) done.add(install.ecosystem);
  return stage.instructions
    .slice(stage.instructions.indexOf(found.run) + 1)
    .some(
      (later) => later.kind === 'run' && [...installsIn(later)].some(({ install }) => !done.has(install.ecosystem)),
    );
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

function onlyInstalls({ run }: Found): boolean {
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
function selfContained(manifest: string, around: CheckedFile['around']): boolean {
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
  found: Found,
): readonly string[] | undefined {
  const { install, run } = found;
  const into = copy.destination?.value;
  if (install.manifests === undefined || install.builds || into === undefined || into.includes('$')) return undefined;
  const folder = workdirAt(dockerfile, stage, run);
  const here = /^\.\/?$/.test(into);
  const target = here ? folder : pathIn(workdirAt(dockerfile, stage, copy), into);
  const sources: string[] = [];
  for (const manifest of install.manifests) {
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

/** Copies the manifests in the place of everything, and everything behind the install. */
function reordering(
  dockerfile: Dockerfile,
  stage: Stage,
  copy: CopyInstruction,
  found: Found,
  around: CheckedFile['around'],
): readonly TextEdit[] | undefined {
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
  if (!sources.every((source) => selfContained(source.replace(/\*.*$/, ''), around))) return undefined;
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
  return [
    replace({ start: source.span.start, end: destination.span.end }, `${sources.join(' ')} ${base}${subfolder}`),
    insertInstructionAfter(dockerfile, run, `${blank}${original}`),
  ];
}

export default defineRule('stage', {
  meta: {
    id: 'dockerfile/copy-before-install',
    rows: ['D401'],
    summary: 'Dependencies should be installed before the whole project is copied.',
    why: 'The builder runs a step again as soon as anything before it has changed. With all sources copied first, each changed line of code downloads and installs every dependency anew. Copy the files that list them, install, and copy the rest afterwards: the install is then taken from the cache until the list changes.',
    severity: 'warning',
    topic: 'build cache',
    messages: {
      busts: 'Every change to the project runs `{install}` again',
      builds: 'Every change to the project downloads what `{install}` needs again',
      install: 'This is run again',
    },
    titles: { reorder: 'Copy {manifests} first and the rest after `{install}`' },
    fix: 'sometimes',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM node:24\nWORKDIR /app\nCOPY . .\nRUN npm ci\nCMD ["node", "server.js"]\n',
        good: 'FROM node:24\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci\nCOPY . .\nCMD ["node", "server.js"]\n',
      },
    ],
    options: {},
    sources: [],
  },
  *check({ stage, dockerfile }, { file }) {
    for (const instruction of stage.instructions) {
      const whole = wholeContext(instruction);
      const found = whole && installAfter(stage, whole.copy);
      if (whole === undefined || found === undefined) continue;
      const { command, install, run } = found;
      const cached = run.mounts.some(({ type }) => type === 'cache');
      const edits = reordering(dockerfile, stage, whole.copy, found, file.around);
      const sources = edits && sourcesFor(dockerfile, stage, whole.copy, found);
      yield {
        message: install.builds ? 'builds' : 'busts',
        data: { install: install.title },
        span: whole.source.span,
        ...((install.builds || cached) && { severity: 'information' }),
        related: [{ message: 'install', span: command.span }],
        fixes:
          edits && sources
            ? [
                {
                  title: 'reorder',
                  data: { manifests: sources.map((name) => `\`${name}\``).join(', ') },
                  safety: 'suggested',
                  edits,
                },
              ]
            : [],
      };
      return;
    }
  },
});
