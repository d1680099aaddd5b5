import type { ShellCommand } from '../shell/model.ts';

/**
 * Where programs keep what they have downloaded, when they run as root; from their own documentation. apt is none of them:
 * in the images of Debian and Ubuntu it is told to delete what it has installed, and a mount would stay empty.
 */
const folders: Readonly<
  Record<string, { readonly commands: RegExp; readonly folder: string; readonly locked?: true }>
> = {
  npm: { commands: /^(?:ci|install|i|clean-install)$/, folder: '/root/.npm' },
  yarn: { commands: /^(?:install|)$/, folder: '/usr/local/share/.cache/yarn' },
  pnpm: { commands: /^(?:install|i|fetch)$/, folder: '/root/.local/share/pnpm/store' },
  bun: { commands: /^(?:install|i)$/, folder: '/root/.bun/install/cache' },
  pip: { commands: /^(?:install|wheel|download)$/, folder: '/root/.cache/pip' },
  pip3: { commands: /^(?:install|wheel|download)$/, folder: '/root/.cache/pip' },
  uv: { commands: /^(?:sync|pip)$/, folder: '/root/.cache/uv' },
  poetry: { commands: /^install$/, folder: '/root/.cache/pypoetry' },
  go: { commands: /^(?:build|install|mod|get|test)$/, folder: '/go/pkg/mod' },
  cargo: { commands: /^(?:build|install|fetch)$/, folder: '/usr/local/cargo/registry' },
  bundle: { commands: /^(?:install|)$/, folder: '/root/.bundle/cache' },
  composer: { commands: /^(?:install|i)$/, folder: '/root/.composer/cache' },
  dotnet: { commands: /^(?:restore|build|publish)$/, folder: '/root/.nuget/packages' },
  mvn: { commands: /./, folder: '/root/.m2' },
  gradle: { commands: /./, folder: '/root/.gradle' },
  apk: { commands: /^add$/, folder: '/etc/apk/cache', locked: true },
  dnf: { commands: /^install$/, folder: '/var/cache/dnf', locked: true },
  yum: { commands: /^install$/, folder: '/var/cache/yum', locked: true },
};

/** The programs that have such a folder. */
export const cachingPrograms: readonly string[] = Object.keys(folders);

/** The folder that a command fills with downloads, and whether two builds may not use it at once. */
export function cacheFolder(command: ShellCommand): { readonly folder: string; readonly locked: boolean } | undefined {
  const known = Object.hasOwn(folders, command.name) ? folders[command.name] : undefined;
  if (known === undefined) return undefined;
  const subcommand = command.words.find(({ value }) => !value.startsWith('-'))?.value ?? '';
  return known.commands.test(subcommand) ? { folder: known.folder, locked: known.locked === true } : undefined;
}
