import type { MappedText } from '../text/mapped-text.ts';
import type { Span } from '../text/span.ts';

/** One word of a command, in offsets of the Dockerfile (or whatever text the script stands in). */
export interface ShellWord {
  readonly span: Span;
  /** As written, continuations removed. */
  readonly source: string;
  /** Quotes taken off. Only meaningful where `constant`. */
  readonly value: string;
  /** No variable, command substitution, glob or brace in it. */
  readonly constant: boolean;
}

export interface ShellRedirect {
  readonly operator: string;
  readonly target: ShellWord | undefined;
  readonly span: Span;
}

/**
 * A simple command, found wherever it stands: in lists, pipelines, groups, loops, conditions, substitutions.
 * Wrappers (`sudo`, `env`, `exec`, `time`, `nice`, `nohup`, `xargs`, `timeout`, `eatmydata`) and assignments before the name are taken off.
 */
export interface ShellCommand {
  /** From the name to the last word or redirect; assignments and wrappers excluded. */
  readonly span: Span;
  /** Base name of the program, `''` where it is not constant. */
  readonly name: string;
  readonly nameWord: ShellWord;
  /** Everything after the name, in order. */
  readonly words: readonly ShellWord[];
  readonly assignments: readonly {
    readonly name: string;
    readonly value: ShellWord | undefined;
    readonly span: Span;
  }[];
  readonly redirects: readonly ShellRedirect[];
  /** Wrappers that were taken off, outermost first. */
  readonly wrappers: readonly string[];
  /**
   * Which list of commands it stands in (`a && b; c`): commands with the same number follow one another.
   * 0 is the script's own top level.
   */
  readonly list: number;
  /** What joins it to the command before it in its list. */
  readonly joined: '' | '&&' | '||' | '|' | ';' | '&';
  /** It is only run on some paths: inside `if`, `case`, a loop's body, or after `||`. */
  readonly conditional: boolean;
}

export interface ShellScript {
  /** The script's place in the document. */
  readonly span: Span;
  /** What the shell is given; undefined where a program is called without one. */
  readonly text: MappedText | undefined;
  readonly commands: readonly ShellCommand[];
  readonly problems: readonly {
    readonly span: Span;
    readonly message: string;
  }[];
}
