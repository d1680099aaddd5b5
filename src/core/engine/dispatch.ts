import type { Dockerfile, Instruction } from '../dockerfile/model.ts';
import { instructionsOf, programsCalled, runCommandsOf } from '../dockerfile/subjects.ts';
import { onceFor } from '../text/once-for.ts';
import type { ActiveRule, ActiveRules } from './active.ts';
import type { ProgramNames, Rule } from './rule.ts';
import type { Visit } from './run.ts';

/** The rules that want a visit, worked out once for each kind of instruction and each program, not for each file. */
interface Dispatch {
  /** By kind, without those that ask for a program. */
  readonly instructions: Map<string, readonly ActiveRule[]>;
  /** Rules about a RUN that calls a program, by its name. */
  readonly callers: Map<string, readonly ActiveRule[]>;
  /** By program. */
  readonly commands: Map<string, readonly ActiveRule[]>;
  /** By the kinds of instruction that a file has, see `bits`. */
  readonly files: Map<number, FileRules>;
  /** What rules ask for in a file's text. */
  readonly words: readonly string[];
}

/** What there is to do in files that have the same kinds of instruction. */
interface FileRules {
  /** Those that ask for a kind that is not there. */
  readonly idle: readonly ActiveRule[];
  /** Those that ask for a program in the file, or a word. */
  readonly unsure: readonly { readonly entry: ActiveRule; readonly words: readonly number[] | undefined }[];
}

/** The active rules that are to be called with a visit. */
export type RulesFor = (visit: Visit) => readonly ActiveRule[];

const none: readonly ActiveRule[] = [];

const bits: Readonly<Record<Instruction['kind'], number>> = {
  from: 1,
  run: 2,
  cmd: 4,
  label: 8,
  maintainer: 16,
  expose: 32,
  env: 64,
  add: 128,
  copy: 256,
  entrypoint: 512,
  volume: 1024,
  user: 2048,
  workdir: 4096,
  arg: 8192,
  onbuild: 16384,
  stopsignal: 32768,
  healthcheck: 65536,
  shell: 131072,
  unknown: 262144,
};

function bitsOf(kinds: readonly string[]): number {
  return kinds.reduce((all, kind) => all | (bits[kind as Instruction['kind']] ?? 0), 0);
}

const subjects = ['dockerfile', 'stage', 'instruction', 'run-command'] as const;

const dispatchOf = onceFor((active: ActiveRules): Dispatch => {
  const words = new Set<string>();
  for (const subject of subjects)
    for (const { rule } of active.get(subject) ?? none) for (const word of rule.mentions ?? []) words.add(word);
  return {
    instructions: new Map(),
    callers: new Map(),
    commands: new Map(),
    files: new Map(),
    words: [...words],
  };
});

function isWhole({ subject }: Rule): boolean {
  return subject === 'dockerfile' || subject === 'stage';
}

function fileRules(active: ActiveRules, { files, words }: Dispatch, kinds: number): FileRules {
  const idle: ActiveRule[] = [];
  const unsure: { entry: ActiveRule; words: readonly number[] | undefined }[] = [];
  for (const subject of subjects) {
    for (const entry of active.get(subject) ?? none) {
      const { only, calls, mentions, beside } = entry.rule;
      const whole = isWhole(entry.rule);
      if (whole && only !== undefined && (bitsOf(only) & kinds) === 0) idle.push(entry);
      else if (beside !== undefined && (bitsOf(beside) & kinds) === 0) idle.push(entry);
      else if (mentions !== undefined || (whole && calls !== undefined))
        unsure.push({ entry, words: mentions?.map((word) => words.indexOf(word)) });
    }
  }
  const made = { idle, unsure };
  files.set(kinds, made);
  return made;
}

/** As many programs as are remembered: a repository has hundreds. */
const MOST_PROGRAMS = 5000;

function means(names: ProgramNames, name: string): boolean {
  return typeof names === 'function' ? names(name) : names.includes(name);
}

function remember(
  known: Map<string, readonly ActiveRule[]>,
  key: string,
  entries: readonly ActiveRule[] | undefined,
  wants: (rule: Rule) => boolean,
): readonly ActiveRule[] {
  if (known.size >= MOST_PROGRAMS) known.clear();
  const made = (entries ?? none).filter(({ rule }) => wants(rule));
  known.set(key, made);
  return made;
}

