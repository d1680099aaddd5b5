import { readFlags, type ShellFlag } from '../shell/flags.ts';
import type { ShellCommand, ShellWord } from '../shell/model.ts';
import { onceFor } from '../text/once-for.ts';
import { type Manager, otherNames, valueOptions } from './manager-options.ts';

export type { Manager };

/** A call of a package manager, taken apart by its own grammar. */
export interface ManagerCall {
  readonly manager: Manager;
  /** `install` of `apt-get -q install curl`. */
  readonly subcommand: ShellWord;
  readonly flags: readonly ShellFlag[];
  readonly operands: readonly ShellWord[];
  /** A variable in it may well hold options: what is missing cannot be told. */
  readonly uncertain: boolean;
}

const pipName = /^pip(?:\d+(?:\.\d+)*)?$/;
const pythonName = /^python(?:\d+(?:\.\d+)*)?$/;

function isManager(name: string): name is Manager {
  return Object.hasOwn(valueOptions, name);
}

/** Which manager a command calls, and the words after its name (`-m pip` counts as one). */
function managerOf(
  command: ShellCommand,
): { readonly manager: Manager; readonly words: readonly ShellWord[] } | undefined {
  const { name, words } = command;
  if (isManager(name)) return { manager: name, words };
  const other = Object.hasOwn(otherNames, name) ? otherNames[name] : undefined;
  if (other !== undefined) return { manager: other, words };
  if (pipName.test(name)) return { manager: 'pip', words };
  if (!pythonName.test(name)) return undefined;
  const module = words.findIndex((word, at) => word.value === 'pip' && words[at - 1]?.value === '-m');
  return module < 0 ? undefined : { manager: 'pip', words: words.slice(module + 1) };
}

/** An unquoted variable that stands where options do, or is named after them. */
function mayHoldOptions(word: ShellWord, beforeSubcommand: boolean): boolean {
  if (word.constant || word.source.startsWith('"')) return false;
  if (/^\$[@*]/.test(word.source)) return true;
  const variable = /^\$\{?(\w+)/.exec(word.source);
  return variable !== null && (beforeSubcommand || /opt|flag|arg|yes|param/i.test(variable[1] ?? ''));
}

/** Names of programs asked for so far: a file calls the same few a hundred times. */
const managerNames = new Map<string, boolean>();

/** Whether a program may be a package manager: one by its name, or Python, which runs pip as a module. */
export function mayManagePackages(name: string): boolean {
  let known = managerNames.get(name);
  if (known === undefined) {
    if (managerNames.size > 5000) managerNames.clear();
    known = isManager(name) || Object.hasOwn(otherNames, name) || pipName.test(name) || pythonName.test(name);
    managerNames.set(name, known);
  }
  return known;
}

/** For a rule's `calls`: the programs that one of the managers goes by. */
export function callingAny(...managers: readonly Manager[]): (name: string) => boolean {
  return (name) => {
    if (isManager(name)) return managers.includes(name);
    const other = Object.hasOwn(otherNames, name) ? otherNames[name] : undefined;
    if (other !== undefined) return managers.includes(other);
    return managers.includes('pip') && mayManagePackages(name);
  };
}

/** Reads a call of a package manager; undefined for other programs and where no subcommand is written out. */
export function managerCall(command: ShellCommand): ManagerCall | undefined {
  return mayManagePackages(command.name) ? readCall(command) : undefined;
}

const readCall = onceFor((command: ShellCommand): ManagerCall | undefined => {
  const called = managerOf(command);
  if (called === undefined) return undefined;
  const { flags, positionals } = readFlags(called.words, {
    takesValue: valueOptions[called.manager],
    singleDashWords: called.manager === 'go',
  });
  let subcommand: ShellWord | undefined;
  let uncertain = false;
  const operands: ShellWord[] = [];
  for (const word of positionals) {
    if (mayHoldOptions(word, subcommand === undefined)) uncertain = true;
    else if (subcommand !== undefined) operands.push(word);
    else if (word.constant) subcommand = word;
    else return undefined;
  }
  return subcommand && { manager: called.manager, subcommand, flags, operands, uncertain };
});

/** What a call does: `dnf group install` and `dnf module enable` say it with a second word. */
export function actionOf({ subcommand, operands }: ManagerCall): string {
  return /^(?:groups?|module)$/.test(subcommand.value) ? (operands[0]?.value ?? '') : subcommand.value;
}

/** Whether any of the flags is given, and not switched off by its value. */
export function hasFlag(call: ManagerCall, ...names: readonly string[]): boolean {
  return call.flags.some(({ name, value }) => names.includes(name) && !/^(?:0|no|false|off)$/i.test(value?.text ?? ''));
}

/** The value of an `-o Key=value` of apt, by key without regard to case; undefined where it is not given. */
export function aptSetting(call: ManagerCall, key: string): string | undefined {
  for (const { name, value } of call.flags) {
    if ((name !== '-o' && name !== '--option') || value === undefined) continue;
    const equals = value.text.indexOf('=');
    if (equals > 0 && value.text.slice(0, equals).toLowerCase() === key.toLowerCase())
      return value.text.slice(equals + 1);
  }
  return undefined;
}

/** Whether apt would read the value of a setting as yes. */
export function aptTruth(value: string): boolean {
  return /^(?:1|yes|true|with|on|enable)$/i.test(value);
}
