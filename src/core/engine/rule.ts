import type { ComposeFile, ComposeService } from '../compose/model.ts';
import type { BuildContext } from '../dockerfile/build-context.ts';
import type { Feature } from '../dockerfile/features.ts';
import type { Dockerfile, Instruction, RunCommand, Stage } from '../dockerfile/model.ts';
import type { ShellCheckResults } from '../dockerfile/shellcheck.ts';
import type { ImageKnowledge } from '../images/catalogue.ts';
import type {
  Container,
  KubernetesFile,
  KubernetesObject,
  NeighbourObject,
  PlacedObject,
  Workload,
} from '../kubernetes/model.ts';
import type { TextEdit } from '../text/edit.ts';
import type { Span } from '../text/span.ts';
import type { YamlDocument } from '../yaml/node.ts';
import type { ConfigurationProblem } from './configuration.ts';
import type { Settings, Severity } from './settings.ts';
import type { IdleSuppression } from './suppression.ts';

/** What a rule can be about. The engine walks a document once and calls each rule with its subjects. */
export interface Subjects {
  readonly dockerfile: Dockerfile;
  readonly stage: { readonly stage: Stage; readonly dockerfile: Dockerfile };
  /** Triggers of ONBUILD are visited too. */
  readonly instruction: {
    readonly instruction: Instruction;
    readonly stage: Stage | undefined;
    readonly dockerfile: Dockerfile;
  };
  readonly 'run-command': RunCommand;
  readonly 'compose-file': ComposeFile;
  readonly 'compose-service': ComposeService;
  readonly 'kubernetes-object': KubernetesObject;
  readonly workload: Workload;
  readonly container: Container;
  /** All objects of the file. Yields must say `offset`, the start of the object's document. */
  readonly 'kubernetes-file': KubernetesFile;
  /** Each document of a Kubernetes or Compose file. */
  readonly 'yaml-document': YamlDocument;
  /** What Kustomize reads in a folder. */
  readonly kustomization: YamlDocument;
  /** Each document of a Helm chart's values. */
  readonly 'helm-values': YamlDocument;
  /** Our own suppressions that silenced nothing, after all other rules have run. */
  readonly suppressions: readonly IdleSuppression[];
  /** What is wrong in a `.plimsoll.yaml`. */
  readonly settings: readonly ConfigurationProblem[];
}

export type SubjectName = keyof Subjects;

/**
 * `safe`: nothing that is built or run changes; goes into fix-all and on-save.
 * `suggested`: behaviour may change; a person chooses it.
 * `manual`: inserts something to complete.
 */
export type Safety = 'safe' | 'suggested' | 'manual';

/** Values for the `{names}` in a message or a title. */
export type MessageData = Readonly<Record<string, string | number>>;

export interface ProposedFix<Title extends string> {
  readonly title: Title;
  /** For the title, beside the finding's own data. */
  readonly data?: MessageData;
  readonly safety: Safety;
  readonly edits: readonly TextEdit[];
  /** A file to create beside the checked one; its path is relative to it. */
  readonly creates?: CreatedFile;
}

export interface CreatedFile {
  readonly path: string;
  readonly text: string;
  /** The file's text until now, where it is there already and gets a new one. */
  readonly replaces?: string;
}

export interface Proposal<Message extends string, Title extends string> {
  readonly message: Message;
  readonly data?: MessageData;
  readonly span: Span;
  /** The first is the preferred one. */
  readonly fixes?: readonly ProposedFix<Title>[];
  /** The same for what takes some work to make: it is made when somebody asks for the finding's fixes. */
  readonly lateFixes?: () => readonly ProposedFix<Title>[];
  /** Instead of the rule's own, where a case is milder. */
  readonly severity?: Severity;
  /** Where else to look: in the same document, in that of `neighbour`, or in a file that is read as mere text. */
  readonly related?: readonly {
    readonly span: Span;
    readonly message: Message;
    readonly neighbour?: PlacedObject | NeighbourObject;
    readonly file?: { readonly path: string; readonly text: string };
  }[];
  /** Added to every span; for rules about a whole file. */
  readonly offset?: number;
  /** Those of the rule's own sources that report this too; all of them where nothing is said. */
  readonly peers?: readonly string[];
  /** Beside the rule's own, where one rule stands for many of a peer. */
  readonly sources?: readonly string[];
}

