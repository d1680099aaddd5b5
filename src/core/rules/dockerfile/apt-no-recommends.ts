import { insertWordAfter } from '../../dockerfile/edit.ts';
import { aptSetting, hasFlag, managerCall } from '../../dockerfile/package-managers.ts';
import { mentionedBefore } from '../../dockerfile/stage-facts.ts';
import { defineRule } from '../../engine/rule.ts';

/** As apt's configuration files say it; the command line's own options have a dash before or `=` behind. */
const configured = /(?<!-)\bInstall-Recommends\s/i;

export default defineRule('run-command', {
  meta: {
    id: 'dockerfile/apt-no-recommends',
    rows: ['D302'],
    summary: '`apt-get install` should leave recommended packages out.',
    why: 'Packages recommend others that are handy on a desktop or server and rarely needed in an image; they add tens of megabytes and more to keep patched. Some programs do want what they recommend (`curl` its certificates): after adding the option, name those packages too. That takes judgement, which is why this is information and the fix is not made unasked.',
    severity: 'information',
    topic: 'size',
    messages: { recommends: '`{manager} install` also installs recommended packages' },
    titles: { add: 'Add `--no-install-recommends`' },
    fix: 'always',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM debian:13-slim\nRUN apt-get update && apt-get install -y curl\n',
        good: 'FROM debian:13-slim\nRUN apt-get update && apt-get install --no-install-recommends -y curl\n',
      },
    ],
    options: {},
    sources: [
      'hadolint DL3015',
      'trivy DS-0029',
      'dockerfilelint apt-get_recommends',
      'kics apt_get_not_avoiding_additional_packages',
      'semgrep missing-no-install-recommends',
    ],
  },
  calls: ['apt-get', 'apt'],
  when({ command }) {
    const call = managerCall(command);
    if (call === undefined || call.subcommand.value !== 'install') return false;
    return !call.uncertain && !hasFlag(call, '--no-install-recommends', '--install-recommends');
  },
  *check({ command, run, stage, dockerfile }) {
    const call = managerCall(command);
    if (call === undefined) return;
    // `-f install` only completes what is half installed.
    if (call.operands.length === 0 && !command.wrappers.includes('xargs')) return;
    if (aptSetting(call, 'APT::Install-Recommends') !== undefined) return;
    const before = dockerfile.text.slice(run.span.start, command.span.start);
    if (configured.test(before) || mentionedBefore(dockerfile, stage, configured, run)) return;
    yield {
      message: 'recommends',
      data: { manager: call.manager },
      span: call.subcommand.span,
      fixes: [
        {
          title: 'add',
          safety: 'suggested',
          edits: [insertWordAfter(call.subcommand.span, '--no-install-recommends')],
        },
      ],
    };
  },
});
