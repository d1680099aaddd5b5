import type { ShellCommand, ShellScript } from '../shell/model.ts';
import { containsSpan, type Span } from '../text/span.ts';
import type { Dockerfile, RunInstruction, Stage } from './model.ts';
import { hasPipefail, setsPipefail, shellAt } from './shells.ts';

/** A pipe of a RUN whose left side may fail unnoticed. */
export interface Pipe {
  /** The `|`. */
  readonly span: Span;
  /** The program before it; undefined for groups, loops and programs with a variable for a name. */
  readonly left: ShellCommand | undefined;
  readonly right: ShellCommand;
}

/** What only prints what it was given, or tells of the machine, does not fail. */
const printers: ReadonlySet<string> = new Set([
  ...['echo', 'printf', 'yes', 'true', ':', 'tee', 'tr', 'ls', 'find', 'dpkg', 'apt-mark', 'uname', 'arch', 'nproc'],
  ...['date', 'id', 'env', 'hostname'],
]);
/** What fetches something fails sooner or later. */
const fetches: ReadonlySet<string> = new Set(['curl', 'wget', 'git', 'aria2c', 'fetch', 'gsutil', 'aws', 'az', 'gh']);

function constants(command: ShellCommand): readonly string[] {
  return command.words.map(({ value, constant }) => (constant ? value : ''));
}

/** The pipe that a command stands behind, by the characters before it. */
function pipeBefore(script: ShellScript, at: number, text: string): Pipe | undefined {
  const { commands } = script;
  const command = commands[at];
  if (command?.joined !== '|') return undefined;
  const left = commands.findLast((other, index) => index < at && other.list === command.list);
  const from = left?.span.end ?? script.span.start;
  const between = text.slice(from, command.nameWord.span.start);
  const bar = between.lastIndexOf('|');
  if (bar < 0) return undefined;
  const adjacent = /^(?:\s|\\|"|')*$/.test(between.slice(0, bar).replace(/\n[ \t]*#[^\n]*/g, ''));
  return { span: { start: from + bar, end: from + bar + 1 }, left: adjacent ? left : undefined, right: command };
}

/** `set -o pipefail` before it, or a shell around it that was started so. */
function secured(script: ShellScript, pipe: Pipe): boolean {
  return script.commands.some((command) => {
    if (command.name === 'set') return command.span.end <= pipe.span.start && setsPipefail(constants(command));
    return containsSpan(command.span, pipe.span) && hasPipefail([command.name, ...constants(command)]);
  });
}

/** The pipe that hides most in a RUN without `pipefail`: the first pipe behind something that is fetched, or else the first behind something that may fail. */
export function hidingPipe(run: RunInstruction, stage: Stage, dockerfile: Dockerfile): Pipe | undefined {
  const { script, command } = run;
  if (script === undefined || !script.commands.some(({ joined }) => joined === '|')) return undefined;
  const argv = command.kind === 'exec' ? command.words : shellWords(stage, run);
  if (hasPipefail(argv.map(({ value }) => value))) return undefined;
  let first: Pipe | undefined;
  for (const at of script.commands.keys()) {
    const pipe = pipeBefore(script, at, dockerfile.text);
    if (pipe === undefined || harmless(pipe) || secured(script, pipe)) continue;
    if (isFetch(pipe)) return pipe;
    first ??= pipe;
  }
  return first;
}

/** Of several programs in a pipe the first is looked at; one that checks sums fails when it gets nothing. */
function harmless({ left, right }: Pipe): boolean {
  if (/sum$/.test(right.name) && right.words.some(({ value }) => /^(?:-\w*c|--check)/.test(value))) return true;
  if (left === undefined || fetches.has(left.name)) return false;
  return printers.has(left.name) || left.name === 'pwsh' || left.joined === '|';
}

/** Whether what is piped comes from elsewhere. */
export function isFetch({ left }: Pipe): boolean {
  return left !== undefined && fetches.has(left.name);
}

function shellWords(stage: Stage, run: RunInstruction): readonly { readonly value: string }[] {
  const shell = shellAt(stage, run)?.command;
  return shell?.kind === 'exec' ? shell.words : [];
}
