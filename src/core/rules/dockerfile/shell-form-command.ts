import { jsonArray } from '../../dockerfile/edit.ts';
import { repairJsonArray } from '../../dockerfile/json-repair.ts';
import type { CommandInstruction, Dockerfile, Stage } from '../../dockerfile/model.ts';
import { plainWords, shellBuiltins } from '../../dockerfile/plain-words.ts';
import { instructionsBefore } from '../../dockerfile/stage-facts.ts';
import { defineRule } from '../../engine/rule.ts';
import type { ShellCommand, ShellScript } from '../../shell/model.ts';
import { parseShell } from '../../shell/parse.ts';
import { replace } from '../../text/edit.ts';
import { containsSpan } from '../../text/span.ts';

/** The commands that stand in no other one, as those of `$( )` do. */
function ownCommands(script: ShellScript): readonly ShellCommand[] {
  const { commands } = script;
  return commands.filter(
    ({ span }) => !commands.some((other) => other.span !== span && containsSpan(other.span, span)),
  );
}

/** The line with `exec` before its last program, where that replaces the shell and nothing comes after it. */
function withExec(script: ShellScript, source: string, offset: number): string | undefined {
  const commands = ownCommands(script);
  const last = commands.at(-1);
  if (last === undefined || script.problems.length > 0 || last.conditional || last.list !== commands[0]?.list)
    return undefined;
  if (
    !/^\w[\w.+-]*$/.test(last.name) ||
    shellBuiltins.has(last.name) ||
    last.wrappers.length > 0 ||
    last.joined === '|' ||
    last.joined === '&'
  )
    return undefined;
  if (commands.some(({ list, joined }) => list !== last.list || joined === '||')) return undefined;
  // `NAME=value exec program` passes the variable on as well.
  const at = last.span.start - offset;
  if (at < 0 || /[&|;`]\s*$|\s#|^[({]/.test(source)) return undefined;
  return `${source.slice(0, at)}exec ${source.slice(at)}`;
}

/** The other of CMD and ENTRYPOINT is in force as well: what is passed to what changes with the form. */
function hasPartner(stage: Stage, instruction: CommandInstruction): boolean {
  const other = instruction.kind === 'cmd' ? 'entrypoint' : 'cmd';
  return instructionsBefore(stage).some(({ kind }) => kind === other);
}

function shellSet(stage: Stage, before: CommandInstruction): boolean {
  return instructionsBefore(stage, before).some(({ kind }) => kind === 'shell');
}

/** Written on one line, so that nothing between lines gets lost. */
function onOneLine(dockerfile: Dockerfile, start: number, end: number, text: string): boolean {
  return dockerfile.text.slice(start, end) === text;
}

export default defineRule('instruction', {
  meta: {
    id: 'dockerfile/shell-form-command',
    rows: ['D801'],
    summary: '`CMD` and `ENTRYPOINT` should be JSON arrays.',
    why: 'The shell form starts `/bin/sh -c`, and the program as its child. The stop signal then goes to the shell, which does not pass it on: the program is killed after the grace period instead of ending in order. As ENTRYPOINT it also swallows all arguments. A line that begins with `exec`, and a stage with a SHELL of its own, are left alone.',
    severity: 'warning',
    topic: 'runtime',
    messages: { shell: "Shell form: a shell stands between the container's signals and `{program}`" },
    titles: {
      array: 'Change to a JSON array',
      exec: 'Change to a JSON array, with `exec` before the program',
    },
    fix: 'sometimes',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM python:3.14-slim\nCMD python app.py\n',
        good: 'FROM python:3.14-slim\nCMD ["python", "app.py"]\n',
      },
      {
        file: 'Dockerfile',
        bad: 'FROM python:3.14-slim\nCMD python app.py --port $PORT\n',
        good: 'FROM python:3.14-slim\nCMD ["/bin/sh", "-c", "exec python app.py --port $PORT"]\n',
      },
    ],
    options: {},
    sources: [
      'hadolint DL3025',
      'buildkit JSONArgsRecommended',
      'sonar S7019',
      'kics not_using_json_in_cmd_and_entrypoint_arguments',
      'semgrep prefer-json-notation',
    ],
  },
  only: ['cmd', 'entrypoint'],
  when: ({ instruction, stage }) => instruction.command.kind === 'shell' && stage?.windows === false,
  *check({ instruction, stage, dockerfile }) {
    const { command } = instruction;
    if (command.kind !== 'shell' || stage === undefined) return;
    // A broken array has a rule of its own; a `[` of the shell's is none.
    if (instruction.brokenJson !== undefined && repairJsonArray(instruction.arguments) !== undefined) return;
    const text = command.source.text.trim();
    if (text === '' || instruction.heredocs.length > 0 || shellSet(stage, instruction)) return;
    const script = parseShell(command.source);
    const last = ownCommands(script).at(-1);
    if (/^exec\s/.test(text) || last?.wrappers.includes('exec')) return;
    const end = command.span.start + text.length;
    const whole = onOneLine(dockerfile, command.span.start, end, text);
    const span = whole ? { start: command.span.start, end } : command.span;
    const words = plainWords(script, text);
    const run = whole && words === undefined ? withExec(script, text, command.span.start) : undefined;
    const comments = /\n[ \t]*#/.test(dockerfile.text.slice(span.start, span.end));
    yield {
      message: 'shell',
      data: { program: last !== undefined && /^\w[\w.+-]*$/.test(last.name) ? last.name : 'the program' },
      span,
      ...(!stage.shipped && { severity: 'information' }),
      fixes:
        words !== undefined && !comments
          ? [
              {
                title: 'array',
                safety: hasPartner(stage, instruction) ? 'suggested' : 'safe',
                edits: [replace(span, jsonArray(words))],
              },
            ]
          : run !== undefined
            ? [{ title: 'exec', safety: 'suggested', edits: [replace(span, jsonArray(['/bin/sh', '-c', run]))] }]
            : [],
    };
  },
});
