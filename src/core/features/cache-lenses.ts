import {
  type BuildContext,
  contextPath,
  contextPlace,
  contextSources,
  filesBelow,
  ignoreInForce,
} from '../dockerfile/build-context.ts';
import { isRemote } from '../dockerfile/context-copy.ts';
import { valueAt } from '../dockerfile/folders.ts';
import { type IgnoreFile, ignoredBy, readIgnoreFile } from '../dockerfile/ignore.ts';
import type { Dockerfile, Instruction, Stage } from '../dockerfile/model.ts';
import { ancestry } from '../dockerfile/stage-facts.ts';
import { stageNamed } from '../dockerfile/stage-references.ts';
import { variablesAt } from '../dockerfile/variables.ts';
import type { Span } from '../text/span.ts';

/** A line above an instruction: what makes the builder run it again. */
export interface CacheLens {
  readonly span: Span;
  readonly title: string;
}

/** What is known around a Dockerfile. */
export interface CacheSurroundings {
  readonly path: string;
  readonly around: ReadonlyMap<string, string | null>;
  readonly context?: BuildContext;
}

/** What an instruction depends on, beside its own text. */
interface Causes {
  /** Files of the build context by path. */
  readonly files: ReadonlySet<string>;
  /** There are more files than were looked at. */
  readonly more: boolean;
  /** The rest in words: arguments, addresses, stages, files where the context is not known. */
  readonly others: ReadonlySet<string>;
}

const nothing: Causes = { files: new Set(), more: false, others: new Set() };

function isNothing({ files, more, others }: Causes): boolean {
  return files.size === 0 && !more && others.size === 0;
}

function both(one: Causes, other: Causes): Causes {
  if (isNothing(one)) return other;
  if (isNothing(other)) return one;
  return {
    files: new Set([...one.files, ...other.files]),
    more: one.more || other.more,
    others: new Set([...one.others, ...other.others]),
  };
}

function words(...others: readonly string[]): Causes {
  return { ...nothing, others: new Set(others) };
}

/**
 * One line for each instruction of the image and of the stages that it builds on: `re-runs when any of 132 files changes`.
 * What is copied counts by its contents, a RUN also by the arguments in force; each step repeats what makes those before it run.
 */
export function cacheLenses(dockerfile: Dockerfile, surroundings: CacheSurroundings): readonly CacheLens[] {
  const last = dockerfile.stages.at(-1);
  if (last === undefined) return [];
  const reading = new Reading(dockerfile, surroundings);
  const steps = ancestry(last).flatMap((stage) => reading.stepsOf(stage));
  return steps.map(({ instruction, causes }, at) => {
    const title = isNothing(causes) ? never(dockerfile, steps.slice(at + 1)) : `re-runs when ${told(causes)} changes`;
    return { span: instruction.keyword.span, title };
  });
}

/** What an instruction needs to run again, beside what makes the one above it run. */
export interface Rerun {
  readonly span: Span;
  /** Undefined where the one above it decides alone, or where nothing does. */
  readonly cause: string | undefined;
  /** It runs again with the instruction above it. */
  readonly follows: boolean;
}

/** What makes the instructions of stages run again, each stage by itself: those that are only copied from as well. */
export function reruns(
  dockerfile: Dockerfile,
  surroundings: CacheSurroundings,
  stages: readonly Stage[],
): readonly (readonly Rerun[])[] {
  const reading = new Reading(dockerfile, surroundings);
  return stages.map((stage) => {
    let above = nothing;
    return reading.stepsOf(stage).map(({ instruction, causes }) => {
      const own = without(causes, above);
      const rerun = {
        span: instruction.keyword.span,
        cause: isNothing(own) ? undefined : told(own),
        follows: !isNothing(above),
      };
      above = both(above, own);
      return rerun;
    });
  });
}

function without(all: Causes, known: Causes): Causes {
  return {
    files: new Set([...all.files].filter((file) => !known.files.has(file))),
    more: all.more && !known.more,
    others: new Set([...all.others].filter((other) => !known.others.has(other))),
  };
}

