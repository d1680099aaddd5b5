import { insertWordAfter } from '../../dockerfile/edit.ts';
import type { RunCommand } from '../../dockerfile/model.ts';
import { aptSetting, aptTruth, hasFlag, type ManagerCall, managerCall } from '../../dockerfile/package-managers.ts';
import { mentionedBefore } from '../../dockerfile/stage-facts.ts';
import { defineRule } from '../../engine/rule.ts';

/** As apt's configuration files say it; the command line's own options have a dash before or `=` behind. */
const configured = /(?<!-)\bAssume-Yes\s/i;

/** `-qq`, `-q -q` and `-q=2` answer yes as well. */
function quietness(call: ManagerCall): number {
  return call.flags
    .filter(({ name }) => name === '-q' || name === '--quiet')
    .reduce((sum, { value }) => sum + (value === undefined ? 1 : Number.parseInt(value.text, 10) || 0), 0);
}

function answered(call: ManagerCall): boolean {
  const setting = aptSetting(call, 'APT::Get::Assume-Yes');
  if (setting !== undefined && aptTruth(setting)) return true;
  return hasFlag(call, '-y', '--yes', '--assume-yes') || quietness(call) >= 2;
}

/** Nothing is installed, so nothing is asked. */
function simulated(call: ManagerCall): boolean {
  return hasFlag(
    call,
    '-s',
    '--simulate',
    '--just-print',
    '--dry-run',
    '--recon',
    '--no-act',
    '--print-uris',
    '-h',
    '--help',
  );
}

/** `yes | apt-get install …` */
function fed({ command, run }: RunCommand): boolean {
  const commands = run.script?.commands ?? [];
  const before = commands[commands.indexOf(command) - 1];
  return command.joined === '|' && before !== undefined && ['yes', 'echo', 'printf'].includes(before.name);
}

export default defineRule('run-command', {
  meta: {
    id: 'dockerfile/apt-assume-yes',
    rows: ['D301'],
    summary: '`apt-get install` should be given `-y`.',
    why: 'A build has no terminal on which to answer. Without `-y` the command asks whether to go on, gets no answer and aborts, as soon as a package brings another one along.',
    severity: 'warning',
    topic: 'packages',
    messages: { asks: '`{manager} install` asks for a confirmation that a build cannot give' },
    titles: { yes: 'Add `-y`' },
    fix: 'always',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM debian:13-slim\nRUN apt-get update && apt-get install curl\n',
        good: 'FROM debian:13-slim\nRUN apt-get update && apt-get install -y curl\n',
      },
    ],
    options: {},
    sources: [
      'hadolint DL3014',
      'trivy DS-0021',
      'dockerfilelint apt-get_missing_param',
      'kics apt_get_missing_flags_to_avoid_manual_input',
      'semgrep missing-assume-yes-switch',
    ],
  },
  calls: ['apt-get', 'apt'],
  when({ command }) {
    const call = managerCall(command);
    return call !== undefined && call.subcommand.value === 'install' && !call.uncertain && !answered(call);
  },
  *check(subject) {
    const { command, run, stage, dockerfile } = subject;
    const call = managerCall(command);
    if (call === undefined) return;
    if (simulated(call) || fed(subject)) return;
    const before = dockerfile.text.slice(run.span.start, command.span.start);
    if (configured.test(before) || mentionedBefore(dockerfile, stage, configured, run)) return;
    yield {
      message: 'asks',
      data: { manager: call.manager },
      span: call.subcommand.span,
      fixes: [{ title: 'yes', safety: 'safe', edits: [insertWordAfter(call.subcommand.span, '-y')] }],
    };
  },
});
