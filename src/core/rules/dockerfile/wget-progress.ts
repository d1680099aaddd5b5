import { downloadOf } from '../../dockerfile/downloads.ts';
import { insertWordAfter } from '../../dockerfile/edit.ts';
import type { RunCommand } from '../../dockerfile/model.ts';
import { mentionedBefore } from '../../dockerfile/stage-facts.ts';
import { baseOf } from '../../dockerfile/users.ts';
import { defineRule } from '../../engine/rule.ts';
import { familyOfBase } from '../../images/base-images.ts';
import { findFlag, type ReadFlags } from '../../shell/flags.ts';

/** With one of these nothing is shown, or what is shown was chosen. */
const settled = [
  ...['-q', '--quiet', '--no-verbose', '--progress', '--show-progress', '-o', '--output-file', '-a', '--append-output'],
  ...['-b', '--background', '--spider', '--config', '-h', '--help', '-V', '--version'],
];

function isSettled(read: ReadFlags): boolean {
  if (findFlag(read, ...settled) !== undefined) return true;
  return read.flags.some(({ name, value }) => {
    if (name === '-n') return value?.text.includes('v');
    if (name !== '-e' && name !== '--execute') return false;
    return value?.constant !== true || /progress|quiet|verbose|logfile|background/i.test(value.text);
  });
}

/** What becomes of the messages is said, or another program reads them. */
function redirected({ command, dockerfile }: RunCommand): boolean {
  const { text } = dockerfile;
  const written = command.redirects.map(({ span }) => text.slice(span.start, span.end));
  if (written.some((redirect) => /^(?:2>|&>|>&)/.test(redirect))) return true;
  return /^[ \t]*\|&/.test(text.slice(command.span.end, command.span.end + 20));
}

/** A `.wgetrc` may say how the progress is to be shown. */
const configured = /wgetrc/i;

export default defineRule('run-command', {
  meta: {
    id: 'dockerfile/wget-progress',
    rows: ['D323'],
    summary: '`wget` should not draw its progress into the build log.',
    why: 'A build has no terminal, so `wget` writes a line for every 50 KB: a download of 100 MB is two thousand lines in which the error is not found. `--progress=dot:giga` writes a line for every 32 MB and keeps the errors; only GNU Wget 1 has it. `-q` is understood everywhere, but GNU Wget is then silent about errors too.',
    severity: 'information',
    topic: 'style',
    messages: { shown: '`wget` fills the build log with its progress' },
    titles: { giga: 'Add `--progress=dot:giga`', quiet: 'Add `-q`' },
    fix: 'always',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM debian:13\nRUN wget https://example.com/a.tar.gz\n',
        good: 'FROM debian:13\nRUN wget --progress=dot:giga https://example.com/a.tar.gz\n',
      },
      {
        file: 'Dockerfile',
        bad: 'FROM alpine:3.22\nRUN wget https://example.com/a.tar.gz\n',
        good: 'FROM alpine:3.22\nRUN wget -q https://example.com/a.tar.gz\n',
      },
    ],
    options: {},
    sources: ['hadolint DL3047'],
  },
  only: ['wget'],
  *check(subject) {
    const { command, run, stage, dockerfile } = subject;
    const { span } = command.nameWord;
    const download = downloadOf(command);
    if (download === undefined || isSettled(download.read) || download.uncertain || redirected(subject)) return;
    const before = dockerfile.text.slice(run.span.start, command.span.start);
    if (configured.test(before) || mentionedBefore(dockerfile, stage, configured, run)) return;
    const base = baseOf(stage);
    const family = command.wrappers.includes('busybox') ? 'alpine' : base && familyOfBase(base);
    yield {
      message: 'shown',
      span,
      lateFixes: () => {
        const giga = [insertWordAfter(span, '--progress=dot:giga')];
        const quiet = { title: 'quiet', safety: 'safe', edits: [insertWordAfter(span, '-q')] } as const;
        // BusyBox and Wget 2 (Fedora's) refuse the other one.
        if (family === 'alpine') return [quiet];
        if (family === 'debian') return [{ title: 'giga', safety: 'safe', edits: giga }, quiet];
        return [quiet, { title: 'giga', safety: 'suggested', edits: giga }];
      },
    };
  },
});
