import { programsCalled } from '../dockerfile/subjects.ts';
import { onceFor } from '../text/once-for.ts';
import type { ActiveRule, ActiveRules } from './active.ts';
import type { ProgramNames, SubjectName } from './rule.ts';
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

function chosen(
  active: ActiveRules,
  subject: SubjectName,
  known: Map<string, readonly ActiveRule[]>,
  key: string,
  wants: (entry: ActiveRule) => boolean,
): readonly ActiveRule[] {
  const kept = known.get(key);
  if (kept !== undefined) return kept;
  if (known.size >= MOST_PROGRAMS) known.clear();
  const made = (active.get(subject) ?? []).filter(wants);
  known.set(key, made);
  return made;
}

/** The active rules that are to be called with a visit. */
export function rulesFor(active: ActiveRules, [subject, about]: Visit): readonly ActiveRule[] {
  if (subject !== 'instruction' && subject !== 'run-command') return active.get(subject) ?? [];
  const { instructions, callers, commands } = dispatchOf(active);
  if (subject === 'run-command') {
    const { name } = about.command;
    return chosen(active, subject, commands, name, ({ rule: { only, calls } }) => {
      return (only === undefined || only.includes(name)) && (calls === undefined || means(calls, name));
    });
  }
  const { instruction } = about;
  const { kind } = instruction;
  const ofKind = chosen(active, subject, instructions, kind, ({ rule: { only, calls } }) => {
    return (only === undefined || only.includes(kind)) && (kind !== 'run' || calls === undefined);
  });
  if (instruction.kind !== 'run') return ofKind;
  const found = new Set<ActiveRule>();
  for (const name of programsCalled(instruction)) {
    const wanting = chosen(active, subject, callers, name, ({ rule: { only, calls } }) => {
      return (only === undefined || only.includes(kind)) && calls !== undefined && means(calls, name);
    });
    for (const entry of wanting) found.add(entry);
  }
  return found.size === 0 ? ofKind : [...ofKind, ...found];
}
