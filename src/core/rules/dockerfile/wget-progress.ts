import { insertWordAfter } from '../../dockerfile/edit.ts';
import type { RunCommand } from '../../dockerfile/model.ts';
import { mentionedBefore } from '../../dockerfile/stage-facts.ts';
import { baseOf } from '../../dockerfile/users.ts';
import { defineRule } from '../../engine/rule.ts';
import { familyOfBase } from '../../images/base-images.ts';
import { findFlag, type ReadFlags, readFlags } from '../../shell/flags.ts';
import type { ShellWord } from '../../shell/model.ts';

/** `-n` is one too: of `-nv` the `v` is its value. */
const takesValue = [
  ...['-a', '-A', '-B', '-D', '-e', '-i', '-I', '-l', '-n', '-o', '-O', '-P', '-Q', '-R', '-t', '-T', '-U', '-w', '-X'],
  ...['--accept', '--append-output', '--base', '--bind-address', '--body-data', '--body-file', '--ca-certificate'],
  ...['--ca-directory', '--certificate', '--compression', '--config', '--connect-timeout', '--cut-dirs'],
  ...['--directory-prefix', '--dns-timeout', '--domains', '--execute', '--header', '--http-password', '--http-user'],
  ...['--input-file', '--level', '--limit-rate', '--load-cookies', '--method', '--output-document', '--output-file'],
  ...['--password', '--post-data', '--post-file', '--private-key', '--progress', '--proxy-password', '--proxy-user'],
  ...['--read-timeout', '--referer', '--reject', '--retry-on-http-error', '--save-cookies', '--secure-protocol'],
  ...['--timeout', '--tries', '--user', '--user-agent', '--wait', '--waitretry'],
];

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

/** A variable may hold options wherever it can become several words. One that stands alone is the address, unless its name says otherwise. */
function uncertain({ flags, positionals }: ReadFlags, hasAddress: boolean): boolean {
  if (flags.some(({ word }) => /^--?[$`]/.test(word.source))) return true;
  const alone = positionals.length === 1 && !hasAddress;
  return positionals.some((word) => {
    if (isList(word)) return true;
    return /^[$`]/.test(word.source) && (!alone || /opt|flag|arg|param/i.test(word.source));
  });
}

function isList({ source }: ShellWord): boolean {
  return /^"?\$(?:[@*]|\{[@*]|\{\w+\[[@*]\])/.test(source);
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
  *check(subject) {
    const { command, run, stage, dockerfile } = subject;
    if (command.name !== 'wget') return;
    const { span } = command.nameWord;
    const read = readFlags(command.words, { takesValue });
    const hasAddress = command.wrappers.includes('xargs') || findFlag(read, '-i', '--input-file') !== undefined;
    if (!hasAddress && read.positionals.length === 0) return;
    if (isSettled(read) || uncertain(read, hasAddress) || redirected(subject)) return;
    const before = dockerfile.text.slice(run.span.start, command.span.start);
    if (configured.test(before) || mentionedBefore(dockerfile, stage, configured, run)) return;
    const base = baseOf(stage);
    const family = command.wrappers.includes('busybox') ? 'alpine' : base && familyOfBase(base);
    const giga = [insertWordAfter(span, '--progress=dot:giga')];
    const quiet = { title: 'quiet', safety: 'safe', edits: [insertWordAfter(span, '-q')] } as const;
    // BusyBox and Wget 2 (Fedora's) refuse the other one.
    if (family === 'debian')
      yield { message: 'shown', span, fixes: [{ title: 'giga', safety: 'safe', edits: giga }, quiet] };
    else if (family === 'alpine') yield { message: 'shown', span, fixes: [quiet] };
    else yield { message: 'shown', span, fixes: [quiet, { title: 'giga', safety: 'suggested', edits: giga }] };
  },
});
