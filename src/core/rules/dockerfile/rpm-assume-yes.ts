import { insertWordAfter } from '../../dockerfile/edit.ts';
import type { RunCommand } from '../../dockerfile/model.ts';
import {
  actionOf,
  callingAny,
  hasFlag,
  type Manager,
  type ManagerCall,
  managerCall,
} from '../../dockerfile/package-managers.ts';
import { mentionedBefore } from '../../dockerfile/stage-facts.ts';
import { defineRule } from '../../engine/rule.ts';

const dnf =
  /^(?:install|groupinstall|localinstall|reinstall|enable|disable|reset|switch-to|update|upgrade|up|downgrade|remove|erase|swap|distro-sync|builddep|autoremove)$/;
/** Commands that ask before they go on. */
const asks: Readonly<Partial<Record<Manager, RegExp>>> = {
  ...{ yum: dnf, dnf, microdnf: dnf },
  zypper: /^(?:install|in|remove|rm|source-install|si|patch|update|up|dist-upgrade|dup|install-new-recommends|inr)$/,
};

const dnfPeers = ['hadolint DL3038', 'trivy DS-0021', 'kics missing_flag_from_dnf_install'];
/** Others have one rule for each manager. */
const peers: Readonly<Partial<Record<Manager, readonly string[]>>> = {
  yum: [
    'hadolint DL3030',
    'trivy DS-0021',
    'kics yum_install_allows_manual_input',
    'semgrep missing-yum-assume-yes-switch',
  ],
  dnf: [...dnfPeers, 'semgrep missing-dnf-assume-yes-switch'],
  microdnf: dnfPeers,
  zypper: ['hadolint DL3034', 'kics missing_zypper_non_interactive_switch'],
};

/** dnf.conf, yum.conf and zypper's variable answer for all calls; an option of one call does not. */
const configured = /(?<!--setopt[= ])\bassumeyes\s*=|\bZYPP_NON_?INTERACTIVE/i;

function answered(call: ManagerCall): boolean {
  if (call.manager === 'zypper')
    return hasFlag(call, '-n', '--non-interactive', '-y', '--no-confirm', '-D', '--dry-run', '--download-only', '-d');
  const settings = call.flags.filter(({ name }) => name === '--setopt').map(({ value }) => value?.text ?? '');
  return hasFlag(call, '-y', '--assumeyes', '--assumeno') || settings.some((text) => /assumeyes\s*=/.test(text));
}

/** `yes | dnf install …` */
function fed({ command, run }: RunCommand): boolean {
  const commands = run.script?.commands ?? [];
  const before = commands[commands.indexOf(command) - 1];
  return command.joined === '|' && before !== undefined && ['yes', 'echo', 'printf'].includes(before.name);
}

export default defineRule('run-command', {
  meta: {
    id: 'dockerfile/rpm-assume-yes',
    rows: ['D311', 'D314'],
    summary: '`yum`, `dnf` and `microdnf` should be given `-y`, `zypper` its `-n`.',
    why: 'A build has no terminal on which to answer. The program lists what it is about to do, asks whether that is ok, gets no answer and aborts. The microdnf of older images never asks: for it this is information.',
    severity: 'warning',
    topic: 'packages',
    messages: { asks: '`{command}` asks for a confirmation that a build cannot give' },
    titles: { yes: 'Add `{flag}`' },
    fix: 'always',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM fedora:43\nRUN dnf install httpd && dnf clean all\n',
        good: 'FROM fedora:43\nRUN dnf install -y httpd && dnf clean all\n',
      },
      {
        file: 'Dockerfile',
        bad: 'FROM opensuse/leap:15.6\nRUN zypper install httpd && zypper clean\n',
        good: 'FROM opensuse/leap:15.6\nRUN zypper -n install httpd && zypper clean\n',
      },
    ],
    options: {},
    sources: [...new Set(Object.values(peers).flat())],
  },
  calls: callingAny('yum', 'dnf', 'microdnf', 'zypper'),
  *check(subject) {
    const { command, run, stage, dockerfile } = subject;
    const call = managerCall(command);
    if (call === undefined || asks[call.manager]?.test(actionOf(call)) !== true) return;
    if (call.uncertain || answered(call) || hasFlag(call, '-h', '--help') || fed(subject)) return;
    const before = dockerfile.text.slice(run.span.start, command.span.start);
    if (configured.test(before) || mentionedBefore(dockerfile, stage, configured, run)) return;
    const zypper = call.manager === 'zypper';
    const flag = zypper ? '-n' : '-y';
    yield {
      message: 'asks',
      data: { command: `${call.manager} ${call.subcommand.value}`, flag },
      span: call.subcommand.span,
      peers: peers[call.manager] ?? [],
      ...(call.manager === 'microdnf' && { severity: 'information' }),
      fixes: [
        {
          title: 'yes',
          safety: 'safe',
          edits: [insertWordAfter(zypper ? command.nameWord.span : call.subcommand.span, flag)],
        },
      ],
    };
  },
});
