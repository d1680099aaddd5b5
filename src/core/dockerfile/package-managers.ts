import { readFlags, type ShellFlag } from '../shell/flags.ts';
import type { ShellCommand, ShellWord } from '../shell/model.ts';

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

export type Manager = 'apt-get' | 'apt' | 'aptitude' | 'apk' | 'pip';

/** Flags that take the next word as their value. */
const withValue: Readonly<Record<Manager, readonly string[]>> = (() => {
  const apt = [
    ...['-o', '-t', '-c', '-a', '-P', '--option', '--target-release', '--default-release', '--config-file'],
    ...['--host-architecture', '--build-profiles', '--solver', '--planner'],
  ];
  return {
    'apt-get': apt,
    apt,
    aptitude: ['-o', '-t', '-c', '-F', '-w', '-O', '--target-release', '--default-release', '--with-package'],
    apk: [
      ...['-p', '-X', '-t', '--root', '--repository', '--virtual', '--arch', '--cache-dir', '--cache-max-age'],
      ...['--keys-dir', '--progress-fd', '--repositories-file', '--timeout', '--wait'],
    ],
    pip: [
      ...[
        '-r',
        '-c',
        '-e',
        '-t',
        '-i',
        '-f',
        '-C',
        '--requirement',
        '--constraint',
        '--editable',
        '--target',
        '--platform',
      ],
      ...[
        '--python-version',
        '--implementation',
        '--abi',
        '--prefix',
        '--root',
        '--src',
        '--index-url',
        '--extra-index-url',
      ],
      ...['--find-links', '--trusted-host', '--log', '--proxy', '--retries', '--timeout', '--exists-action', '--cert'],
      ...[
        '--client-cert',
        '--cache-dir',
        '--progress-bar',
        '--upgrade-strategy',
        '--no-binary',
        '--only-binary',
        '--report',
      ],
      ...[
        '--config-settings',
        '--config-setting',
        '--global-option',
        '--build-option',
        '--python',
        '--root-user-action',
      ],
      ...['--use-feature', '--use-deprecated', '--group', '--build-constraint', '--keyring-provider'],
    ],
  };
})();

const pipName = /^pip(?:\d+(?:\.\d+)*)?$/;
const pythonName = /^python(?:\d+(?:\.\d+)*)?$/;

/** Which manager a command calls, and the words after its name (`-m pip` counts as one). */
function managerOf(
  command: ShellCommand,
): { readonly manager: Manager; readonly words: readonly ShellWord[] } | undefined {
  const { name, words } = command;
  switch (name) {
    case 'apt-get':
    case 'apt':
    case 'aptitude':
    case 'apk':
      return { manager: name, words };
    default: {
      if (pipName.test(name)) return { manager: 'pip', words };
      if (!pythonName.test(name)) return undefined;
      const module = words.findIndex((word, at) => word.value === 'pip' && words[at - 1]?.value === '-m');
      return module < 0 ? undefined : { manager: 'pip', words: words.slice(module + 1) };
    }
  }
}

/** An unquoted variable that stands where options do, or is named after them. */
function mayHoldOptions(word: ShellWord, beforeSubcommand: boolean): boolean {
  if (word.constant || word.source.startsWith('"')) return false;
  if (/^\$[@*]/.test(word.source)) return true;
  const variable = /^\$\{?(\w+)/.exec(word.source);
  return variable !== null && (beforeSubcommand || /opt|flag|arg|yes|param/i.test(variable[1] ?? ''));
}

/** Reads a call of a package manager; undefined for other programs and where no subcommand is written out. */
export function managerCall(command: ShellCommand): ManagerCall | undefined {
  const called = managerOf(command);
  if (called === undefined) return undefined;
  const { flags, positionals } = readFlags(called.words, { takesValue: withValue[called.manager] });
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
