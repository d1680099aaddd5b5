import type { ShellWord } from '../shell/model.ts';
import type { Manager } from './manager-options.ts';
import { hasFlag, type ManagerCall } from './package-managers.ts';

/** How the packages of one manager are named in an install, and how a version is. */
interface Pinning {
  readonly subcommands: RegExp;
  /** A name with a version, or something that has none: a file, a folder, an address. */
  readonly pinned: RegExp;
  /** With one of these the versions come from elsewhere. */
  readonly notWith?: readonly string[];
  /** How a version is written, for the message. */
  readonly example: string;
}

const apt: Pinning = { subcommands: /^install$/, pinned: /[=/]|\.deb$|[-^]$/, example: 'name=1.2*' };
/** `name-1.2`, `name-1:1.2`, a package's file or path, `@group`, and glob-free paths of programs. */
const dnf: Pinning = {
  subcommands: /^(?:install|in|localinstall|reinstall|update|upgrade|downgrade)$/,
  pinned: /-(?:\d+:)?~?\d[\w.^~+-]*$|\.rpm$|^[@/.-]|:\/\/|[<>=]|\(/,
  example: 'name-1.2',
};
const npm: Pinning = {
  subcommands: /^(?:install|i|add)$/,
  pinned:
    /^(?:@[^/@]+\/)?[^/@:]+@(?!latest$).+|#|^(?:\.{0,2}|~)\/|^\.{1,2}$|\.(?:tar|tar\.gz|tgz)$|^file:|^https?:.*\.tgz/,
  example: 'name@1.2.3',
};

const pinnings: Readonly<Partial<Record<Manager, Pinning>>> = {
  'apt-get': apt,
  apt,
  aptitude: apt,
  apk: { subcommands: /^add$/, pinned: /[=<>~@]|\.apk$|^[.!/]/, example: 'name=~1.2' },
  yum: dnf,
  dnf,
  microdnf: dnf,
  zypper: {
    subcommands: /^(?:install|in)$/,
    pinned: /[=<>]|~\d|\.rpm$|^[-+@/.]|:\/\//,
    example: 'name=1.2',
  },
  pip: {
    subcommands: /^install$/,
    pinned:
      /[=<>~!]=|[<>]|\s@\s|^(?:\.{1,2}(?:$|\[)|~|file:|https?:)|^[^:]*\/|:\/\/.*\/[^/]*@|\.(?:whl|zip|tar\.(?:gz|bz2|xz)|tgz)(?:[#?[].*)?$/,
    notWith: ['-r', '--requirement', '-c', '--constraint', '-e', '--editable'],
    example: 'name==1.2.3',
  },
  npm,
  gem: {
    subcommands: /^(?:install|i)$/,
    pinned: /:\d|:[<>~=!]|\.gem$/,
    notWith: ['-v', '--version', '-g', '--file'],
    example: 'name:1.2.3',
  },
  go: { subcommands: /^(?:install|get|run)$/, pinned: /@(?!latest$|none$|upgrade$|patch$)./, example: 'path@v1.2.3' },
};

/** A path that the go command would fetch: its first part is a host. Folders, files and std have none. */
function remoteModule(value: string): boolean {
  return /^[\w-]+(?:\.[\w-]+)+\/./.test(value) && !value.endsWith('.go');
}

function candidates(call: ManagerCall): readonly ShellWord[] {
  const { manager, subcommand, operands, flags } = call;
  switch (manager) {
    case 'go': {
      const paths = subcommand.value === 'run' ? operands.slice(0, 1) : operands;
      // Only a module can be the latest one, or the tool that is put into go.mod.
      const module = flags.some(({ name }) => name === '-tool') ? /^[^./]/ : /^[^./].*@latest$/;
      return paths.filter(({ value }) => remoteModule(value) || module.test(value));
    }
    case 'gem': {
      // What comes behind `--` is for the compiler.
      const end = operands.findIndex(({ value }) => value.startsWith('-'));
      return end < 0 ? operands : operands.slice(0, end);
    }
    default:
      return operands;
  }
}

export interface Unpinned {
  readonly words: readonly ShellWord[];
  /** How a version would be written: `name=1.2*`. */
  readonly example: string;
}

/** `dnf module install nodejs`, where a stream (`nodejs:20`) stands for the version. */
function unpinnedModules({ operands }: ManagerCall): Unpinned | undefined {
  const [action, ...modules] = operands;
  if (!/^(?:install|enable)$/.test(action?.value ?? '')) return undefined;
  const words = modules.filter(({ value, constant }) => constant && !value.includes(':'));
  return words.length > 0 ? { words, example: 'name:1' } : undefined;
}

/** A quick look at whether a call may install packages in whatever version there is. */
export function mayBeUnpinned({ manager, subcommand, uncertain }: ManagerCall): boolean {
  return (
    subcommand.value === 'module' || (!uncertain && pinnings[manager]?.subcommands.test(subcommand.value) === true)
  );
}

/** The packages that a call installs in whatever version there is; undefined where there are none, or that cannot be told. */
export function unpinnedPackages(call: ManagerCall): Unpinned | undefined {
  const { manager, subcommand } = call;
  if (subcommand.value === 'module' && /dnf|yum/.test(manager)) return unpinnedModules(call);
  const pinning = pinnings[manager];
  if (pinning === undefined || !pinning.subcommands.test(subcommand.value)) return undefined;
  if (call.uncertain || hasFlag(call, ...(pinning.notWith ?? []), '-h', '--help')) return undefined;
  // A package in a variable may have its version in there. To the shell, the brackets of `name[extra]` are a pattern.
  const known = ({ value, constant }: ShellWord) =>
    constant || (manager === 'pip' && /^[\w.-]+\[[\w,.-]+\]$/.test(value));
  const words = candidates(call).filter((word) => known(word) && !pinning.pinned.test(word.value));
  return words.length > 0 ? { words, example: pinning.example } : undefined;
}