interface Step {
  readonly instruction: Instruction;
  readonly causes: Causes;
}

/** What a stage hands on to what comes behind it. */
interface Inherited {
  /** Of the files so far. */
  readonly files: Causes;
  /** Of the environment and the user, which every RUN gets. */
  readonly settings: Causes;
  /** Of each variable that an ENV makes from arguments. */
  readonly variables: ReadonlyMap<string, Causes>;
}

const bare: Inherited = { files: nothing, settings: nothing, variables: new Map() };

/** The content is named by what it is: it cannot change. */
function isPinned(reference: string): boolean {
  return /@sha256:[0-9a-f]{64}$|\.git#[0-9a-f]{40}(?::|$)/.test(reference);
}

function never(dockerfile: Dockerfile, later: readonly Step[]): string {
  const next = later.find(({ instruction, causes }) => instruction.kind !== 'from' && !isNothing(causes));
  if (next === undefined) return 'never re-runs';
  const { start, end } = next.instruction.span;
  const text = dockerfile.text
    .slice(start, end)
    .split(/\s*[\\`]?\r?\n/, 1)
    .join();
  return `never re-runs from here on until ${text.length > 50 ? `${text.slice(0, 49)}…` : text}`;
}

/** `a.json or b.json`, `any of 132 files`, `src of build or the argument VERSION`. */
function told({ files, more, others }: Causes): string {
  const known = [...files];
  const count = known.length;
  const named = count <= 2 && !more ? known : [`any of ${count}${more ? ' or more' : ''} files`];
  const all = [...named, ...others];
  const shown = all.length > 3 ? [...all.slice(0, 2), `one of ${all.length - 2} other things`] : all;
  return shown.length === 1 ? (shown[0] ?? '') : `${shown.slice(0, -1).join(', ')} or ${shown.at(-1)}`;
}

class Reading {
  readonly dockerfile: Dockerfile;
  readonly context: BuildContext | undefined;
  readonly ignore: IgnoreFile | undefined;
  readonly ends = new Map<Stage, Inherited>();
  readonly steps = new Map<Stage, readonly Step[]>();

  constructor(dockerfile: Dockerfile, { path, around, context }: CacheSurroundings) {
    this.dockerfile = dockerfile;
    const here = context !== undefined && contextPlace(dockerfile, context) !== 'elsewhere';
    this.context = here ? context : undefined;
    this.ignore = ignoreInForce(path, around)?.file;
  }

  stepsOf(stage: Stage): readonly Step[] {
    const known = this.steps.get(stage);
    if (known !== undefined) return known;
    // A stage that copies from itself ends here.
    this.steps.set(stage, []);
    const from = stage.parent ? this.endOf(stage.parent) : bare;
    const variables = new Map(from.variables);
    let { files, settings } = from;
    const steps: Step[] = [];
    if (stage.from?.image !== undefined && stage.parent === undefined) {
      const { text } = stage.from.image;
      const fixed = isPinned(text) || text === 'scratch';
      steps.push({ instruction: stage.from, causes: fixed ? nothing : words(`the image ${text}`) });
    }
    for (const instruction of stage.instructions) {
      const { kind } = instruction;
      if (kind === 'onbuild' || kind === 'unknown') continue;
      const own = this.ownCauses(instruction, variables);
      const linked = kind === 'copy' && instruction.flags.some(({ name }) => name.value === 'link');
      const causes = kind === 'run' ? both(files, both(own, settings)) : linked ? own : both(files, own);
      steps.push({ instruction, causes });
      if (kind === 'run' || kind === 'copy' || kind === 'add' || kind === 'workdir') files = both(files, causes);
      else if (kind === 'env' || kind === 'user') settings = both(settings, own);
      if (kind === 'env') {
        for (const { key, value } of instruction.pairs)
          variables.set(key.value, this.namedIn(instruction, value?.text ?? '', variables));
      }
    }
    this.steps.set(stage, steps);
    this.ends.set(stage, { files, settings, variables });
    return steps;
  }

  endOf(stage: Stage): Inherited {
    this.stepsOf(stage);
    return this.ends.get(stage) ?? bare;
  }

  ownCauses(instruction: Instruction, variables: ReadonlyMap<string, Causes>): Causes {
    let causes = this.argumentCauses(instruction, variables);
    if (instruction.kind === 'copy' || instruction.kind === 'add') {
      const { from } = instruction;
      const checked = instruction.flags.some(({ name }) => name.value === 'checksum');
      for (const { value } of from === undefined && !checked ? instruction.sources.filter(isRemote) : [])
        if (!isPinned(value)) causes = both(causes, words(value));
      for (const { constant, text, value } of contextSources(instruction)) {
        const path = constant ? value : (valueAt(this.dockerfile, instruction, text) ?? value);
        causes = both(causes, this.fileCauses(path));
      }
      if (from !== undefined)
        for (const source of instruction.sources) causes = both(causes, this.stageCauses(from.value, source.value));
    } else if (instruction.kind === 'run') {
      for (const { type, properties } of instruction.mounts) {
        const source = properties.get('source')?.value ?? '.';
        const from = properties.get('from')?.value;
        if (type !== 'bind') continue;
        causes = both(causes, from === undefined ? this.fileCauses(source) : this.stageCauses(from, source));
      }
    }
    return causes;
  }

  /** A RUN sees all arguments as its environment; the others only where they are written. */
  argumentCauses(instruction: Instruction, variables: ReadonlyMap<string, Causes>): Causes {
    if (instruction.kind === 'arg') return words(...instruction.pairs.map(({ key }) => `the argument ${key.value}`));
    if (instruction.kind === 'run') {
      const seen = variablesAt(this.dockerfile, instruction);
      const names = seen.names().filter((name) => seen.get(name)?.kind === 'arg');
      return words(...names.map((name) => `the argument ${name}`));
    }
    const flags = instruction.flags.map(({ value }) => value?.value ?? '');
    const bodies = instruction.heredocs.map(({ expand, content }) => (expand ? content : ''));
    return this.namedIn(instruction, [instruction.arguments.text, ...flags, ...bodies].join(' '), variables);
  }

  /** The arguments that a text names, itself or by variables that were made from them. */
  namedIn(instruction: Instruction, text: string, variables: ReadonlyMap<string, Causes>): Causes {
    if (!text.includes('$')) return nothing;
    const seen = variablesAt(this.dockerfile, instruction);
    let causes = nothing;
    for (const [, name = ''] of text.matchAll(/\$\{?(\w+)/g)) {
      const kind = seen.get(name)?.kind;
      if (kind === 'arg') causes = both(causes, words(`the argument ${name}`));
      else if (kind === 'env') causes = both(causes, variables.get(name) ?? nothing);
    }
    return causes;
  }

  fileCauses(source: string): Causes {
    const path = contextPath(source);
    if (path === undefined || source === '') return nothing;
    const { context, ignore } = this;
    if (context === undefined || path.includes('$'))
      return words(path === '.' || path === '*' ? 'any file of the build context' : path);
    if (!/[*?[\\]/.test(path)) {
      const { files, more } = filesBelow(context, ignore, path);
      return { files: new Set(files), more, others: new Set() };
    }
    const glob = readIgnoreFile(path);
    const { files, more } = filesBelow(context, ignore, '.');
    return {
      files: new Set(files.filter((file) => ignoredBy(glob, file))),
      more: more && path === '*',
      others: new Set(),
    };
  }

  stageCauses(from: string, path: string): Causes {
    if (from.includes('$')) return words(`${path} of ${from}`);
    const stage = stageNamed(this.dockerfile, from);
    if (stage === undefined) return isPinned(from) ? nothing : words(`the image ${from}`);
    const end = this.endOf(stage).files;
    return isNothing(end) ? nothing : words(`${path} of ${from} (made from ${told(end)})`);
  }
}
