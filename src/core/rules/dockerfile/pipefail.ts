import { insertInstructionBefore } from '../../dockerfile/edit.ts';
import type { Dockerfile, RunInstruction, Stage } from '../../dockerfile/model.ts';
import { hidingPipe, isFetch } from '../../dockerfile/pipes.ts';
import { hasPipefail, shellAt } from '../../dockerfile/shells.ts';
import { baseOf } from '../../dockerfile/users.ts';
import { defineRule, type ProposedFix } from '../../engine/rule.ts';
import { familyOfBase } from '../../images/base-images.ts';
import { insert } from '../../text/edit.ts';

/** @param first the first RUN of the stage with such a pipe and no SHELL: a SHELL before it does for all. */
function fixFor(
  dockerfile: Dockerfile,
  stage: Stage,
  run: RunInstruction,
  first: RunInstruction,
): readonly ProposedFix<'option' | 'shell'>[] {
  if (run.command.kind === 'exec') return [];
  const set = shellAt(stage, run);
  if (set === undefined) {
    const base = baseOf(stage);
    const family = base && familyOfBase(base);
    if (family === 'empty' || first.onbuild) return [];
    const shell = family === 'alpine' ? '/bin/ash' : '/bin/bash';
    const edit = insertInstructionBefore(dockerfile, first, `SHELL ["${shell}", "-o", "pipefail", "-c"]`);
    return [{ title: 'shell', data: { shell }, safety: 'suggested', edits: [edit] }];
  }
  if (set.command.kind !== 'exec' || !stage.instructions.includes(set)) return [];
  const [program, ...options] = set.command.words;
  const flag = options.find(({ value }) => /^-\w*c$/.test(value));
  if (program === undefined || flag === undefined || !hasPipefail([program.value, '-o', 'pipefail'])) return [];
  return [{ title: 'option', safety: 'suggested', edits: [insert(flag.span.start, '"-o", "pipefail", ')] }];
}

/** The RUNs that have a pipe somewhere. */
function runsOf(dockerfile: Dockerfile, stage: Stage): readonly RunInstruction[] {
  return stage.instructions.flatMap((instruction) => {
    const inner = instruction.kind === 'onbuild' ? instruction.trigger : instruction;
    const { start, end } = instruction.span;
    return inner?.kind === 'run' && dockerfile.text.slice(start, end).includes('|') ? inner : [];
  });
}

export default defineRule('stage', {
  meta: {
    id: 'dockerfile/pipefail',
    rows: ['D807'],
    summary: 'A pipe in `RUN` should fail where any part of it fails.',
    why: 'The shell only looks at the last program of a pipe: a failed download piped into `tar` or `sh` can pass as a step that went well, and is kept in the cache. `SHELL` with `-o pipefail` changes that for the RUNs after it; `sh` of Debian and Ubuntu has no such option, `bash` has, and so has `ash` of Alpine. It also fails where the reader stops early (`| head -1`), and where `grep` finds nothing. What only prints or lists (`echo`, `find`) is left alone, and what goes into `sha256sum -c`; it is information where nothing is fetched from elsewhere.',
    severity: 'warning',
    topic: 'correctness',
    messages: {
      fetch: 'When `{left}` fails, this step still goes on: the shell runs without `pipefail`',
      hidden: 'Only the last part of this pipe is looked at: the shell runs without `pipefail`',
      literal: '`|` is an argument here: no shell reads a JSON array',
    },
    titles: { shell: 'Add `SHELL` with `{shell} -o pipefail`', option: 'Add `-o pipefail` to `SHELL`' },
    fix: 'sometimes',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM debian:13\nRUN curl -fsSL https://example.com/a.tar.gz | tar xz\n',
        good: 'FROM debian:13\nSHELL ["/bin/bash", "-o", "pipefail", "-c"]\nRUN curl -fsSL https://example.com/a.tar.gz | tar xz\n',
      },
      {
        file: 'Dockerfile',
        bad: 'FROM alpine:3.22\nRUN wget -qO- https://example.com/a.tar.gz | tar xz\n',
        good: 'FROM alpine:3.22\nSHELL ["/bin/ash", "-o", "pipefail", "-c"]\nRUN wget -qO- https://example.com/a.tar.gz | tar xz\n',
      },
    ],
    options: {},
    sources: ['hadolint DL4006', 'kics shell_running_a_pipe_without_pipefail_flag', 'semgrep set-pipefail'],
  },
  mentions: ['|'],
  only: ['run'],
  when: ({ stage }) => !stage.windows,
  *check({ stage, dockerfile }) {
    let first: RunInstruction | undefined;
    for (const run of runsOf(dockerfile, stage)) {
      const literal = run.command.kind === 'exec' ? run.command.words.find(({ value }) => value === '|') : undefined;
      if (literal !== undefined) yield { message: 'literal', span: literal.span };
      const pipe = hidingPipe(run, stage, dockerfile);
      if (pipe === undefined) continue;
      if (shellAt(stage, run) === undefined) first ??= run;
      const before = first ?? run;
      const fetch = isFetch(pipe);
      yield {
        message: fetch ? 'fetch' : 'hidden',
        data: { left: pipe.left?.name ?? '' },
        span: pipe.span,
        ...(!fetch && { severity: 'information' }),
        lateFixes: () => fixFor(dockerfile, stage, run, before),
      };
    }
  },
});
