import type { ShellWord } from './model.ts';

/** A program that runs the command in its own arguments. */
interface Wrapper {
  /** Its flags that take the next word as their value. */
  readonly takesValue?: readonly string[];
  /** How many words of its own stand before the command: timeout's duration. */
  readonly positionals?: number;
  /** It takes `NAME=value` before the command. */
  readonly assigns?: boolean;
  /** With one of these flags it runs nothing. */
  readonly notWith?: readonly string[];
}

const WRAPPERS: Readonly<Record<string, Wrapper>> = {
  sudo: {
    takesValue: [
      '-u',
      '-g',
      '-h',
      '-p',
      '-C',
      '-r',
      '-t',
      '-T',
      '-U',
      '-D',
      '-R',
      '--user',
      '--group',
      '--host',
      '--prompt',
      '--chdir',
      '--chroot',
      '--role',
      '--type',
      '--close-from',
    ],
    assigns: true,
    notWith: ['-l', '-v', '-e', '-k', '-K', '--list', '--validate', '--edit'],
  },
  doas: { takesValue: ['-u', '-C'] },
  env: { takesValue: ['-u', '-C', '--unset', '--chdir'], assigns: true, notWith: ['-S', '--split-string'] },
  exec: { takesValue: ['-a'] },
  command: { notWith: ['-v', '-V'] },
  builtin: {},
  time: { takesValue: ['-f', '-o', '--format', '--output'] },
  nice: { takesValue: ['-n', '--adjustment'] },
  ionice: { takesValue: ['-c', '-n', '--class', '--classdata'], notWith: ['-p', '--pid'] },
  nohup: {},
  setsid: {},
  stdbuf: { takesValue: ['-i', '-o', '-e', '--input', '--output', '--error'] },
  timeout: { takesValue: ['-s', '-k', '--signal', '--kill-after'], positionals: 1 },
  eatmydata: {},
  fakeroot: {},
  gosu: { positionals: 1 },
  'su-exec': { positionals: 1 },
  tini: { takesValue: ['-p', '-e'] },
  'dumb-init': {},
  busybox: { notWith: ['--install', '--list'] },
  xargs: {
    takesValue: [
      '-I',
      '-L',
      '-n',
      '-P',
      '-s',
      '-a',
      '-d',
      '-E',
      '--max-args',
      '--max-procs',
      '--max-lines',
      '--max-chars',
      '--arg-file',
      '--delimiter',
      '--replace',
    ],
  },
};

/** The words of a command with what wrapped it taken off. `words` keeps at least the name. */
export interface Unwrapped {
  readonly words: readonly ShellWord[];
  /** Outermost first. */
  readonly wrappers: readonly string[];
  /** `NAME=value` words that stood between a wrapper and the command. */
  readonly assignments: readonly ShellWord[];
}

/** The base name of a program, `''` where its word is not constant. */
export function baseName(word: ShellWord | undefined): string {
  return word?.constant ? word.value.slice(word.value.lastIndexOf('/') + 1) : '';
}

export function unwrap(all: readonly ShellWord[]): Unwrapped {
  let words = all;
  const wrappers: string[] = [];
  const assignments: ShellWord[] = [];
  for (;;) {
    const name = baseName(words[0]);
    const wrapper = Object.hasOwn(WRAPPERS, name) ? WRAPPERS[name] : undefined;
    const inner = wrapper && innerCommand(words, wrapper);
    if (inner === undefined) return { words, wrappers, assignments };
    wrappers.push(name);
    assignments.push(...inner.assignments);
    words = inner.words;
  }
}

function innerCommand(
  words: readonly ShellWord[],
  wrapper: Wrapper,
): { readonly words: readonly ShellWord[]; readonly assignments: readonly ShellWord[] } | undefined {
  let at = 1;
  for (; at < words.length; at++) {
    const text = words[at]?.value ?? '';
    if (!/^-./.test(text)) break;
    if (wrapper.notWith?.includes(text)) return undefined;
    if (text === '--') {
      at++;
      break;
    }
    // `-Eu root`: the last of several short flags may take the value.
    const last = text.startsWith('--') ? text : `-${text.slice(-1)}`;
    if (wrapper.takesValue?.includes(last) && !text.includes('=')) at++;
  }
  const assignments: ShellWord[] = [];
  for (; wrapper.assigns && /^[A-Za-z_]\w*=/.test(words[at]?.source ?? ''); at++) {
    const word = words[at];
    if (word !== undefined) assignments.push(word);
  }
  const inner = words.slice(at + (wrapper.positionals ?? 0));
  return inner.length === 0 ? undefined : { words: inner, assignments };
}
