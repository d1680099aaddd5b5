import type { Span } from '../text/span.ts';
import type { ShellWord } from './model.ts';

/** One flag of a command. Of `-qy` there are two, with the same word. */
export interface ShellFlag {
  /** With its dashes: `-y`, `--no-cache`. */
  readonly name: string;
  readonly value: FlagValue | undefined;
  readonly word: ShellWord;
}

export interface FlagValue {
  /** Quotes taken off; only meaningful where `constant`. */
  readonly text: string;
  readonly constant: boolean;
  readonly span: Span;
}

export interface FlagOptions {
  /** Flags, with their dashes, that take the next word as their value where none is attached. */
  readonly takesValue?: ReadonlySet<string>;
  /** Flags with one dash are whole words (`-ldflags`), not letters put together. */
  readonly singleDashWords?: boolean;
}

export interface ReadFlags {
  readonly flags: readonly ShellFlag[];
  /** Words that are neither flags nor their values, in order. */
  readonly positionals: readonly ShellWord[];
}

const none: ReadonlySet<string> = new Set();

/** Tells a command's flags from its other words. `--` ends the flags; a word with a variable counts by how it begins. */
export function readFlags(words: readonly ShellWord[], options: FlagOptions = {}): ReadFlags {
  const flags: ShellFlag[] = [];
  const positionals: ShellWord[] = [];
  const { takesValue = none, singleDashWords = false } = options;
  for (let at = 0; at < words.length; at++) {
    const word = words[at];
    if (word === undefined) break;
    if (word.value === '--' && word.constant) {
      positionals.push(...words.slice(at + 1));
      break;
    }
    if (!word.value.startsWith('-') || word.value === '-') {
      positionals.push(word);
      continue;
    }
    if (word.value.startsWith('--') || singleDashWords) flags.push(longFlag(word));
    else addShortFlags(flags, word, takesValue);
    const last = flags.at(-1);
    const next = words[at + 1];
    if (last !== undefined && last.value === undefined && takesValue.has(last.name) && next !== undefined) {
      flags[flags.length - 1] = { ...last, value: { text: next.value, constant: next.constant, span: next.span } };
      at++;
    }
  }
  return { flags, positionals };
}

/** The first flag that goes by one of the names. */
export function findFlag(read: ReadFlags, ...names: readonly string[]): ShellFlag | undefined {
  return read.flags.find((flag) => names.includes(flag.name));
}

function longFlag(word: ShellWord): ShellFlag {
  const cut = word.value.indexOf('=');
  if (cut < 0) return { name: word.value, value: undefined, word };
  return { name: word.value.slice(0, cut), value: attached(word, cut + 1), word };
}

function addShortFlags(flags: ShellFlag[], word: ShellWord, takesValue: ReadonlySet<string>): void {
  for (let at = 1; at < word.value.length; at++) {
    const name = `-${word.value.charAt(at)}`;
    const rest = word.value.slice(at + 1);
    if (rest !== '' && (takesValue.has(name) || rest.startsWith('='))) {
      flags.push({ name, value: attached(word, rest.startsWith('=') ? at + 2 : at + 1), word });
      break;
    }
    flags.push({ name, value: undefined, word });
  }
}

/** The part of a word behind `from`; its span is the whole word's where quotes or continuations shift the characters. */
function attached(word: ShellWord, from: number): FlagValue {
  const exact = word.source === word.value && word.span.end - word.span.start === word.source.length;
  const span = exact ? { start: word.span.start + from, end: word.span.end } : word.span;
  return { text: word.value.slice(from), constant: word.constant, span };
}