export interface Option {
  readonly type: 'boolean' | 'string' | 'number' | 'string[]';
  readonly default: boolean | string | number | readonly string[];
  readonly description: string;
  /** The key of a `.hadolint.yaml` that says the same. A mapping there becomes a list of `key=value`. */
  readonly hadolint?: string;
}

export type OptionValues<Options extends Readonly<Record<string, Option>>> = {
  readonly [Name in keyof Options]: Options[Name]['default'] extends boolean
    ? boolean
    : Options[Name]['default'] extends number
      ? number
      : Options[Name]['default'] extends string
        ? string
        : readonly string[];
};

export interface Example {
  /** Decides how it is read: `Dockerfile`, `compose.yaml`, or any other `*.yaml` for Kubernetes. */
  readonly file: string;
  /** Gives exactly one finding of the rule. */
  readonly bad: string;
  /** Gives none. Where the finding has a fix, it is what the first fix makes of `bad`. */
  readonly good: string;
  /** A `.plimsoll.yaml` that it needs. */
  readonly settings?: string;
  /** Files beside it that it needs, by path: its build context. */
  readonly around?: Readonly<Record<string, string>>;
}

export type Topic =
  | 'correctness'
  | 'base image'
  | 'packages'
  | 'build cache'
  | 'size'
  | 'security'
  | 'network'
  | 'runtime'
  | 'resources'
  | 'reliability'
  | 'configuration'
  | 'style';

export interface RuleMeta<
  Message extends string,
  Title extends string,
  Options extends Readonly<Record<string, Option>>,
> {
  /** `group/name`: also the file, the fixture folder and the settings key. */
  readonly id: `${'dockerfile' | 'compose' | 'kubernetes' | 'file'}/${string}`;
  /** Rows of the catalogue that it covers. */
  readonly rows: readonly string[];
  /** One sentence. */
  readonly summary: string;
  /** A short paragraph, for the rule's page. */
  readonly why: string;
  readonly severity: Severity;
  /** Off unless the profile is `strict` or a person turns it on. */
  readonly optional?: true;
  /** The level of the Pod Security Standards that asks for it: off where the settings choose a lower one. */
  readonly podSecurity?: 'baseline' | 'restricted';
  /** How an editor shows the text beside underlining it: struck out, or faded. */
  readonly look?: 'deprecated' | 'unnecessary';
  readonly topic: Topic;
  /** Text with `{names}` of data in it. */
  readonly messages: Readonly<Record<Message, string>>;
  /** Titles of fixes, the same way. */
  readonly titles: Readonly<Record<Title, string>>;
  readonly fix: 'always' | 'sometimes' | 'never';
  readonly examples: readonly Example[];
  readonly options: Options;
  /** `peer id`: honoured in that peer's own suppression comments too. */
  readonly sources: readonly string[];
}

export interface RuleContext<Options> {
  readonly options: Options;
  readonly settings: Settings;
  readonly file: CheckedFile;
}

/** The file under check and what is known around it. */
export interface CheckedFile {
  /** With `/`, as the host names it. */
  readonly path: string;
  /**
   * Text of files around it by relative path; null where one is known to be absent. A path that is no key is unknown,
   * and a rule that needs it is silent.
   */
  readonly around: ReadonlyMap<string, string | null>;
  /** What is in the folder of the Dockerfile or Compose file, where the host has listed it. */
  readonly context?: BuildContext;
  /** The paths of the workspace's YAML files, for kustomizations; undefined where they are not known. */
  readonly paths?: readonly string[];
  /** What is known of official images, once it has been loaded. */
  readonly images?: ImageKnowledge;
  /** Names of images whose tag or digest a kustomization sets. */
  readonly retagged?: ReadonlySet<string>;
  /** What ShellCheck said, where it was asked; see `dockerfile/shellcheck.ts`. */
  readonly shellcheck?: ShellCheckResults;
  /**
   * What one document may need from another of its file: the LimitRanges. A rule about anything else beside its own
   * document has `kubernetes-file` as its subject, since findings in a document are kept until it or these change.
   */
  readonly kubernetes: KubernetesFile;
}

