import type { ShellCommand } from '../shell/model.ts';
import { type ManagerCall, managerCall } from './package-managers.ts';

/** Managers that read the same index. */
export type IndexFamily = 'apt' | 'apk' | 'zypper' | 'rpm';

const families: Readonly<Partial<Record<ManagerCall['manager'], IndexFamily>>> = {
  ...{ 'apt-get': 'apt', apt: 'apt', aptitude: 'apt', apk: 'apk', zypper: 'zypper' },
  ...{ yum: 'rpm', dnf: 'rpm', microdnf: 'rpm' },
};
/** Where each keeps the index: in a cache mount it is not part of the layer. */
export const indexFolders: Readonly<Record<IndexFamily, string>> = {
  ...{ apt: '/var/lib/apt/lists', apk: '/var/cache/apk', zypper: '/var/cache/zypp', rpm: '/var/cache/dnf' },
};
/** Commands that read the index from the servers. */
export const indexUpdates: Readonly<Record<IndexFamily, RegExp>> = {
  ...{
    apt: /^update$/,
    apk: /^update$/,
    zypper: /^(?:refresh|ref)$/,
    rpm: /^(?:update|upgrade|makecache|check-update)$/,
  },
};
/** Commands that read the index; what else a script calls may read it as well. */
const reads =
  /^(?:install|in|groupinstall|localinstall|builddep|repoquery|add|upgrade|safe-upgrade|full-upgrade|dist-upgrade|build-dep|source|download|satisfy|reinstall|fix|update|up|dup|patch|fetch|policy|search|show|list|changelog|si|source-install|info)$/;
/** Commands that put packages of the index into the image. */
export const indexInstalls =
  /^(?:install|in|add|groupinstall|localinstall|upgrade|dist-upgrade|full-upgrade|build-dep)$/;

/** Programs that install nothing, whatever they are given; behind any other one an update may well be of use. */
const idle: ReadonlySet<string> = new Set([
  ...['set', 'echo', 'printf', 'rm', 'mkdir', 'cp', 'mv', 'ln', 'sed', 'cat', 'tee', 'chmod', 'chown', 'touch', 'true'],
  ...[
    'export',
    'cd',
    'curl',
    'wget',
    'gpg',
    'apt-key',
    'date',
    'sleep',
    'ls',
    'yes',
    'locale-gen',
    'dpkg',
    'test',
    '[',
  ],
]);

/** Whose index a call is about; undefined for managers without one. */
export function familyOf(call: ManagerCall | undefined): IndexFamily | undefined {
  return call && families[call.manager];
}

/** Whether a command has a use for a fresh index, or may have one. */
export function usesIndex(command: ShellCommand, family: IndexFamily): boolean {
  const call = managerCall(command);
  if (call === undefined) return !idle.has(command.name);
  return (
    familyOf(call) === family && reads.test(call.subcommand.value) && !indexUpdates[family].test(call.subcommand.value)
  );
}
