import type { RunCommand } from '../../dockerfile/model.ts';
import { runCommandsOf } from '../../dockerfile/subjects.ts';
import { baseOf, isRoot, lastUserBefore, userOf } from '../../dockerfile/users.ts';
import { defineRule } from '../../engine/rule.ts';
import { userOfBase } from '../../images/base-images.ts';
import { remove } from '../../text/edit.ts';
import type { Span } from '../../text/span.ts';

/** `sudo` as a program, not as the value of an option such as `-u sudo`. */
const calls = /(?<![\w$.-])(?:\/[\w./-]*\/)?sudo(?=["'\s\\`])/g;
const takesUser = /(?:-\w*[ugU]|--(?:user|group))[ \t=]+$/;

/** Where `sudo` stands in front of a command. */
function wrapperSpan({ command, run, dockerfile }: RunCommand): Span | undefined {
  if (command.name === 'sudo') return command.nameWord.span;
  if (!command.wrappers.includes('sudo')) return undefined;
  const { start } = run.span;
  const before = dockerfile.text.slice(start, command.nameWord.span.start);
  const found = [...before.matchAll(calls)].findLast(({ index }) => !takesUser.test(before.slice(0, index)));
  return found && { start: start + found.index, end: start + found.index + found[0].length };
}

/** What may stand between words; a comment line may not. */
const gap = '(?:[ \\t]|[\\\\`]\\r?\\n)+';
const idleOptions = new RegExp(
  `^(?:"[ \\t]*,)?${gap}(?:(?:-[EHn]+|--preserve-env|--set-home|--non-interactive)${gap})*`,
);
const assignments = new RegExp(`^(?:\\w+=(?:[\\w./:+-]*|"[^"\\\\]*"|'[^']*')${gap})*$`);

/** `sudo` with what stands up to the command or its variables; undefined where an option of it means something. */
function removable({ command, dockerfile }: RunCommand, sudo: Span): Span | undefined {
  const between = dockerfile.text.slice(sudo.end, command.nameWord.span.start);
  const [blanks] = idleOptions.exec(between) ?? [];
  if (blanks === undefined || !assignments.test(between.slice(blanks.length))) return undefined;
  return { start: blanks.startsWith('"') ? sudo.start - 1 : sudo.start, end: sudo.end + blanks.length };
}

/** Who calls it: in a build nobody but USER and the base image says. */
function caller({ run, stage, dockerfile }: RunCommand): 'root' | 'other' | 'unknown' {
  const user = lastUserBefore(stage, run);
  if (user !== undefined) return isRoot(userOf(dockerfile, user) ?? '') ? 'root' : 'other';
  const base = baseOf(stage);
  return base === undefined ? 'unknown' : userOfBase(base);
}

export default defineRule('dockerfile', {
  meta: {
    id: 'dockerfile/sudo',
    rows: ['D325'],
    summary: '`sudo` has no place in a build.',
    why: 'A RUN is root already unless USER says otherwise, so `sudo` changes nothing but the environment and is one more setuid program in the image. Where USER is somebody else, write `USER root` before the steps that need it and change back afterwards; to start a service as another user, use USER, or `gosu` and `su-exec`, which hand signals on.',
    severity: 'warning',
    topic: 'security',
    messages: {
      root: 'A build runs as root: `sudo` does nothing',
      user: '`sudo` in a build: change users with `USER`',
    },
    titles: { remove: 'Remove `sudo`' },
    fix: 'sometimes',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM debian:13-slim\nRUN sudo apt-get update\n',
        good: 'FROM debian:13-slim\nRUN apt-get update\n',
      },
    ],
    options: {},
    sources: [
      'hadolint DL3004',
      'checkov CKV2_DOCKER_1',
      'trivy DS-0010',
      'kics run_using_sudo',
      'semgrep no-sudo-in-dockerfile',
      'dockerfilelint sudo_usage',
      'dockle DKL-DI-0001',
    ],
  },
  mentions: ['sudo'],
  *check(dockerfile) {
    if (!dockerfile.text.includes('sudo')) return;
    for (const subject of runCommandsOf(dockerfile)) {
      const span = wrapperSpan(subject);
      if (span === undefined) continue;
      const as = caller(subject);
      const cut = as === 'other' || subject.command.name === 'sudo' ? undefined : removable(subject, span);
      yield {
        message: as === 'root' && cut ? 'root' : 'user',
        span,
        fixes: cut ? [{ title: 'remove', safety: as === 'root' ? 'safe' : 'suggested', edits: [remove(cut)] }] : [],
      };
    }
  },
});
