import { bitsOf, type Feature, featuresOf } from '../dockerfile/features.ts';
import type { Dockerfile, Instruction } from '../dockerfile/model.ts';
import { instructionsOf, programsCalled, runCommandsOf } from '../dockerfile/subjects.ts';
import { onceFor } from '../text/once-for.ts';
import { type ActiveRule, type ActiveRules, noOptions } from './active.ts';
import type { ProgramNames, Rule, Subjects } from './rule.ts';
import type { Call, Calls } from './run.ts';

/** Which rules there are to call, worked out once for each set of features and each program, not for each file. */
interface Dispatch {
  readonly active: ActiveRules;
  readonly size: number;
  readonly plans: Map<number, Plan>;
  readonly programs: Map<string, ProgramRules>;
  /** All words that rules ask for in a file's text, and for patterns. */
  readonly words: readonly (string | RegExp)[];
}

/** What there is to do in files that have the same features. */
interface Plan {
  readonly dockerfile: readonly ActiveRule[];
  readonly stage: readonly ActiveRule[];
  readonly instruction: readonly ActiveRule[];
  /** Of these, those about one kind of instruction; about RUNs those that ask for no program. */
  readonly byKind: Map<Instruction['kind'], readonly ActiveRule[]>;
  /** What rules ask for beside the document, and who does. */
  readonly asking: readonly { readonly entry: ActiveRule; readonly orders: readonly number[] }[];
  /** Those that are left out where the text has none of these words. */
  readonly mentioning: readonly { readonly order: number; readonly words: readonly number[] }[];
  /** Those about the file or a stage that are left out where a program is not called. */
  readonly calling: readonly number[];
}

/** The rules that ask for a program. */
interface ProgramRules {
  readonly commands: readonly ActiveRule[];
  /** About a RUN that calls it. */
  readonly runs: readonly ActiveRule[];
  /** About a file or stage whose file calls it. */
  readonly files: readonly ActiveRule[];
}

const none: readonly ActiveRule[] = [];

const subjects = ['dockerfile', 'stage', 'instruction', 'run-command'] as const;

const dispatchOf = onceFor((active: ActiveRules): Dispatch => {
  let size = 0;
  const words = new Set<string | RegExp>();
  for (const { order, rule } of subjects.flatMap((subject) => active.get(subject) ?? none)) {
    size = Math.max(size, order + 1);
    for (const word of rule.mentions ?? []) words.add(word);
  }
  return { active, size, plans: new Map(), programs: new Map(), words: [...words] };
});

function isWhole({ subject }: Rule): boolean {
  return subject === 'dockerfile' || subject === 'stage';
}

function has(features: number, wanted: readonly string[] | undefined): boolean {
  // What a rule names are features: they come from its own definition.
  return wanted === undefined || (bitsOf(wanted as readonly Feature[]) & features) !== 0;
}

/** As many plans as are remembered: a repository has dozens. */
const MOST_PLANS = 1000;

function planFor({ active, plans, words }: Dispatch, features: number): Plan {
  const kept = plans.get(features);
  if (kept !== undefined) return kept;
  const busy = (subject: (typeof subjects)[number]) =>
    (active.get(subject) ?? none).filter(
      ({ rule }) => has(features, rule.beside) && (!isWhole(rule) || has(features, rule.only)),
    );
  const [dockerfile, stage, instruction] = [busy('dockerfile'), busy('stage'), busy('instruction')];
  const all = [...dockerfile, ...stage, ...instruction, ...busy('run-command')];
  const made: Plan = {
    dockerfile,
    stage,
    instruction,
    byKind: new Map(),
    asking: askingOf(all),
    mentioning: all.flatMap(({ order, rule: { mentions } }) =>
      mentions === undefined ? [] : [{ order, words: mentions.map((word) => words.indexOf(word)) }],
    ),
    calling: [...dockerfile, ...stage].flatMap(({ order, rule }) => (rule.calls === undefined ? [] : [order])),
  };
  if (plans.size >= MOST_PLANS) plans.clear();
  plans.set(features, made);
  return made;
}

/** Rules that ask the same together; those with options of their own each by itself. */
function askingOf(entries: readonly ActiveRule[]): Plan['asking'] {
  const asking = new Map<unknown, { readonly entry: ActiveRule; readonly orders: number[] }>();
  for (const entry of entries) {
    if (entry.rule.given === undefined) continue;
    const key = entry.options === noOptions ? entry.rule.given : entry;
    const others = asking.get(key);
    if (others === undefined) asking.set(key, { entry, orders: [entry.order] });
    else others.orders.push(entry.order);
  }
  return [...asking.values()];
}

