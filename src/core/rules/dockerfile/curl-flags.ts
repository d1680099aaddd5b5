import { downloadOf, isLocalAddress } from '../../dockerfile/downloads.ts';
import { insertWordAfter } from '../../dockerfile/edit.ts';
import { mentionedBefore } from '../../dockerfile/stage-facts.ts';
import { defineRule } from '../../engine/rule.ts';
import { findFlag, type ReadFlags } from '../../shell/flags.ts';
import type { ShellCommand } from '../../shell/model.ts';

/** With one of these it does not fetch a file, or what it does was thought about. */
const settled = [
  ...['-K', '--config', '-I', '--head', '-V', '--version', '-h', '--help', '-M', '--manual', '-X', '--request'],
  ...['-d', '--data', '--data-ascii', '--data-binary', '--data-raw', '--data-urlencode', '--json', '-F', '--form'],
  ...['-T', '--upload-file', '-w', '--write-out', '--unix-socket', '--abstract-unix-socket', '-Q', '--quote'],
];

/** What comes is thrown away: only the connection counts. */
function discarded(read: ReadFlags, { redirects }: ShellCommand): boolean {
  if (findFlag(read, '-o', '--output')?.value?.text === '/dev/null') return true;
  return redirects.some(({ operator, target }) => /^(?:&?>|>&)/.test(operator) && target?.value === '/dev/null');
}

const configured = /curlrc|CURL_HOME/;

export default defineRule('run-command', {
  meta: {
    id: 'dockerfile/curl-flags',
    rows: ['D324'],
    summary: '`curl` should fail on errors of the server, and follow redirects.',
    why: 'Without `-f`, curl takes the page that says “404 Not Found” for the file: the step goes on and is kept in the cache, and what comes after it fails on HTML, or runs it. Without `-L`, a file that has moved is an empty one; that is information, since not every address redirects. Requests other than downloads, and those to the machine itself, are left alone.',
    severity: 'warning',
    topic: 'correctness',
    messages: {
      fail: '`curl` without `-f` takes an error page for the file',
      both: '`curl` without `-f` takes an error page for the file, and without `-L` a redirect',
      follow: '`curl` without `-L` does not follow redirects',
    },
    titles: { add: 'Add `{flags}`' },
    fix: 'always',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM debian:13\nRUN curl -sSLO https://example.com/a.tar.gz\n',
        good: 'FROM debian:13\nRUN curl -f -sSLO https://example.com/a.tar.gz\n',
      },
      {
        file: 'Dockerfile',
        bad: 'FROM debian:13\nRUN curl -O https://example.com/a.tar.gz\n',
        good: 'FROM debian:13\nRUN curl -fL -O https://example.com/a.tar.gz\n',
      },
    ],
    options: {},
    sources: ['tally curl-should-follow-redirects', 'tally prefer-curl-config'],
  },
  only: ['curl'],
  *check({ command, run, stage, dockerfile }) {
    const download = downloadOf(command);
    if (download === undefined || download.uncertain || stage.windows) return;
    const { read, addresses } = download;
    if (findFlag(read, ...settled) !== undefined || discarded(read, command)) return;
    if (addresses.some((address) => isLocalAddress(address) || /^(?:ftps?|sftp|scp|file):/i.test(address.value)))
      return;
    const fails = findFlag(read, '-f', '--fail', '--fail-with-body') !== undefined;
    const follows = findFlag(read, '-L', '--location', '--location-trusted') !== undefined;
    if (fails && follows) return;
    const before = dockerfile.text.slice(run.span.start, command.span.start);
    if (configured.test(before) || mentionedBefore(dockerfile, stage, configured, run)) return;
    const flags = fails ? '-L' : follows ? '-f' : '-fL';
    yield {
      message: fails ? 'follow' : follows ? 'fail' : 'both',
      span: command.nameWord.span,
      ...(fails && { severity: 'information' }),
      fixes: [
        {
          title: 'add',
          data: { flags },
          safety: 'suggested',
          edits: [insertWordAfter(command.nameWord.span, flags)],
        },
      ],
    };
  },
});
