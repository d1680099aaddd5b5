import type { ShellCommand } from '../shell/model.ts';
import { replace, type TextEdit } from '../text/edit.ts';
import { type Download, downloadOf } from './downloads.ts';
import type { Dockerfile, RunInstruction } from './model.ts';

/** Flags of a download that the other program has too, or need not have. */
const plainFlags: Readonly<Record<Download['program'], readonly string[]>> = {
  wget: ['-q', '--quiet', '--no-verbose', '--progress', '--show-progress', '-O', '--output-document', '-n'],
  curl: [
    '-f',
    '-s',
    '-S',
    '-L',
    '-O',
    '-o',
    '--fail',
    '--silent',
    '--show-error',
    '--location',
    '--remote-name',
    '--output',
  ],
};

/** The call in the words of the other program; undefined where it asks for more than a file. */
function translated({ program, read, addresses, uncertain }: Download, text: string): string | undefined {
  const [address] = addresses;
  if (address === undefined || addresses.length > 1 || uncertain) return undefined;
  const known = read.flags.every(
    ({ name, value }) => plainFlags[program].includes(name) && (name !== '-n' || value?.text === 'v'),
  );
  if (!known) return undefined;
  const named = read.flags.filter(
    ({ name }) => ['-o', '--output', '--output-document'].includes(name) || (program === 'wget' && name === '-O'),
  );
  const [output] = named;
  if (named.length > 1 || (output !== undefined && output.value === undefined)) return undefined;
  const remoteName = read.flags.some(({ name }) => name === '--remote-name' || (program === 'curl' && name === '-O'));
  if (remoteName && output !== undefined) return undefined;
  const place = output?.value && text.slice(output.value.span.start, output.value.span.end);
  const url = text.slice(address.span.start, address.span.end);
  if (program === 'wget') {
    if (place === undefined) return `curl -fsSLO ${url}`;
    return output?.value?.text === '-' ? `curl -fsSL ${url}` : `curl -fsSL -o ${place} ${url}`;
  }
  if (remoteName) return `wget -q ${url}`;
  return place === undefined || output?.value?.text === '-' ? `wget -qO- ${url}` : `wget -q -O ${place} ${url}`;
}

/** The edit that makes a call of curl one of wget, or the other way round; undefined where it asks for more than a file. */
export function withOtherProgram(
  { text }: Dockerfile,
  run: RunInstruction,
  command: ShellCommand,
): TextEdit | undefined {
  const download = downloadOf(command);
  const last = command.words.at(-1);
  if (download === undefined || last === undefined || run.command.kind === 'exec') return undefined;
  const span = { start: command.nameWord.span.start, end: last.span.end };
  const inside = command.redirects.some((redirect) => redirect.span.start < span.end);
  const written = text.slice(span.start, span.end);
  const newText = inside || /[\r\n\\]/.test(written) ? undefined : translated(download, text);
  return newText === undefined ? undefined : replace(span, newText);
}
