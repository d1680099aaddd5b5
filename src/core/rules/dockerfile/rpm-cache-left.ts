import { appendCommand } from '../../dockerfile/append-command.ts';
import type { RunInstruction } from '../../dockerfile/model.ts';
import { actionOf, callingAny, hasFlag, type ManagerCall, managerCall } from '../../dockerfile/package-managers.ts';
import { mountCovers } from '../../dockerfile/stage-facts.ts';
import { defineRule } from '../../engine/rule.ts';
import type { ShellCommand } from '../../shell/model.ts';

type Family = 'yum' | 'dnf' | 'zypper';

const dnf =
  /^(?:install|in|groupinstall|localinstall|reinstall|update|upgrade|up|downgrade|distro-sync|makecache|builddep|swap)$/;
const fills: Readonly<Record<Family, RegExp>> = {
  ...{ yum: dnf, dnf },
  zypper: /^(?:install|in|remove|rm|source-install|si|patch|update|up|dist-upgrade|dup|refresh|ref)$/,
};

/** Others have one rule for each, but for one of semgrep. */
const peers: Readonly<Record<Family, readonly string[]>> = {
  yum: ['hadolint DL3032', 'trivy DS-0015', 'kics yum_clean_all_missing', 'semgrep remove-package-cache'],
  dnf: [
    ...['hadolint DL3040', 'trivy DS-0019', 'trivy DS-0027', 'kics missing_dnf_clean_all'],
    'semgrep remove-package-cache',
  ],
  zypper: ['hadolint DL3036', 'trivy DS-0020', 'kics missing_zypper_clean', 'semgrep remove-package-cache'],
};

/** Where each keeps lists and packages. yum is dnf on newer systems. */
const folders: Readonly<Record<Family, readonly string[]>> = {
  yum: ['/var/cache/yum', '/var/cache/dnf', '/var/cache/libdnf5'],
  dnf: ['/var/cache/dnf', '/var/cache/libdnf5', '/var/cache/yum'],
  zypper: ['/var/cache/zypp'],
};
const removed: Readonly<Record<Family, RegExp>> = {
  ...{
    yum: /\/var\/(?:cache\/?(?:["'*{]|yum|(?:lib)?dnf|$)|\*|\{)/,
    dnf: /\/var\/(?:cache\/?(?:["'*{]|yum|(?:lib)?dnf|$)|\*|\{)/,
  },
  zypper: /\/var\/(?:cache\/?(?:["'*{]|zypp|$)|\*|\{)/,
};

function familyOf(call: ManagerCall | undefined): Family | undefined {
  switch (call?.manager) {
    case 'yum':
    case 'zypper':
      return call.manager;
    case 'dnf':
    case 'microdnf':
      return 'dnf';
    default:
      return undefined;
  }
}

/** A command that clears the cache of a call; yum and dnf are one program by now, microdnf has a folder of its own. */
function clears(command: ShellCommand, { manager }: ManagerCall, family: Family): boolean {
  const call = managerCall(command);
  const other = familyOf(call);
  if (call !== undefined && other !== undefined) {
    if ((other === 'zypper') !== (family === 'zypper')) return false;
    if ((call.manager === 'microdnf') !== (manager === 'microdnf')) return false;
    if (family === 'zypper') return /^(?:clean|cc)$/.test(call.subcommand.value);
    return call.subcommand.value === 'clean' && call.operands.some(({ value }) => value === 'all');
  }
  return ['rm', 'find'].includes(command.name) && command.words.some(({ source }) => removed[family].test(source));
}

function mounted(run: RunInstruction, family: Family): boolean {
  return folders[family].some((folder) => mountCovers(run, folder));
}

export default defineRule('instruction', {
  meta: {
    id: 'dockerfile/rpm-cache-left',
    rows: ['D312'],
    summary: 'A layer that installs with `yum`, `dnf`, `microdnf` or `zypper` should clear its cache.',
    why: 'The lists of the repositories stay behind, often more than a hundred megabytes that nothing reads at run time. They have to go in the same RUN: a later one hides them, but the layer that holds them is still shipped. A cache mount over the folder is as good and makes the next build faster.',
    severity: 'warning',
    topic: 'size',
    messages: { left: '`{command}` leaves the cache of `{manager}` in the layer' },
    titles: { clear: 'Add `{clean}` at the end of this `RUN`' },
    fix: 'sometimes',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM fedora:43\nRUN dnf install -y httpd\n',
        good: 'FROM fedora:43\nRUN dnf install -y httpd && dnf clean all\n',
      },
      {
        file: 'Dockerfile',
        bad: 'FROM opensuse/leap:15.6\nRUN zypper -n install httpd\n',
        good: 'FROM opensuse/leap:15.6\nRUN zypper -n install httpd && zypper clean --all\n',
      },
    ],
    options: {},
    sources: [...new Set(Object.values(peers).flat())],
  },
  only: ['run'],
  calls: callingAny('yum', 'dnf', 'microdnf', 'zypper'),
  *check({ instruction: run, stage, dockerfile }) {
    if (stage === undefined) return;
    const commands = run.script?.commands ?? [];
    // The last one counts: what clears has to come after it.
    const at = commands.findLastIndex((command) => {
      const call = managerCall(command);
      const family = familyOf(call);
      return call !== undefined && family !== undefined && fills[family].test(actionOf(call));
    });
    const command = commands[at];
    const call = command && managerCall(command);
    const family = familyOf(call);
    if (command === undefined || call === undefined || family === undefined) return;
    if (hasFlag(call, '--installroot', '--root', '-R', '-h', '--help') || mounted(run, family)) return;
    if (commands.slice(at + 1).some((later) => clears(later, call, family))) return;
    const clean = family === 'zypper' ? 'zypper clean --all' : `${command.name} clean all`;
    const prefix = command.wrappers.includes('sudo') ? 'sudo ' : '';
    const edit = appendCommand(dockerfile, run, prefix + clean);
    yield {
      message: 'left',
      data: { command: `${call.manager} ${call.subcommand.value}`, manager: call.manager, clean },
      span: call.subcommand.span,
      peers: peers[family],
      ...(!stage.shipped && { severity: 'information' }),
      fixes: edit ? [{ title: 'clear', safety: 'safe', edits: [edit] }] : [],
    };
  },
});
