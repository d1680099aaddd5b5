import type { ShellCommand, ShellScript } from '../shell/model.ts';
import type { MappedText } from '../text/mapped-text.ts';
import type { Located, Span } from '../text/span.ts';

/** A blank-separated word of an instruction, continuations and comment lines inside it removed. */
export interface Word {
  readonly span: Span;
  /** As written. */
  readonly text: string;
  /** Quotes and escapes taken off as BuildKit's word expansion does, variables left as they stand. */
  readonly value: string;
  /** No variable in it. */
  readonly constant: boolean;
}

/** `--name=value` before the arguments; `value` is undefined for a bare `--name`. */
export interface Flag {
  readonly span: Span;
  readonly name: Located<string>;
  readonly value: Located<string> | undefined;
}

export interface Heredoc {
  readonly name: string;
  /** The `<<EOF` word. */
  readonly span: Span;
  readonly body: Span;
  readonly content: string;
  /** False where the name is quoted. */
  readonly expand: boolean;
  /** `<<-`: leading tabs are stripped. */
  readonly chomp: boolean;
  readonly fileDescriptor: number;
}

/** One `key=value` of ENV, LABEL or ARG. `value` is undefined for `ARG name`. */
export interface KeyValue {
  readonly span: Span;
  readonly key: Word;
  readonly value: Word | undefined;
  /** `ENV key value`, the old form without `=`. */
  readonly legacy: boolean;
}

/** RUN, CMD, ENTRYPOINT, SHELL and HEALTHCHECK CMD take a JSON array or a shell line. */
export type CommandForm =
  | {
      readonly kind: 'exec';
      readonly span: Span;
      readonly words: readonly Located<string>[];
    }
  | {
      readonly kind: 'shell';
      readonly span: Span;
      readonly source: MappedText;
    };

interface InstructionCommon {
  /** From the keyword to the last character, heredoc bodies included. */
  readonly span: Span;
  /** As written. */
  readonly keyword: Located<string>;
  readonly flags: readonly Flag[];
  /** What follows keyword and flags, continuations and comment lines removed. */
  readonly arguments: MappedText;
  readonly words: readonly Word[];
  readonly heredocs: readonly Heredoc[];
  /** The arguments begin with `[` but are no JSON array of strings. */
  readonly brokenJson: Span | undefined;
  /** Blank lines inside a continuation, which builders are going to refuse. */
  readonly emptyContinuations: readonly Span[];
  /** It is the trigger of an ONBUILD. */
  readonly onbuild: boolean;
}

export interface ImageReference {
  readonly span: Span;
  /** As written, variables and all. */
  readonly text: string;
  /** After putting in the defaults of global ARGs; undefined where a variable has none. */
  readonly resolved: string | undefined;
  /** Registry host, undefined where none is written. Of `resolved`, as are the next three. */
  readonly registry: string | undefined;
  readonly repository: string | undefined;
  readonly tag: string | undefined;
  readonly digest: string | undefined;
  /** The tag's characters in the document; undefined where it comes from a variable. */
  readonly tagSpan: Span | undefined;
  /** The name without tag and digest, where it is written out. */
  readonly nameSpan: Span | undefined;
}

export interface FromInstruction extends InstructionCommon {
  readonly kind: 'from';
  /** Undefined while it is being typed. */
  readonly image: ImageReference | undefined;
  readonly alias: Located<string> | undefined;
  readonly as: Located<string> | undefined;
  readonly platform: Located<string> | undefined;
}

export interface RunInstruction extends InstructionCommon {
  readonly kind: 'run';
  readonly command: CommandForm;
  readonly mounts: readonly Mount[];
  /** The SHELL in force, which shell forms are handed to. */
  readonly shell: readonly string[];
  /**
   * What it runs: a shell form, a heredoc, the script of `sh -c` in exec form, or one command from the words of another
   * exec form (see `exec-edits.ts` for its fixes). Undefined for other shells and languages.
   */
  readonly script: ShellScript | undefined;
}

export interface Mount {
  readonly span: Span;
  readonly type: string;
  readonly properties: ReadonlyMap<string, Located<string>>;
}

export interface CopyInstruction extends InstructionCommon {
  readonly kind: 'copy' | 'add';
  readonly sources: readonly Word[];
  readonly destination: Word | undefined;
  readonly from: Located<string> | undefined;
  readonly json: boolean;
}

export interface CommandInstruction extends InstructionCommon {
  readonly kind: 'cmd' | 'entrypoint' | 'shell';
  readonly command: CommandForm;
}

export interface HealthcheckInstruction extends InstructionCommon {
  readonly kind: 'healthcheck';
  readonly none: boolean;
  readonly command: CommandForm | undefined;
}

export interface PairsInstruction extends InstructionCommon {
  readonly kind: 'env' | 'label' | 'arg';
  readonly pairs: readonly KeyValue[];
}

export interface WordsInstruction extends InstructionCommon {
  readonly kind: 'expose' | 'user' | 'workdir' | 'volume' | 'stopsignal' | 'maintainer';
}

export interface OnbuildInstruction extends InstructionCommon {
  readonly kind: 'onbuild';
  readonly trigger: Instruction | undefined;
}

export interface UnknownInstruction extends InstructionCommon {
  readonly kind: 'unknown';
}

export type Instruction =
  | FromInstruction
  | RunInstruction
  | CopyInstruction
  | CommandInstruction
  | HealthcheckInstruction
  | PairsInstruction
  | WordsInstruction
  | OnbuildInstruction
  | UnknownInstruction;

export interface Stage {
  readonly index: number;
  readonly from: FromInstruction | undefined;
  /** Lower case, as names are compared. */
  readonly name: string | undefined;
  /** The earlier stage that this one builds on. */
  readonly parent: Stage | undefined;
  /** Those after FROM; triggers of ONBUILD are inside their ONBUILD. */
  readonly instructions: readonly Instruction[];
  /** The last stage, or one that it builds on: what is left in these is shipped. */
  readonly shipped: boolean;
  /** A SHELL of PowerShell or cmd is in force somewhere in it, or the base is a Windows image. */
  readonly windows: boolean;
}

export interface Directive {
  readonly span: Span;
  readonly name: Located<string>;
  readonly value: Located<string>;
}

export interface DockerfileComment {
  readonly span: Span;
  /** Without the `#`, trimmed. */
  readonly text: string;
}

export interface DockerfileProblem {
  readonly code: string;
  readonly message: string;
  readonly span: Span;
}

export interface Dockerfile {
  readonly text: string;
  readonly escape: '\\' | '`';
  readonly directives: readonly Directive[];
  readonly comments: readonly DockerfileComment[];
  /** In order, FROMs included. */
  readonly instructions: readonly Instruction[];
  /** A file without FROM has one stage whose `from` is undefined: fragments are checked too. */
  readonly stages: readonly Stage[];
  /** Defaults of the ARGs before the first FROM. */
  readonly globalArgs: ReadonlyMap<string, string | undefined>;
  readonly problems: readonly DockerfileProblem[];
}

/** A command of a RUN with where it stands, the subject of rules about programs. */
export interface RunCommand {
  readonly command: ShellCommand;
  readonly run: RunInstruction;
  readonly stage: Stage;
  readonly dockerfile: Dockerfile;
}
