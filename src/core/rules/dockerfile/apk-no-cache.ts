import { insertWordAfter } from '../../dockerfile/edit.ts';
import type { RunInstruction } from '../../dockerfile/model.ts';
import { hasFlag, managerCall } from '../../dockerfile/package-managers.ts';
import { mountCovers } from '../../dockerfile/stage-facts.ts';
import { defineRule } from '../../engine/rule.ts';
import type { ShellCommand } from '../../shell/model.ts';
import { remove, type TextEdit } from '../../text/edit.ts';

function cacheRemoved(run: RunInstruction): boolean {
  return (run.script?.commands ?? []).some(
    ({ name, words }) => name === 'rm' && words.some(({ source }) => /\/var\/(?:cache\/(?:apk|\*)|\*|\{)/.test(source)),
  );
}

/** `apk update &&` right before: with `--no-cache` there is no index to refresh. */
function updateBefore(text: string, run: RunInstruction, add: ShellCommand): TextEdit | undefined {
  const commands = run.script?.commands ?? [];
  const before = commands[commands.indexOf(add) - 1];
  if (
    before === undefined ||
    before.list !== add.list ||
    add.joined !== '&&' ||
    before.joined === '||' ||
    before.joined === '|'
  )
    return undefined;
  if (before.conditional || [before, add].some(({ wrappers, assignments }) => wrappers.length + assignments.length > 0))
    return undefined;
  const call = managerCall(before);
  if (call?.manager !== 'apk' || call.subcommand.value !== 'update' || before.words.length !== 1) return undefined;
  const between = text.slice(before.span.end, add.span.start);
  if (
    before.redirects.length > 0 ||
    !/^[ \t]*(?:[\\`][ \t]*\r?\n[ \t]*)*&&[ \t]*(?:[\\`][ \t]*\r?\n[ \t]*)*$/.test(between)
  )
    return undefined;
  return remove({ start: before.span.start, end: add.span.start });
}

export default defineRule('run-command', {
  meta: {
    id: 'dockerfile/apk-no-cache',
    rows: ['D308'],
    summary: '`apk add` should be given `--no-cache`.',
    why: 'Without it the package index stays in the layer, a few megabytes that are out of date tomorrow. With it the index is read afresh and thrown away, so that no `apk update` is needed before.',
    severity: 'warning',
    topic: 'size',
    messages: { cached: '`apk add` leaves the package index in the layer' },
    titles: { add: 'Add `--no-cache`', replace: 'Add `--no-cache` instead of `apk update`' },
    fix: 'always',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM alpine:3.22\nRUN apk add curl\n',
        good: 'FROM alpine:3.22\nRUN apk add --no-cache curl\n',
      },
      {
        file: 'Dockerfile',
        bad: 'FROM alpine:3.22\nRUN apk update && apk add curl\n',
        good: 'FROM alpine:3.22\nRUN apk add --no-cache curl\n',
      },
    ],
    options: {},
    sources: [
      'hadolint DL3019',
      'trivy DS-0025',
      'kics apk_add_using_local_cache_path',
      'semgrep missing-apk-no-cache',
      'dockerfilelint apkadd-missing_nocache_or_updaterm',
      'dockle DKL-DI-0004',
    ],
  },
  calls: ['apk'],
  when: ({ command }) => managerCall(command)?.subcommand.value === 'add',
  *check({ command, run, stage, dockerfile }) {
    const call = managerCall(command);
    if (call?.manager !== 'apk' || call.uncertain) return;
    if (hasFlag(call, '--no-cache', '--no-network', '--cache-dir', '-s', '--simulate', '-h', '--help')) return;
    if (mountCovers(run, '/var/cache/apk') || mountCovers(run, '/etc/apk/cache') || cacheRemoved(run)) return;
    const add = insertWordAfter(call.subcommand.span, '--no-cache');
    const update = updateBefore(dockerfile.text, run, command);
    yield {
      message: 'cached',
      span: call.subcommand.span,
      ...(!stage.shipped && { severity: 'information' }),
      fixes: [
        update
          ? { title: 'replace', safety: 'safe', edits: [update, add] }
          : { title: 'add', safety: 'safe', edits: [add] },
      ],
    };
  },
});
