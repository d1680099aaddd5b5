import type { ShellCommand } from '../shell/model.ts';
import { managerCall } from './package-managers.ts';

/** A command that installs what a project's manifest lists. */
export interface DependencyInstall {
  readonly ecosystem: string;
  /** As the project's people say it: `npm ci`. */
  readonly title: string;
  /**
   * What of the project it reads, as sources of a COPY relative to its folder; undefined where it reads the project itself
   * too, or where that cannot be told.
   */
  readonly manifests: readonly string[] | undefined;
  /** It also compiles the project: manifests alone do not do. */
  readonly builds: boolean;
}

interface Program {
  readonly ecosystem: string;
  /** Matched against the words up to the first that is no plain word. */
  readonly subcommands: readonly string[];
  /** Whether words after the subcommand that are no options mean something else (`npm install express`). */
  readonly bare: boolean;
  readonly manifests: readonly string[] | undefined;
  /** All of these options have to be given for the manifests to be enough. */
  readonly needs?: readonly string[];
  readonly builds?: true;
}

const npm = { ecosystem: 'npm', bare: true } as const;
const programs: Readonly<Record<string, Program>> = {
  npm: { ...npm, subcommands: ['ci', 'install', 'i', 'clean-install'], manifests: ['package*.json'] },
  yarn: { ...npm, subcommands: ['', 'install'], manifests: ['package.json', 'yarn.lock*'] },
  pnpm: { ...npm, subcommands: ['install', 'i'], manifests: ['package.json', 'pnpm-lock.yaml*'] },
  bun: { ...npm, subcommands: ['install', 'i'], manifests: ['package.json', 'bun.lock*'] },
  poetry: {
    ...{ ecosystem: 'python', subcommands: ['install'], bare: true, manifests: ['pyproject.toml', 'poetry.lock*'] },
    needs: ['--no-root'],
  },
  uv: {
    ...{ ecosystem: 'python', subcommands: ['sync'], bare: true, manifests: ['pyproject.toml', 'uv.lock'] },
    needs: ['--no-install-project'],
  },
  pipenv: {
    ecosystem: 'python',
    subcommands: ['install', 'sync'],
    bare: true,
    manifests: ['Pipfile', 'Pipfile.lock*'],
  },
  go: { ecosystem: 'go', subcommands: ['mod download'], bare: true, manifests: ['go.mod', 'go.sum*'] },
  bundle: { ecosystem: 'ruby', subcommands: ['', 'install'], bare: true, manifests: ['Gemfile', 'Gemfile.lock*'] },
  composer: {
    ...{ ecosystem: 'php', subcommands: ['install', 'i'], bare: true, manifests: ['composer.json', 'composer.lock*'] },
    needs: ['--no-scripts', '--no-autoloader'],
  },
  dotnet: { ecosystem: 'dotnet', subcommands: ['restore'], bare: false, manifests: undefined },
  mvn: { ecosystem: 'maven', subcommands: ['*'], bare: false, manifests: undefined, builds: true },
  mvnw: { ecosystem: 'maven', subcommands: ['*'], bare: false, manifests: undefined, builds: true },
  gradle: { ecosystem: 'gradle', subcommands: ['*'], bare: false, manifests: undefined, builds: true },
  gradlew: { ecosystem: 'gradle', subcommands: ['*'], bare: false, manifests: undefined, builds: true },
  cargo: {
    ecosystem: 'cargo',
    subcommands: ['build', 'install', 'fetch'],
    bare: false,
    manifests: undefined,
    builds: true,
  },
};

/** The project is not where the command is run. */
const otherFolder =
  /^(?:--prefix|--cwd|--dir|--directory|--project|--filter|--workspaces?|--gemfile|--working-dir|-C|-F|-w|-d)(?:=|$)/;

const goOffline =
  /^(?:[\w.:-]*dependency(?:-plugin)?(?::[\w.-]+)?:(?:go-offline|resolve|resolve-plugins)|dependencies)$/;

/** What a command installs of the project's own dependencies; undefined for other commands. */
export function dependencyInstall(command: ShellCommand): DependencyInstall | undefined {
  const program = Object.hasOwn(programs, command.name) ? programs[command.name] : undefined;
  if (program === undefined) return pipInstall(command);
  const values = command.words.map((word) => (word.constant ? word.value : word.source));
  if (values.some((value) => /^(?:-g|--global|--version|-v|-h|--help)$/.test(value))) return undefined;
  const plain = values.filter((value) => !value.startsWith('-'));
  const options = new Set(values.filter((value) => value.startsWith('-')));
  const subcommand = program.subcommands.find((name) => matches(name, plain));
  if (subcommand === undefined) return undefined;
  if (subcommand === '*') {
    const builds = !plain.some((value) => goOffline.test(value));
    if (
      !plain.some(
        (value) =>
          goOffline.test(value) ||
          /^(?:package|install|verify|compile|build|assemble|\w*[jJ]ar|test|deploy)$/.test(value),
      )
    )
      return undefined;
    return { ecosystem: program.ecosystem, title: command.name, manifests: undefined, builds };
  }
  const words = subcommand === '' ? 0 : subcommand.split(' ').length;
  if (program.bare && plain.length > words && !optionValues(values, plain.length - words)) return undefined;
  if (command.name === 'cargo' && subcommand === 'install' && !options.has('--path')) return undefined;
  const elsewhere = values.some((value) => otherFolder.test(value));
  const enough = !elsewhere && (program.needs ?? []).every((option) => options.has(option));
  const title = subcommand === '' ? command.name : `${command.name} ${subcommand}`;
  const fetches = command.name === 'cargo' && subcommand === 'fetch';
  return {
    ecosystem: program.ecosystem,
    title,
    manifests: enough ? program.manifests : undefined,
    builds: program.builds === true && !fetches,
  };
}

function matches(subcommand: string, plain: readonly string[]): boolean {
  if (subcommand === '*') return true;
  if (subcommand === '') return plain.length === 0;
  return subcommand.split(' ').every((word, at) => plain[at] === word);
}

/** Whether as many plain words as are left over stand behind an option without `=`, and so are its value. */
function optionValues(values: readonly string[], left: number): boolean {
  const taken = values.filter((value, at) => !value.startsWith('-') && /^--[\w-]+$/.test(values[at - 1] ?? '')).length;
  return taken >= left;
}

/** `pip install -r requirements.txt`; other things that pip installs are not the project's list. */
function pipInstall(command: ShellCommand): DependencyInstall | undefined {
  const uv = command.name === 'uv' && command.words[0]?.value === 'pip';
  const call = uv ? undefined : managerCall(command);
  if (call?.manager !== 'pip' || call.subcommand.value !== 'install') return undefined;
  const lists = call.flags.filter(({ name }) => name === '-r' || name === '--requirement');
  if (lists.length === 0 || call.operands.some(({ value }) => /^\.{1,2}(?:$|[/[])/.test(value))) return undefined;
  const files = call.flags.flatMap(({ name, value }) =>
    ['-r', '--requirement', '-c', '--constraint'].includes(name) ? [value?.constant ? value.text : '$'] : [],
  );
  const editable = call.flags.some(({ name }) => name === '-e' || name === '--editable');
  const readable = !editable && files.every((file) => /^[\w./-]+$/.test(file));
  return { ecosystem: 'python', title: 'pip install', manifests: readable ? files : undefined, builds: false };
}
