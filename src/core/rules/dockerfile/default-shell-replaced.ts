import { jsonArray } from '../../dockerfile/edit.ts';
import type { RunCommand } from '../../dockerfile/model.ts';
import { isPosixShell, programName } from '../../dockerfile/stages.ts';
import { defineRule } from '../../engine/rule.ts';
import { type ReadFlags, readFlags } from '../../shell/flags.ts';
import { replace, type TextEdit } from '../../text/edit.ts';

const powershell = /^powershell(?:\.exe)?$/i;
const shellPath = /^\/(?:usr\/)?bin\/sh$/;

/** SHELL in the place of a RUN that does nothing but that. */
function shellInstead({ run, dockerfile }: RunCommand, { positionals }: ReadFlags): TextEdit | undefined {
  const [program] = positionals;
  const alone = run.script?.commands.length === 1 && run.command.kind === 'shell' && run.heredocs.length === 0;
  if (!alone || program === undefined || run.flags.length > 0) return undefined;
  const path = program.value.includes('/') ? program.value : `/bin/${program.value}`;
  if (!program.constant || programName(path) === 'sh' || !isPosixShell([path])) return undefined;
  const keyword = run.keyword.value === run.keyword.value.toLowerCase() ? 'shell' : 'SHELL';
  // What stands between the lines would be lost.
  const written = dockerfile.text.slice(run.span.start, run.span.end);
  return /[\r\n]/.test(written) ? undefined : replace(run.span, `${keyword} ${jsonArray([path, '-c'])}`);
}

const takesValue = new Set(['-t', '-S', '--target-directory', '--suffix']);

export default defineRule('run-command', {
  meta: {
    id: 'dockerfile/default-shell-replaced',
    rows: ['D808'],
    summary: 'The shell of a build should be chosen with `SHELL`, not by replacing `/bin/sh`.',
    why: 'Every script of the image that asks for `sh` then runs in another shell, those of packages too, and an update puts the old one back. SHELL chooses the shell of RUN, CMD and ENTRYPOINT for this Dockerfile alone, and says so where a reader looks.',
    severity: 'warning',
    topic: 'correctness',
    messages: {
      link: '`{path}` is replaced for the whole image: `SHELL` chooses the shell of a build',
      powershell: '`SHELL` chooses the shell of a build: it need not be called in each `RUN`',
    },
    titles: { shell: 'Change to `SHELL`' },
    fix: 'sometimes',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM debian:13\nRUN ln -sf /bin/bash /bin/sh\n',
        good: 'FROM debian:13\nSHELL ["/bin/bash", "-c"]\n',
      },
    ],
    options: {},
    sources: ['hadolint DL4005', 'kics changing_default_shell_using_run_command', 'semgrep use-shell-instruction'],
  },
  calls: (name) => name === 'ln' || powershell.test(name),
  when: ({ command: { name, words } }) => name !== 'ln' || words.some(({ value }) => shellPath.test(value)),
  *check(subject) {
    const { command } = subject;
    const { name, nameWord, words } = command;
    if (powershell.test(name)) yield { message: 'powershell', span: nameWord.span, severity: 'information' };
    if (name !== 'ln') return;
    const read = readFlags(words, { takesValue });
    const link = read.positionals.at(-1);
    if (link === undefined || !shellPath.test(link.value) || read.positionals.length < 2) return;
    // A root folder that is put together from nothing needs a shell.
    if (read.positionals.some(({ value }) => /busybox|toybox/.test(value))) return;
    const edit = shellInstead(subject, read);
    yield {
      message: 'link',
      data: { path: link.value },
      span: link.span,
      fixes: edit ? [{ title: 'shell', safety: 'suggested', edits: [edit] }] : [],
    };
  },
});
