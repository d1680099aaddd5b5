import { appendCommand } from '../../dockerfile/append-command.ts';
import type { RunInstruction } from '../../dockerfile/model.ts';
import { mountTarget } from '../../dockerfile/stage-facts.ts';
import { defineRule } from '../../engine/rule.ts';
import type { ShellCommand } from '../../shell/model.ts';

type Manager = 'yarn' | 'npm';

const fills: Readonly<Record<Manager, RegExp>> = {
  yarn: /^(?:install|add|global add)\b/,
  npm: /^(?:install|i|ci|add|clean-install)\b/,
};
/** Options that only Yarn 1 has. The cache of later ones may hold the very packages that the program runs from. */
const yarnOne =
  /^--(?:frozen-lockfile|pure-lockfile|production|prod|ignore-engines|non-interactive|network-timeout)(?:=|$)/;
const laterYarn = /^--(?:immutable|immutable-cache|check-cache|inline-builds|mode)(?:=|$)/;

const cacheFolders: Readonly<Record<Manager, RegExp>> = {
  yarn: /(?:^|\/)\.cache(?:\/yarn)?$|yarn/,
  npm: /(?:^|\/)\.npm(?:\/|$)|npm|(?:^|\/)\.cache$|^\/root$/,
};

function managerOf({ name }: ShellCommand): Manager | undefined {
  return name === 'yarn' || name === 'npm' ? name : undefined;
}

function plain(command: ShellCommand): string {
  return command.words
    .filter(({ value }) => !value.startsWith('-'))
    .map(({ value }) => value)
    .join(' ');
}

function installs(command: ShellCommand, manager: Manager): boolean {
  if (command.words.some(({ value }) => /^(?:--version|--help|-v|-h|--dry-run|--package-lock-only)$/.test(value)))
    return false;
  const words = plain(command);
  return fills[manager].test(words) || (manager === 'yarn' && words === '');
}

function clears(command: ShellCommand, manager: Manager): boolean {
  if (command.name === manager) return /^cache (?:clean|clear|rm)\b/.test(plain(command));
  if (command.name !== 'rm' && command.name !== 'find') return false;
  return command.words.some(({ source }) => /cache|\.npm|\/tmp\/|\/root\/|_cacache/.test(source));
}

/** A mount over the cache, or a cache that an option has put elsewhere. */
function elsewhere(run: RunInstruction, command: ShellCommand, manager: Manager): boolean {
  if (command.words.some(({ value }) => /^--(?:cache|cache-folder)(?:=|$)/.test(value))) return true;
  return run.mounts.some(
    (mount) =>
      (mount.type === 'cache' || mount.type === 'tmpfs') && cacheFolders[manager].test(mountTarget(mount) ?? ''),
  );
}

export default defineRule('instruction', {
  meta: {
    id: 'dockerfile/node-cache-left',
    rows: ['D319'],
    summary: 'A shipped layer should not keep what `yarn` and `npm` downloaded.',
    why: 'Both keep an archive of every package that they install for a next time that never comes in an image, so that the layer holds everything twice. Clear it in the same RUN, or mount a cache over its folder, which also makes the next build faster. Yarn 2 and later may run programs out of their cache: there the step is only suggested. What npm keeps is information.',
    severity: 'warning',
    topic: 'size',
    messages: { left: '`{manager}` leaves its downloads in the layer' },
    titles: { clear: 'Add `{clean}` at the end of this `RUN`' },
    fix: 'sometimes',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM node:24\nRUN yarn install --frozen-lockfile\n',
        good: 'FROM node:24\nRUN yarn install --frozen-lockfile && yarn cache clean\n',
      },
      {
        file: 'Dockerfile',
        bad: 'FROM node:24\nRUN npm ci\n',
        good: 'FROM node:24\nRUN npm ci && npm cache clean --force\n',
      },
    ],
    options: {},
    sources: ['hadolint DL3060'],
  },
  only: ['run'],
  calls: ['yarn', 'npm'],
  *check({ instruction: run, stage, dockerfile }) {
    // A trigger runs in whatever is built on the stage, here or elsewhere.
    if (stage?.shipped !== true && !run.onbuild) return;
    const commands = run.script?.commands ?? [];
    const at = commands.findLastIndex((command) => {
      const manager = managerOf(command);
      return manager !== undefined && installs(command, manager);
    });
    const command = commands[at];
    const manager = command && managerOf(command);
    if (command === undefined || manager === undefined || elsewhere(run, command, manager)) return;
    const later = command.words.some(({ value }) => laterYarn.test(value));
    if (later || commands.slice(at + 1).some((other) => clears(other, manager))) return;
    const clean = manager === 'yarn' ? 'yarn cache clean' : 'npm cache clean --force';
    const sure = manager === 'npm' || command.words.some(({ value }) => yarnOne.test(value));
    const edit = appendCommand(dockerfile, run, clean);
    yield {
      message: 'left',
      data: { manager, clean },
      span: command.nameWord.span,
      ...(manager === 'npm' && { severity: 'information', peers: [] }),
      fixes: edit ? [{ title: 'clear', safety: sure ? 'safe' : 'suggested', edits: [edit] }] : [],
    };
  },
});
