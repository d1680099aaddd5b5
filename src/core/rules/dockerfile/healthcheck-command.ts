import { downloadOf } from '../../dockerfile/downloads.ts';
import { milliseconds } from '../../dockerfile/go-duration.ts';
import type { Dockerfile, HealthcheckInstruction, Stage } from '../../dockerfile/model.ts';
import { mayHoldProgram } from '../../dockerfile/programs.ts';
import { defineRule, type Proposal } from '../../engine/rule.ts';
import { findFlag } from '../../shell/flags.ts';
import type { ShellCommand, ShellScript } from '../../shell/model.ts';
import { argumentsScript, parseShell } from '../../shell/parse.ts';
import { insert, replace, type TextEdit } from '../../text/edit.ts';

type Found = Proposal<'error' | 'saves' | 'missing' | 'overlap' | 'reserved', 'fail' | 'spider' | 'one'>;

function scriptOf({ command }: HealthcheckInstruction): ShellScript | undefined {
  if (command === undefined) return undefined;
  if (command.kind === 'shell') return parseShell(command.source);
  return argumentsScript(
    command.words.map(({ value, span }) => ({ span, source: value, value, constant: true })),
    command.span,
  );
}

/** The flag behind the name of the program, as a string of the array where it is one. */
function withFlag({ command }: HealthcheckInstruction, { nameWord }: ShellCommand, flag: string): TextEdit {
  return insert(nameWord.span.end, command?.kind === 'exec' ? `, "${flag}"` : ` ${flag}`);
}

function* ofDownload(
  dockerfile: Dockerfile,
  stage: Stage,
  instruction: HealthcheckInstruction,
  script: ShellScript,
  at: number,
): Generator<Found> {
  const command = script.commands[at];
  const download = command && downloadOf(command);
  if (command === undefined || download === undefined) return;
  const { program, read, uncertain } = download;
  const { span } = command.nameWord;
  const image = stage.from?.image?.text ?? '';
  if (!mayHoldProgram(dockerfile, stage, program)) yield { message: 'missing', data: { program, image }, span };
  // What reads the answer may look at more than whether there was one.
  const piped = script.commands.slice(at + 1).some(({ joined, list }) => joined === '|' && list === command.list);
  if (uncertain || piped || command.list !== 0) return;
  if (program === 'curl') {
    const told = ['-f', '--fail', '--fail-with-body', '-w', '--write-out', '-K', '--config', '--telnet-option'];
    if (findFlag(read, ...told) !== undefined || download.addresses.some(({ value }) => /^(?:telnet|tcp):/.test(value)))
      return;
    yield {
      message: 'error',
      span,
      fixes: [{ title: 'fail', safety: 'suggested', edits: [withFlag(instruction, command, '-f')] }],
    };
  } else {
    const told = ['--spider', '-O', '--output-document', '--post-data', '--post-file', '--method', '-S'];
    if (findFlag(read, ...told) !== undefined) return;
    yield {
      message: 'saves',
      span,
      fixes: [{ title: 'spider', safety: 'suggested', edits: [withFlag(instruction, command, '--spider')] }],
    };
  }
}

/** `exit 2` and more: the number is reserved, or not said what it means. */
function* ofExit(command: ShellCommand): Generator<Found> {
  const [status] = command.words;
  if (command.name !== 'exit' || status === undefined || !status.constant || !/^\d+$/.test(status.value)) return;
  if (Number(status.value) <= 1) return;
  const edits = [replace(status.span, '1')];
  yield {
    message: 'reserved',
    data: { status: status.value },
    span: status.span,
    fixes: [{ title: 'one', safety: 'suggested', edits }],
  };
}

/** A check that may take longer than the time to the next one. */
function* ofTimes({ flags }: HealthcheckInstruction): Generator<Found> {
  const interval = flags.find(({ name }) => name.value === 'interval')?.value;
  const timeout = flags.find(({ name }) => name.value === 'timeout')?.value;
  if (interval === undefined || timeout === undefined) return;
  const [every, limit] = [milliseconds(interval.value), milliseconds(timeout.value)];
  if (every === undefined || limit === undefined || every === 0 || every >= limit) return;
  const data = { interval: interval.value, timeout: timeout.value };
  yield { message: 'overlap', data, span: timeout.span, severity: 'information' };
}

export default defineRule('instruction', {
  meta: {
    id: 'dockerfile/healthcheck-command',
    rows: ['D804'],
    summary: 'A `HEALTHCHECK` should notice when the program fails.',
    why: 'curl ends well on any answer, so a server that only sends errors stays healthy: `-f` looks at the status. wget writes a file each time, until the disk is full, unless it is told where to, or only to look. A program that is not in the image never finds it healthy. The result is 0 or 1; other numbers are reserved.',
    severity: 'warning',
    topic: 'runtime',
    messages: {
      error: '`curl` without `-f` finds a server healthy that answers with errors',
      saves: '`wget` writes a new file with each check',
      missing: '`{program}` is not in `{image}`, and nothing here installs it',
      overlap: 'A check may take {timeout}, longer than the {interval} to the next one',
      reserved: 'A check ends with 0 or 1: {status} is reserved',
    },
    titles: { fail: 'Add `-f`', spider: 'Add `--spider`', one: 'Change to `exit 1`' },
    fix: 'sometimes',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM node:24\nHEALTHCHECK CMD curl http://localhost:3000/ || exit 1\n',
        good: 'FROM node:24\nHEALTHCHECK CMD curl -f http://localhost:3000/ || exit 1\n',
      },
    ],
    options: {},
    sources: [],
  },
  only: ['healthcheck'],
  *check({ instruction, stage, dockerfile }) {
    if (stage === undefined || stage.windows) return;
    yield* ofTimes(instruction);
    const script = scriptOf(instruction);
    for (const [at, command] of (script?.commands ?? []).entries()) {
      if (script !== undefined) yield* ofDownload(dockerfile, stage, instruction, script, at);
      yield* ofExit(command);
    }
  },
});
