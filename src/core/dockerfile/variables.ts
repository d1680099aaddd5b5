import { onceFor } from '../text/once-for.ts';
import { expand } from './expansion.ts';
import type { Dockerfile, Instruction, KeyValue, PairsInstruction, Stage } from './model.ts';

/** A variable in force. ENV hides an ARG of the same name. */
export interface VariableInForce {
  readonly kind: 'env' | 'arg';
  readonly name: string;
  /** Expanded; undefined where it is not known before the build, or an ARG has no default. */
  readonly value: string | undefined;
  /** Where it was set last. */
  readonly pair: KeyValue;
}

/** The variables that one instruction sees. */
export interface Variables {
  readonly get: (name: string) => VariableInForce | undefined;
  readonly names: () => readonly string[];
}

/** What one stage sets, each with the number of the instruction that does. */
interface Scope {
  readonly parent: Scope | undefined;
  readonly env: Map<string, Setting[]>;
  readonly args: Map<string, Setting[]>;
}

interface Setting {
  readonly at: number;
  readonly variable: VariableInForce;
}

interface Scopes {
  readonly globals: Scope;
  readonly places: ReadonlyMap<Instruction, { readonly scope: Scope; readonly at: number }>;
  readonly ends: ReadonlyMap<Stage, Scope>;
}

const NONE: Variables = { get: () => undefined, names: () => [] };

/**
 * The ENV and ARG variables that `instruction` sees: those set before it in its stage, and in the stages that this one builds on.
 * Of the base image's own variables nothing is known. FROM, and what stands before the first FROM, see global ARGs alone.
 */
export function variablesAt(dockerfile: Dockerfile, instruction: Instruction): Variables {
  const place = scopesOf(dockerfile).places.get(instruction);
  return place === undefined ? NONE : seenFrom(place.scope, place.at);
}

/** What is in force at a stage's end, which is what stages on top of it begin with. */
export function variablesAtEnd(dockerfile: Dockerfile, stage: Stage): Variables {
  const scope = scopesOf(dockerfile).ends.get(stage);
  return scope === undefined ? NONE : seenFrom(scope, Infinity);
}

function newScope(parent: Scope | undefined): Scope {
  return { parent, env: new Map(), args: new Map() };
}

const scopesOf = onceFor((dockerfile: Dockerfile): Scopes => {
  const places = new Map<Instruction, { scope: Scope; at: number }>();
  const ends = new Map<Stage, Scope>();
  const globals = newScope(undefined);
  const staged = dockerfile.stages[0]?.from !== undefined;
  for (const [at, instruction] of staged ? dockerfile.instructions.entries() : []) {
    if (instruction.kind === 'from') break;
    places.set(instruction, { scope: globals, at });
    if (instruction.kind === 'arg') setAll(dockerfile, globals, instruction, at, undefined);
  }
  for (const stage of dockerfile.stages) {
    if (stage.from !== undefined) places.set(stage.from, { scope: globals, at: Infinity });
    const scope = newScope(stage.parent && ends.get(stage.parent));
    ends.set(stage, scope);
    let at = -1;
    for (const instruction of stage.instructions) {
      at++;
      places.set(instruction, { scope, at });
      if (instruction.kind === 'onbuild' && instruction.trigger !== undefined)
        places.set(instruction.trigger, { scope, at });
      if (instruction.kind === 'env' || instruction.kind === 'arg') setAll(dockerfile, scope, instruction, at, globals);
    }
  }
  return { globals, places, ends };
});

function setAll(
  dockerfile: Dockerfile,
  scope: Scope,
  instruction: PairsInstruction,
  at: number,
  globals: Scope | undefined,
): void {
  const kind = instruction.kind === 'env' ? 'env' : 'arg';
  // All pairs of one ENV see what was in force before it; those of an ARG see each other.
  const seen = seenFrom(scope, kind === 'env' ? at : at + 1);
  for (const pair of instruction.pairs) {
    const name = pair.key.value;
    const value =
      pair.value !== undefined
        ? expandedValue(dockerfile, pair.value.text, seen)
        : globals && kind === 'arg'
          ? seenFrom(globals, Infinity).get(name)?.value
          : undefined;
    const settings = kind === 'env' ? scope.env : scope.args;
    const list = settings.get(name) ?? [];
    if (list.length === 0) settings.set(name, list);
    list.push({ at, variable: { kind, name, value, pair } });
  }
}

function expandedValue(dockerfile: Dockerfile, text: string, seen: Variables): string | undefined {
  if (!/[$'"\\`]/.test(text)) return text;
  const expanded = expand(text, (name) => seen.get(name)?.value, { escape: dockerfile.escape });
  return expanded.ok && expanded.unset.length === 0 ? expanded.value : undefined;
}

/** The variables set in `scope` by instructions before number `at`, and in all of what it builds on. */
function seenFrom(scope: Scope, at: number): Variables {
  return {
    get: (name) => lastSetting(scope, at, name, 'env') ?? lastSetting(scope, at, name, 'args'),
    names: () => {
      const names = new Set<string>();
      for (let inner: Scope | undefined = scope; inner !== undefined; inner = inner.parent) {
        for (const [name, settings] of [...inner.env, ...inner.args]) {
          if (inner !== scope || (settings[0]?.at ?? Infinity) < at) names.add(name);
        }
      }
      return [...names];
    },
  };
}

function lastSetting(scope: Scope, at: number, name: string, kind: 'env' | 'args'): VariableInForce | undefined {
  let limit = at;
  for (let inner: Scope | undefined = scope; inner !== undefined; inner = inner.parent) {
    const before = limit;
    const setting = inner[kind].get(name)?.findLast((one) => one.at < before);
    if (setting !== undefined) return setting.variable;
    limit = Infinity;
  }
  return undefined;
}