function rulesOfKind({ instruction, byKind }: Plan, kind: Instruction['kind']): readonly ActiveRule[] {
  const kept = byKind.get(kind);
  if (kept !== undefined) return kept;
  const made = instruction.filter(
    ({ rule: { only, calls } }) =>
      (only === undefined || only.includes(kind)) && (kind !== 'run' || calls === undefined),
  );
  byKind.set(kind, made);
  return made;
}

/** As many programs as are remembered: a repository has hundreds. */
const MOST_PROGRAMS = 5000;

function means(names: ProgramNames | undefined, name: string): boolean {
  return names === undefined || (typeof names === 'function' ? names(name) : names.includes(name));
}

function rulesAbout({ active, programs }: Dispatch, name: string): ProgramRules {
  const kept = programs.get(name);
  if (kept !== undefined) return kept;
  const asking = (subject: (typeof subjects)[number]) =>
    (active.get(subject) ?? none).filter(({ rule }) => rule.calls !== undefined && means(rule.calls, name));
  const made = {
    commands: (active.get('run-command') ?? none).filter(
      ({ rule }) => means(rule.only, name) && means(rule.calls, name),
    ),
    runs: asking('instruction').filter(({ rule }) => rule.only === undefined || rule.only.includes('run')),
    files: [...asking('dockerfile'), ...asking('stage')],
  };
  if (programs.size >= MOST_PROGRAMS) programs.clear();
  programs.set(name, made);
  return made;
}

/** By a rule's order, whether it has nothing to look for in a Dockerfile. */
function idleIn(dispatch: Dispatch, plan: Plan, dockerfile: Dockerfile, isGiven: Calls['isGiven']): readonly boolean[] {
  const idle = new Array<boolean>(dispatch.size).fill(false);
  for (const order of plan.calling) idle[order] = true;
  if (plan.calling.length > 0)
    for (const { command } of runCommandsOf(dockerfile))
      for (const { order } of rulesAbout(dispatch, command.name).files) idle[order] = false;
  for (const { entry, orders } of plan.asking) if (!isGiven(entry)) for (const order of orders) idle[order] = true;
  const { text } = dockerfile;
  const known: (boolean | undefined)[] = new Array(dispatch.words.length);
  const isThere = (at: number) => {
    const word = dispatch.words[at] ?? '';
    known[at] ??= typeof word === 'string' ? text.includes(word) : word.test(text);
    return known[at];
  };
  for (const { order, words } of plan.mentioning) if (!idle[order] && !words.some(isThere)) idle[order] = true;
  return idle;
}

/** Calls the active rules with all of a Dockerfile that they look at. */
export function callDockerfileRules(active: ActiveRules, dockerfile: Dockerfile, { call, isGiven }: Calls): void {
  const dispatch = dispatchOf(active);
  const plan = planFor(dispatch, featuresOf(dockerfile));
  const idle = idleIn(dispatch, plan, dockerfile, isGiven);
  const callAll = (entries: readonly ActiveRule[], subjects: Parameters<Call>[1]) => {
    for (const entry of entries) if (!idle[entry.order]) call(entry, subjects);
  };
  callAll(plan.dockerfile, [dockerfile]);
  callAll(
    plan.stage,
    dockerfile.stages.map((stage) => ({ stage, dockerfile })),
  );
  const byKind = new Map<Instruction['kind'], Subjects['instruction'][]>();
  for (const subject of instructionsOf(dockerfile)) {
    const { kind } = subject.instruction;
    const others = byKind.get(kind);
    if (others === undefined) byKind.set(kind, [subject]);
    else others.push(subject);
  }
  for (const [kind, subjects] of byKind) callAll(rulesOfKind(plan, kind), subjects);
  for (const subject of byKind.get('run') ?? []) {
    if (subject.instruction.kind !== 'run') continue;
    const entries = new Set<ActiveRule>();
    for (const program of programsCalled(subject.instruction))
      for (const entry of rulesAbout(dispatch, program).runs) entries.add(entry);
    const subjects = [subject];
    for (const entry of entries) if (!idle[entry.order]) call(entry, subjects);
  }
  for (const subject of runCommandsOf(dockerfile))
    callAll(rulesAbout(dispatch, subject.command.name).commands, [subject]);
}
