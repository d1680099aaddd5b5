import { findFlag, type ReadFlags, readFlags } from '../shell/flags.ts';
import type { ShellCommand, ShellWord } from '../shell/model.ts';
import { onceFor } from '../text/once-for.ts';

/** A call of curl or wget that fetches something. */
export interface Download {
  readonly program: 'curl' | 'wget';
  readonly read: ReadFlags;
  /** Those written in the command; there may be others in a file or behind `xargs`. */
  readonly addresses: readonly ShellWord[];
  /** A variable in it may well hold options: what is missing cannot be told. */
  readonly uncertain: boolean;
}

/** `-n` is one too: of `-nv` the `v` is its value. */
const wgetValues: ReadonlySet<string> = new Set([
  ...['-a', '-A', '-B', '-D', '-e', '-i', '-I', '-l', '-n', '-o', '-O', '-P', '-Q', '-R', '-t', '-T', '-U', '-w', '-X'],
  ...['--accept', '--append-output', '--base', '--bind-address', '--body-data', '--body-file', '--ca-certificate'],
  ...['--ca-directory', '--certificate', '--compression', '--config', '--connect-timeout', '--cut-dirs'],
  ...['--directory-prefix', '--dns-timeout', '--domains', '--execute', '--header', '--http-password', '--http-user'],
  ...['--input-file', '--level', '--limit-rate', '--load-cookies', '--method', '--output-document', '--output-file'],
  ...['--password', '--post-data', '--post-file', '--private-key', '--progress', '--proxy-password', '--proxy-user'],
  ...['--read-timeout', '--referer', '--reject', '--retry-on-http-error', '--save-cookies', '--secure-protocol'],
  ...['--timeout', '--tries', '--user', '--user-agent', '--wait', '--waitretry'],
]);

const curlValues: ReadonlySet<string> = new Set([
  ...['-A', '-b', '-c', '-C', '-d', '-D', '-e', '-E', '-F', '-H', '-K', '-m', '-o', '-P', '-Q', '-r', '-t', '-T', '-u'],
  ...['-U', '-w', '-x', '-X', '-y', '-Y', '-z', '--abstract-unix-socket', '--aws-sigv4', '--cacert', '--capath'],
  ...['--cert', '--cert-type', '--ciphers', '--config', '--connect-timeout', '--connect-to', '--continue-at'],
  ...['--cookie', '--cookie-jar', '--crlfile', '--curves', '--data', '--data-ascii', '--data-binary', '--data-raw'],
  ...['--data-urlencode', '--dns-servers', '--doh-url', '--dump-header', '--engine', '--etag-compare', '--etag-save'],
  ...['--form', '--form-string', '--header', '--interface', '--json', '--keepalive-time', '--key', '--limit-rate'],
  ...['--local-port', '--max-filesize', '--max-redirs', '--max-time', '--netrc-file', '--noproxy'],
  ...['--oauth2-bearer', '--output', '--output-dir', '--parallel-max', '--pass', '--pinnedpubkey', '--preproxy'],
  ...['--proto', '--proto-default', '--proto-redir', '--proxy', '--proxy-header', '--proxy-user', '--quote', '--range'],
  ...['--rate', '--referer', '--request', '--request-target', '--resolve', '--retry', '--retry-delay'],
  ...['--retry-max-time', '--socks4', '--socks5', '--socks5-hostname', '--speed-limit', '--speed-time', '--stderr'],
  ...['--time-cond', '--tls-max', '--tls13-ciphers', '--trace', '--trace-ascii', '--unix-socket', '--upload-file'],
  ...['--url', '--url-query', '--user', '--user-agent', '--write-out'],
]);

/** What curl or wget is asked to fetch; undefined for other programs, and where nothing is asked for. */
export function downloadOf(command: ShellCommand): Download | undefined {
  return command.name === 'curl' || command.name === 'wget' ? readDownload(command) : undefined;
}

const readDownload = onceFor((command: ShellCommand): Download | undefined => {
  const { words } = command;
  const program = command.name === 'curl' ? 'curl' : 'wget';
  const read = readFlags(words, { takesValue: program === 'curl' ? curlValues : wgetValues });
  const { positionals: addresses, flags } = read;
  const list = program === 'curl' ? ['--url', '-K', '--config'] : ['-i', '--input-file'];
  const elsewhere = command.wrappers.includes('xargs') || findFlag(read, ...list) !== undefined;
  // With its only word in a variable, curl and wget fetch that.
  if (!elsewhere && addresses.length === 0 && !flags.some(({ word }) => /^--?[$`]/.test(word.source))) return undefined;
  return { program, read, addresses, uncertain: isUncertain(read, elsewhere) };
});

/** A variable may hold options wherever it can become several words. One that stands alone is the address, unless its name says otherwise. */
function isUncertain({ flags, positionals }: ReadFlags, hasAddress: boolean): boolean {
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

/** Whether an address is one of the build's own machine. */
export function isLocalAddress({ value }: ShellWord): boolean {
  return /^(?:https?:\/\/)?(?:localhost|127\.\d|0\.0\.0\.0|\[::1?\]|host\.docker\.internal)/i.test(value);
}
