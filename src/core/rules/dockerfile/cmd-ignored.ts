import { jsonArray, removeInstruction } from '../../dockerfile/edit.ts';
import type { CommandInstruction, Dockerfile, Stage } from '../../dockerfile/model.ts';
import { plainWords } from '../../dockerfile/plain-words.ts';
import { ancestry } from '../../dockerfile/stage-facts.ts';
import { isPosixShell } from '../../dockerfile/stages.ts';
import { defineRule, type ProposedFix } from '../../engine/rule.ts';
import { parseShell } from '../../shell/parse.ts';
import { replace } from '../../text/edit.ts';

function last(stage: Stage, kind: 'cmd' | 'entrypoint'): CommandInstruction | undefined {
  return stage.instructions.findLast((one): one is CommandInstruction => one.kind === kind);
}

/** Arguments behind `sh -c script` are its `$0`, `$1` and so on: a script without them takes no notice. */
function ignoresArguments({ command, brokenJson }: CommandInstruction): boolean {
  if (brokenJson !== undefined) return false;
  if (command.kind === 'shell') return command.source.text.trim() !== '' && !/\$\{?[@*#\d]/.test(command.source.text);
  const words = command.words.map(({ value }) => value);
  const flag = words.findIndex((word, at) => at > 0 && /^-[a-z]*c$/.test(word));
  const script = words[flag + 1];
  return isPosixShell(words.slice(0, 1)) && flag > 0 && script !== undefined && !/\$\{?[@*#\d]/.test(script);
}

function fixesFor(
  dockerfile: Dockerfile,
  entrypoint: CommandInstruction,
  stage: Stage,
  cmd: CommandInstruction,
): readonly ProposedFix<'array' | 'remove'>[] {
  // Of several the last is in force: without it, the one before would be.
  const all = stage.instructions.filter(({ kind }) => kind === 'cmd');
  const edits = all.map((one) => removeInstruction(dockerfile, one));
  const removal = { title: 'remove', safety: 'suggested', edits } as const;
  const { command } = entrypoint;
  if (command.kind !== 'shell' || cmd.command.kind !== 'exec') return [removal];
  const text = command.source.text.trim();
  const span = { start: command.span.start, end: command.span.start + text.length };
  if (dockerfile.text.slice(span.start, span.end) !== text) return [removal];
  const words = plainWords(parseShell(command.source), text);
  if (words === undefined) return [removal];
  return [{ title: 'array', safety: 'suggested', edits: [replace(span, jsonArray(words))] }, removal];
}

export default defineRule('stage', {
  meta: {
    id: 'dockerfile/cmd-ignored',
    rows: ['D802'],
    summary: '`CMD` does nothing beside an `ENTRYPOINT` in shell form.',
    why: 'CMD is passed to ENTRYPOINT as arguments. The shell form is `/bin/sh -c` with one line: what comes behind it never reaches the program, and neither do the arguments of `docker run`. As a JSON array, ENTRYPOINT gets them.',
    severity: 'warning',
    topic: 'runtime',
    messages: {
      ignored: 'This `CMD` never reaches the `ENTRYPOINT`, which is in shell form',
      entrypoint: 'The shell takes no notice of arguments here',
    },
    titles: { array: 'Change `ENTRYPOINT` to a JSON array', remove: 'Remove this `CMD`' },
    fix: 'always',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM python:3.14-slim\nENTRYPOINT python app.py\nCMD ["--port", "80"]\n',
        good: 'FROM python:3.14-slim\nENTRYPOINT ["python", "app.py"]\nCMD ["--port", "80"]\n',
      },
    ],
    options: {},
    sources: [],
  },
  only: ['cmd'],
  beside: ['entrypoint'],
  *check({ stage, dockerfile }) {
    const cmd = last(stage, 'cmd');
    if (cmd === undefined || stage.windows) return;
    // `CMD []` takes back what the base image says.
    if (cmd.command.kind === 'exec' && cmd.command.words.length === 0) return;
    const entrypoint = ancestry(stage)
      .map((one) => last(one, 'entrypoint'))
      .findLast((one) => one !== undefined);
    if (entrypoint === undefined || !ignoresArguments(entrypoint)) return;
    yield {
      message: 'ignored',
      span: cmd.keyword.span,
      related: [{ message: 'entrypoint', span: entrypoint.command.span }],
      fixes: fixesFor(dockerfile, entrypoint, stage, cmd),
    };
  },
});
