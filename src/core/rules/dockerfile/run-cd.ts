import { insertInstructionBefore } from '../../dockerfile/edit.ts';
import type { Dockerfile, RunInstruction } from '../../dockerfile/model.ts';
import { defineRule } from '../../engine/rule.ts';
import type { ShellCommand } from '../../shell/model.ts';
import { remove, replace, type TextEdit } from '../../text/edit.ts';

/** WORKDIR above, and the `cd` taken out of the RUN that begins with it. */
function workdir(dockerfile: Dockerfile, run: RunInstruction, folder: string): readonly TextEdit[] {
  const [first, second] = run.script?.commands ?? [];
  if (run.command.kind !== 'shell' || run.heredocs.length > 0 || first === undefined || run.onbuild) return [];
  const above = insertInstructionBefore(dockerfile, run, `WORKDIR ${folder}`);
  if (second === undefined) return [replace(run.span, `WORKDIR ${folder}`)];
  const gap = dockerfile.text.slice(first.span.end, second.nameWord.span.start);
  if (second.joined !== '&&' || second.list !== 0 || !/^\s*&&\s*(?:\\\r?\n\s*)?$/.test(gap)) return [];
  return [above, remove({ start: first.span.start, end: second.nameWord.span.start })];
}

function target(command: ShellCommand): string | undefined {
  const [word] = command.words;
  return word?.constant && command.words.length === 1 && /^[\w./+@-]+$/.test(word.value) && word.value !== '-'
    ? word.value
    : undefined;
}

export default defineRule('instruction', {
  meta: {
    id: 'dockerfile/run-cd',
    rows: ['D404'],
    summary: 'A folder to work in should be set with `WORKDIR`.',
    why: 'A `cd` holds until the end of its RUN; the next one begins where WORKDIR says. WORKDIR also makes the folder, and says in one place where things happen. Said of a `cd` that a RUN begins with, and of others to an absolute path; a subshell that goes somewhere and comes back is fine.',
    severity: 'information',
    topic: 'style',
    messages: {
      cd: '`cd` holds for this `RUN` only; `WORKDIR` sets the folder',
      nothing: 'This `cd` has no effect: the next instruction begins where `WORKDIR` says',
    },
    titles: { workdir: 'Add `WORKDIR {folder}` before it instead' },
    fix: 'sometimes',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM alpine:3.22\nRUN cd /srv && make\n',
        good: 'FROM alpine:3.22\nWORKDIR /srv\nRUN make\n',
      },
    ],
    options: {},
    sources: ['hadolint DL3003', 'trivy DS-0013', 'kics run_command_cd_instead_of_workdir', 'semgrep use-workdir'],
  },
  only: ['run'],
  calls: ['cd'],
  *check({ instruction: run, dockerfile }) {
    const commands = run.script?.commands ?? [];
    const at = commands.findIndex(({ name, list, conditional }) => name === 'cd' && list === 0 && !conditional);
    const command = commands[at];
    if (command === undefined || (at > 0 && !command.words[0]?.value.startsWith('/'))) return;
    const folder = at === 0 ? target(command) : undefined;
    const edits = folder === undefined ? [] : workdir(dockerfile, run, folder);
    const alone = commands.length === 1;
    yield {
      message: alone ? 'nothing' : 'cd',
      span: command.nameWord.span,
      ...(alone && { severity: 'warning' }),
      fixes: edits.length > 0 ? [{ title: 'workdir', data: { folder: folder ?? '' }, safety: 'suggested', edits }] : [],
    };
  },
});