/** Names of programs, or what tells whether one is meant. */
export type ProgramNames = readonly string[] | ((name: string) => boolean);

/** What `check` is called with: an instruction is of the kinds that the rule looks at. */
type SubjectOf<Name extends SubjectName, Only extends string> = Name extends 'instruction'
  ? Subjects['instruction'] & { readonly instruction: { readonly kind: Only } }
  : Subjects[Name];

export interface RuleDefinition<
  Name extends SubjectName,
  Message extends string,
  Title extends string,
  Options extends Readonly<Record<string, Option>>,
  Only extends string,
> {
  readonly meta: RuleMeta<Message, Title, Options>;
  /**
   * The kinds of instruction, or the names of commands, that it looks at; all of them where it does not say. A rule about
   * a stage or the file is left out where the file has none of these.
   */
  readonly only?: readonly Only[];
  /** A `run-command` is one of these; of a RUN as `instruction`, its script calls one of them at least, or else one of the file's does. */
  readonly calls?: ProgramNames;
  /** About a Dockerfile: it is left out where the text has none of these, or no match, to spare work. */
  readonly mentions?: readonly (string | RegExp)[];
  /** It is left out where the Dockerfile has none of these. */
  readonly beside?: readonly Feature[];
  /**
   * About a Dockerfile: what must be known or wanted beside it; it is left out where this is false. Rules that ask for
   * the same share the function, which is called once for them.
   */
  given?(context: RuleContext<OptionValues<Options>>): boolean;
  /** A quick look at whether there may be anything to say: `check` is not called where there is not. */
  when?(subject: SubjectOf<Name, Only>, context: RuleContext<OptionValues<Options>>): boolean;
  check(
    subject: SubjectOf<Name, Only>,
    context: RuleContext<OptionValues<Options>>,
  ): Iterable<Proposal<NoInfer<Message>, NoInfer<Title>>>;
}

/** A rule as the engine runs it, its own types forgotten. */
export interface Rule {
  readonly subject: SubjectName;
  readonly meta: RuleMeta<string, string, Readonly<Record<string, Option>>>;
  readonly only?: readonly string[] | undefined;
  readonly calls?: ProgramNames | undefined;
  readonly mentions?: readonly (string | RegExp)[] | undefined;
  readonly beside?: readonly string[] | undefined;
  readonly given?: ((context: RuleContext<never>) => boolean) | undefined;
  readonly when?: ((subject: never, context: RuleContext<never>) => boolean) | undefined;
  check(subject: never, context: RuleContext<never>): Iterable<Proposal<string, string>>;
}

/** For `given`: official images are known. */
export function knowsImages({ file }: { readonly file: CheckedFile }): boolean {
  return file.images !== undefined;
}

/** For `given`: the folder of the build context is listed. */
export function knowsContext({ file }: { readonly file: CheckedFile }): boolean {
  return file.context !== undefined;
}

/** Ties a rule to its subject and checks that it only yields messages and titles that it has. */
export function defineRule<
  const Name extends SubjectName,
  const Message extends string,
  const Title extends string,
  const Options extends Readonly<Record<string, Option>>,
  const Only extends Name extends 'run-command' ? string : Instruction['kind'] = Name extends 'run-command'
    ? string
    : Instruction['kind'],
>(subject: Name, definition: RuleDefinition<Name, Message, Title, Options, Only>): Rule {
  const { meta, only, calls, mentions, beside, given, when, check } = definition;
  return { subject, meta, only, calls, mentions, beside, given, when, check };
}
