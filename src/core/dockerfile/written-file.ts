import type { ShellCommand, ShellWord } from '../shell/model.ts';
import type { RunInstruction } from './model.ts';

/** A file that a RUN does nothing but write, its text known to the last character. */
export interface WrittenFile {
  /** As written, without quotes. */
  readonly path: string;
  readonly text: string;
  /** What `chmod` gives it afterwards, in octal digits. */
  readonly mode: string | undefined;
}

/** What `echo` prints in every shell; undefined where shells differ, as over backslashes. */
function echoed(words: readonly ShellWord[]): string | undefined {
  if (words.some(({ value }) => value.includes('\\'))) return undefined;
  const [first, ...others] = words.map(({ value }) => value);
  if (first === '-n') return others.join(' ');
  return first !== undefined && /^-[neE]+$/.test(first) ? undefined : `${[first, ...others].join(' ')}\n`;
}

const plain = /\\[nt\\]|%[s%]/g;
const escapes: Readonly<Record<string, string>> = { '\\n': '\n', '\\t': '\t', '\\\\': '\\', '%%': '%' };

/** What `printf` prints, of formats with nothing but `%s` and the plain escapes in them. */
function printed([format, ...values]: readonly ShellWord[]): string | undefined {
  if (format === undefined || /^-|[\\%]/.test(format.value.replace(plain, ''))) return undefined;
  const places = format.value.match(/%s/g)?.length ?? 0;
  if (places === 0 && values.length > 0) return undefined;
  let at = 0;
  let text = '';
  // The format is used again for as long as there are values.
  do {
    text += format.value.replace(plain, (found) => escapes[found] ?? values[at++]?.value ?? '');
  } while (at < values.length);
  return text;
}

/** What a command writes into its here-document's reader, where the shell puts nothing in. */
function copied(run: RunInstruction, command: ShellCommand): string | undefined {
  const [heredoc, other] = run.heredocs;
  if (heredoc === undefined || other !== undefined || command.words.length > 0) return undefined;
  if (!command.redirects.some(({ operator }) => operator.startsWith('<<'))) return undefined;
  const { content, chomp, expand } = heredoc;
  if (expand && /[$`\\]/.test(content)) return undefined;
  return chomp ? content.replace(/^\t+/gm, '') : content;
}

function textOf(run: RunInstruction, command: ShellCommand): string | undefined {
  if (!command.words.every(({ constant }) => constant)) return undefined;
  switch (command.name) {
    case 'echo':
      return echoed(command.words);
    case 'printf':
      return printed(command.words);
    case 'cat':
      return copied(run, command);
    default:
      return undefined;
  }
}

/** The mode that `chmod` gives to a file that was just made. */
function modeOf({ words }: ShellCommand, path: string): string | undefined {
  const [mode, target, more] = words;
  if (mode === undefined || target?.value !== path || !target.constant || more !== undefined) return undefined;
  if (/^0?[0-7]{3}$/.test(mode.value)) return mode.value.padStart(4, '0');
  return /^a?\+x$/.test(mode.value) ? '0755' : undefined;
}

/** The file that a RUN writes, where all of its commands are about that one file, and none of its text comes from a variable. */
export function writtenFile(run: RunInstruction): WrittenFile | undefined {
  const { script, flags, command, onbuild } = run;
  if (script === undefined || script.problems.length > 0 || flags.length > 0 || command.kind === 'exec' || onbuild)
    return undefined;
  let path: string | undefined;
  let text = '';
  let mode: string | undefined;
  for (const [at, one] of script.commands.entries()) {
    if (one.list !== 0 || one.conditional || one.wrappers.length + one.assignments.length > 0) return undefined;
    if (one.joined === '|' || one.joined === '&' || mode !== undefined) return undefined;
    if (one.name === 'chmod' && path !== undefined && one.redirects.length === 0) {
      mode = modeOf(one, path);
      if (mode === undefined) return undefined;
      continue;
    }
    const outputs = one.redirects.filter(({ operator }) => !operator.startsWith('<<'));
    const [output, other] = outputs;
    const target = output?.target;
    const part = textOf(run, one);
    if (output === undefined || other !== undefined || target?.constant !== true || part === undefined)
      return undefined;
    if (output.operator !== (at === 0 ? '>' : '>>') || (path !== undefined && target.value !== path)) return undefined;
    path = target.value;
    text += part;
  }
  return path === undefined ? undefined : { path, text, mode };
}
