import { callingAny, type Manager, type ManagerCall, managerCall } from '../../dockerfile/package-managers.ts';
import { removeCommand } from '../../dockerfile/remove-command.ts';
import { defineRule } from '../../engine/rule.ts';
import type { ShellCommand } from '../../shell/model.ts';

const apt = /^(?:upgrade|dist-upgrade|full-upgrade|safe-upgrade)$/;
const dnf = /^(?:update|upgrade|up|distro-sync|dsync|update-minimal|upgrade-minimal)$/;
/** What brings everything that is installed up to date; with packages behind it, only these. */
const upgrades: Readonly<Partial<Record<Manager, RegExp>>> = {
  ...{ 'apt-get': apt, apt, aptitude: apt, apk: /^upgrade$/, yum: dnf, dnf, microdnf: dnf },
  zypper: /^(?:update|up|dist-upgrade|dup)$/,
};

/** Others have one rule for each manager, but for dockle's. */
const peers: Readonly<Record<string, readonly string[]>> = {
  upgrade: ['dockerfilelint apt-get-upgrade', 'semgrep avoid-apt-get-upgrade', 'trivy DS-0024'],
  'dist-upgrade': ['dockerfilelint apt-get-dist-upgrade', 'semgrep avoid-apt-get-upgrade', 'trivy DS-0024'],
  dnf: ['semgrep avoid-dnf-update'],
  yum: ['semgrep avoid-yum-update'],
  zypper: ['semgrep avoid-zypper-update'],
};

function peersOf({ manager, subcommand }: ManagerCall): readonly string[] {
  const key = /^apt/.test(manager) ? subcommand.value : manager;
  const distribution = manager === 'zypper' && /^(?:dist-upgrade|dup)$/.test(subcommand.value);
  return [
    'dockle DKL-DI-0003',
    ...(distribution ? ['hadolint DL3035'] : []),
    ...((Object.hasOwn(peers, key) && peers[key]) || []),
  ];
}

function upgradesAll(call: ManagerCall): boolean {
  return upgrades[call.manager]?.test(call.subcommand.value) === true && call.operands.length === 0 && !call.uncertain;
}

/** Only what closes a hole is installed: little changes, on purpose. */
function securityOnly({ flags }: ManagerCall): boolean {
  return flags.some(({ name }) => /^--(?:security|bugfix|advisory|advisories|cves?|sec-severity)$/.test(name));
}

function isUpgrade(command: ShellCommand): boolean {
  const call = managerCall(command);
  return call !== undefined && upgradesAll(call);
}

export default defineRule('run-command', {
  meta: {
    id: 'dockerfile/upgrade',
    rows: ['D306'],
    summary: 'The packages of a base image are better brought up to date by a newer base image.',
    why: 'An upgrade puts a second copy of every changed package into a layer on top of the first one, gives another result each day, and is then kept in the build cache until something before it changes. `docker build --pull` with a base image that is rebuilt often brings the same fixes. Where the base image is slow to be rebuilt an upgrade may well be right: then silence this.',
    severity: 'information',
    topic: 'packages',
    messages: { all: '`{command}` upgrades whatever the base image holds, differently each time' },
    titles: { remove: 'Remove `{command}`' },
    fix: 'sometimes',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM alpine:3.22\nRUN apk upgrade --no-cache && apk add --no-cache curl\n',
        good: 'FROM alpine:3.22\nRUN apk add --no-cache curl\n',
      },
    ],
    options: {},
    sources: ['dockle DKL-DI-0003', 'hadolint DL3035', ...new Set(Object.values(peers).flat())],
  },
  calls: callingAny('apt-get', 'apt', 'aptitude', 'apk', 'yum', 'dnf', 'microdnf', 'zypper'),
  when: ({ command }) => isUpgrade(command),
  *check({ command, run, dockerfile }) {
    const call = managerCall(command);
    if (call === undefined || !upgradesAll(call) || securityOnly(call)) return;
    const edit = removeCommand(dockerfile, run, command);
    yield {
      message: 'all',
      data: { command: `${call.manager} ${call.subcommand.value}` },
      span: call.subcommand.span,
      peers: peersOf(call),
      fixes: edit ? [{ title: 'remove', safety: 'suggested', edits: [edit] }] : [],
    };
  },
});
