import { programsCalled } from '../dockerfile/subjects.ts';
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
}

const dispatchOf = onceFor(
  (_active: ActiveRules): Dispatch => ({ instructions: new Map(), callers: new Map(), commands: new Map() }),
);

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
  const made = (entries ?? []).filter(({ rule }) => wants(rule));
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

/** The active rules that are to be called with a visit. */
export function rulesFor(active: ActiveRules, [subject, about]: Visit): readonly ActiveRule[] {
  if (subject !== 'instruction' && subject !== 'run-command') return active.get(subject) ?? [];
  const dispatch = dispatchOf(active);
  if (subject === 'run-command') {
    const { name } = about.command;
    return dispatch.commands.get(name) ?? aboutCommand(active, dispatch, name);
  }
  const { instruction } = about;
  const ofKind = dispatch.instructions.get(instruction.kind) ?? aboutKind(active, dispatch, instruction.kind);
  if (instruction.kind !== 'run') return ofKind;
  let found: Set<ActiveRule> | undefined;
  for (const name of programsCalled(instruction)) {
    const wanting = dispatch.callers.get(name) ?? aboutCaller(active, dispatch, name);
    if (wanting.length === 0) continue;
    found ??= new Set(ofKind);
    for (const entry of wanting) found.add(entry);
  }
  return found === undefined ? ofKind : [...found];
}