function aboutCommand(active: ActiveRules, { commands }: Dispatch, name: string): readonly ActiveRule[] {
  return remember(commands, name, active.get('run-command'), ({ only, calls }) => {
    return (only === undefined || only.includes(name)) && (calls === undefined || means(calls, name));
  });
}

function aboutKind(active: ActiveRules, { instructions }: Dispatch, kind: string): readonly ActiveRule[] {
  return remember(instructions, kind, active.get('instruction'), ({ only, calls }) => {
    return (only === undefined || only.includes(kind)) && (kind !== 'run' || calls === undefined);
  });
}

function aboutCaller(active: ActiveRules, { callers }: Dispatch, name: string): readonly ActiveRule[] {
  return remember(callers, name, active.get('instruction'), ({ only, calls }) => {
    return (only === undefined || only.includes('run')) && calls !== undefined && means(calls, name);
  });
}

/** The rules that have nothing to look for in a Dockerfile. */
function idleIn(active: ActiveRules, dispatch: Dispatch, dockerfile: Dockerfile): ReadonlySet<ActiveRule> {
  let kinds = 0;
  for (const { instruction } of instructionsOf(dockerfile)) kinds |= bits[instruction.kind];
  const { idle, unsure } = dispatch.files.get(kinds) ?? fileRules(active, dispatch, kinds);
  const { text } = dockerfile;
  const there = dispatch.words.map((word) => text.includes(word));
  const programs = new Set<string>();
  for (const { command } of runCommandsOf(dockerfile)) programs.add(command.name);
  const found = new Set(idle);
  for (const { entry, words } of unsure) {
    const { calls } = entry.rule;
    if (words !== undefined && !words.some((at) => there[at])) found.add(entry);
    else if (calls !== undefined && isWhole(entry.rule) && !isCalled(calls, programs)) found.add(entry);
  }
  return found;
}

function isCalled(names: ProgramNames, programs: ReadonlySet<string>): boolean {
  if (typeof names !== 'function') return names.some((name) => programs.has(name));
  for (const program of programs) if (names(program)) return true;
  return false;
}

/** Those about any RUN, and those about one that calls one of these programs. */
function aboutRun(
  active: ActiveRules,
  dispatch: Dispatch,
  ofKind: readonly ActiveRule[],
  programs: ReadonlySet<string>,
): readonly ActiveRule[] {
  let found: Set<ActiveRule> | undefined;
  for (const name of programs) {
    const wanting = dispatch.callers.get(name) ?? aboutCaller(active, dispatch, name);
    if (wanting.length === 0) continue;
    found ??= new Set(ofKind);
    for (const entry of wanting) found.add(entry);
  }
  return found === undefined ? ofKind : [...found];
}

/** For the visits of one Dockerfile. Rules that ask for a program are left out by that alone. */
export function rulesInDockerfile(active: ActiveRules, dockerfile: Dockerfile): RulesFor {
  const dispatch = dispatchOf(active);
  const idle = idleIn(active, dispatch, dockerfile);
  const busy = (entries: readonly ActiveRule[]) => entries.filter((entry) => !idle.has(entry));
  const wholeStage = busy(active.get('stage') ?? none);
  const byKind = new Map<string, readonly ActiveRule[]>();
  const ofKind = (kind: string) => {
    let entries = byKind.get(kind);
    if (entries === undefined) {
      entries = busy(dispatch.instructions.get(kind) ?? aboutKind(active, dispatch, kind));
      byKind.set(kind, entries);
    }
    return entries;
  };
  return ([subject, about]) => {
    switch (subject) {
      case 'dockerfile':
        return busy(active.get('dockerfile') ?? none);
      case 'stage':
        return wholeStage;
      case 'instruction': {
        const { instruction } = about;
        const entries = ofKind(instruction.kind);
        return instruction.kind === 'run' ? aboutRun(active, dispatch, entries, programsCalled(instruction)) : entries;
      }
      case 'run-command': {
        const { name } = about.command;
        return dispatch.commands.get(name) ?? aboutCommand(active, dispatch, name);
      }
      default:
        return active.get(subject) ?? none;
    }
  };
}

/** For visits of all other files. */
export function rulesBySubject(active: ActiveRules): RulesFor {
  return ([subject]) => active.get(subject) ?? none;
}
