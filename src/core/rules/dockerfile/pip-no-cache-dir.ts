import { insertWordAfter } from '../../dockerfile/edit.ts';
import type { RunCommand } from '../../dockerfile/model.ts';
import { callingAny, hasFlag, managerCall } from '../../dockerfile/package-managers.ts';
import { mountTarget } from '../../dockerfile/stage-facts.ts';
import { variablesAt } from '../../dockerfile/variables.ts';
import { defineRule } from '../../engine/rule.ts';

const off = /^(?:|0|no|false|off|n|f)$/i;

/** ENV, ARG, `export` or an assignment before the command says that pip keeps nothing, or may say so. */
function switchedOff({ command, run, dockerfile }: RunCommand): boolean {
  const name = 'PIP_NO_CACHE_DIR';
  const own = command.assignments.find((assignment) => assignment.name === name);
  if (own !== undefined) return !(own.value?.constant && off.test(own.value.value));
  for (const before of run.script?.commands ?? []) {
    if (before === command) break;
    const exported = before.words.findLast(({ source }) => source.startsWith(`${name}=`));
    if (before.name === 'export' && exported !== undefined)
      return !(exported.constant && off.test(exported.value.slice(name.length + 1)));
    const configured = before.words.map(({ value }) => value).join(' ');
    if (/\bconfig\b.*\bset\b.*no-cache-dir/.test(configured)) return true;
  }
  const set = variablesAt(dockerfile, run).get(name);
  return set !== undefined && (set.value === undefined || !off.test(set.value));
}

/** A cache mount, or the cache's removal in the same RUN. */
function cleared({ command, run }: RunCommand): boolean {
  const mounted = run.mounts.some((mount) => {
    const target = mountTarget(mount) ?? '';
    return (mount.type === 'cache' || mount.type === 'tmpfs') && /(?:^|\/)\.cache(?:\/pip)?$|pip/.test(target);
  });
  if (mounted) return true;
  const commands = run.script?.commands ?? [];
  return commands.slice(commands.indexOf(command) + 1).some((later) => {
    if (later.name === 'rm' || later.name === 'find')
      return later.words.some(({ source }) => /(?:^|[/"'])\.cache|\/root\/\*|pip/.test(source));
    const call = managerCall(later);
    return (
      call?.manager === 'pip' &&
      call.subcommand.value === 'cache' &&
      /^(?:purge|remove)$/.test(call.operands[0]?.value ?? '')
    );
  });
}

export default defineRule('run-command', {
  meta: {
    id: 'dockerfile/pip-no-cache-dir',
    rows: ['D316'],
    summary: '`pip install` should be given `--no-cache-dir`, or a cache mount.',
    why: 'pip keeps what it downloads and builds for a next time that never comes in an image: the layer holds every package twice. A `RUN --mount=type=cache,target=/root/.cache/pip` is as good and makes the next build faster.',
    severity: 'warning',
    topic: 'size',
    messages: { cached: '`pip install` leaves its downloads in the layer' },
    titles: { add: 'Add `--no-cache-dir`' },
    fix: 'always',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM python:3.14-slim\nRUN pip install flask==3.1.0\n',
        good: 'FROM python:3.14-slim\nRUN pip install --no-cache-dir flask==3.1.0\n',
      },
    ],
    options: {},
    sources: ['hadolint DL3042', 'kics pip_install_keeping_cached_packages', 'semgrep missing-pip-no-cache-dir'],
  },
  calls: callingAny('pip'),
  *check(subject) {
    const call = managerCall(subject.command);
    if (call?.manager !== 'pip' || call.subcommand.value !== 'install' || call.uncertain) return;
    if (
      hasFlag(call, '--no-cache-dir', '--no-cache', '--dry-run', '-h', '--help') ||
      switchedOff(subject) ||
      cleared(subject)
    )
      return;
    yield {
      message: 'cached',
      span: call.subcommand.span,
      ...(!subject.stage.shipped && { severity: 'information' }),
      fixes: [{ title: 'add', safety: 'safe', edits: [insertWordAfter(call.subcommand.span, '--no-cache-dir')] }],
    };
  },
});
