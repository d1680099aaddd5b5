import type { Dockerfile, RunInstruction } from '../../dockerfile/model.ts';
import { defineRule } from '../../engine/rule.ts';
import { replace, type TextEdit } from '../../text/edit.ts';
import { lineBreak } from '../../text/lines.ts';

/** What a shell keeps for the commands after it. */
const lasting: ReadonlySet<string> = new Set([
  'cd',
  'export',
  'set',
  'exit',
  'exec',
  'source',
  '.',
  'umask',
  'trap',
  '',
]);

function flagsOf(run: RunInstruction): string {
  return run.flags.map(({ name, value }) => `${name.value}=${value?.value ?? ''}`).join(' ');
}

function isSingle({ script, heredocs, command }: RunInstruction): boolean {
  return script !== undefined && heredocs.length === 0 && command.kind === 'shell' && script.commands.length === 1;
}

/** Commands one after the other, with nothing that the next RUN would see. */
function isPlain({ script, arguments: { text } }: RunInstruction): boolean {
  if (script === undefined || script.problems.length > 0 || /[;&|\\`]\s*$/.test(text)) return false;
  return script.commands.every(
    ({ name, list, joined, conditional }) =>
      list === 0 && !conditional && (joined === '' || joined === '&&') && !lasting.has(name),
  );
}

/** One RUN of two, the second on a line of its own. */
function join(dockerfile: Dockerfile, first: RunInstruction, second: RunInstruction): TextEdit | undefined {
  const start = second.script?.span.start;
  if (start === undefined || !isPlain(first) || !isPlain(second)) return undefined;
  const gap = dockerfile.text.slice(first.span.end, second.span.start);
  if (gap.trim() !== '' || dockerfile.text.slice(second.span.start, start).includes('\n')) return undefined;
  return replace({ start: first.span.end, end: start }, ` ${dockerfile.escape}${lineBreak(dockerfile.text)}    && `);
}

export default defineRule('stage', {
  meta: {
    id: 'dockerfile/consecutive-run',
    rows: ['D403'],
    summary: '`RUN` instructions of one command each, one after the other, may be one.',
    why: 'Each RUN makes a layer: what one of them leaves, a later one cannot take out of the image again. Where they belong together, one RUN says so. Those of several commands, those with other flags, and stages that are not shipped are left alone: layers of their own are good for the build cache.',
    severity: 'information',
    topic: 'build cache',
    messages: { consecutive: 'This `RUN` could be part of the one before it' },
    titles: { join: 'Join it with the `RUN` before it' },
    fix: 'sometimes',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM alpine:3.22\nRUN adduser -D web\nRUN mkdir /srv/web\n',
        good: 'FROM alpine:3.22\nRUN adduser -D web \\\n    && mkdir /srv/web\n',
      },
    ],
    options: {},
    sources: ['hadolint DL3059', 'sonar S7031', 'kics multiple_run_add_copy_instructions_listed'],
  },
  only: ['run'],
  when: ({ stage: { shipped, instructions } }) =>
    shipped && instructions.some(({ kind }, at) => kind === 'run' && instructions[at + 1]?.kind === 'run'),
  *check({ stage, dockerfile }) {
    let before: RunInstruction | undefined;
    for (const instruction of stage.instructions) {
      const run = instruction.kind === 'run' ? instruction : undefined;
      if (run && before && isSingle(run) && isSingle(before) && flagsOf(run) === flagsOf(before)) {
        const first = before;
        yield {
          message: 'consecutive',
          span: run.keyword.span,
          lateFixes: () => {
            const edit = join(dockerfile, first, run);
            return edit ? [{ title: 'join', safety: 'suggested', edits: [edit] }] : [];
          },
        };
      }
      before = run;
    }
  },
});
