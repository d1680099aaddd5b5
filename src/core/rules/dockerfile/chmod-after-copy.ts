import { insertFlag, removeInstruction } from '../../dockerfile/edit.ts';
import { pathIn, workdirAt } from '../../dockerfile/folders.ts';
import type { CopyInstruction, Dockerfile, Stage } from '../../dockerfile/model.ts';
import { defineRule } from '../../engine/rule.ts';
import { readFlags } from '../../shell/flags.ts';
import type { ShellCommand } from '../../shell/model.ts';

/** The paths that a COPY makes: its destination, and the files in it by their names. */
function copied(dockerfile: Dockerfile, stage: Stage, copy: CopyInstruction): ReadonlySet<string> {
  const into = copy.destination?.constant ? copy.destination.value : undefined;
  const folder = into === undefined ? undefined : pathIn(workdirAt(dockerfile, stage, copy), into);
  if (folder === undefined) return new Set();
  const paths = new Set([folder]);
  for (const { value } of copy.sources) {
    const path = pathIn(folder, value.slice(value.replace(/\/+$/, '').lastIndexOf('/') + 1));
    if (path !== undefined) paths.add(path);
  }
  return paths;
}

/** The value of the flag that does the same, where the command is nothing but that. */
function flagFor({
  name,
  words,
}: ShellCommand): { readonly value: string; readonly paths: readonly string[] } | undefined {
  const { flags, positionals } = readFlags(words);
  const [value, ...paths] = positionals;
  if (value === undefined || paths.length === 0 || !positionals.every(({ constant }) => constant)) return undefined;
  if (flags.some((flag) => !/^(?:-R|--recursive|-v|-f)$/.test(flag.name))) return undefined;
  const known = name === 'chmod' ? /^(?:[0-7]{3,4}|[ugoa]*[+=][rwxX]+)$/ : /^[\w.-]+(?::[\w.-]*)?$/;
  return known.test(value.value) ? { value: value.value, paths: paths.map((path) => path.value) } : undefined;
}

export default defineRule('instruction', {
  meta: {
    id: 'dockerfile/chmod-after-copy',
    rows: ['D408'],
    summary: 'Mode and owner of copied files should be set by the `COPY` itself.',
    why: 'A RUN that changes mode or owner of files stores them all a second time: the layer of the COPY holds them as they were. With `--chmod` and `--chown` there is one layer and one copy.',
    severity: 'information',
    topic: 'size',
    messages: { twice: '`{program}` stores what was just copied a second time' },
    titles: { flag: 'Change to `COPY {flag}`' },
    fix: 'sometimes',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM alpine:3.22\nCOPY start.sh /start.sh\nRUN chmod 755 /start.sh\n',
        good: 'FROM alpine:3.22\nCOPY --chmod=755 start.sh /start.sh\n',
      },
    ],
    options: {},
    sources: ['tally prefer-copy-chmod'],
  },
  only: ['run'],
  calls: ['chmod', 'chown'],
  when: ({ instruction, stage }) =>
    stage !== undefined &&
    !instruction.onbuild &&
    instruction.script?.commands.length === 1 &&
    instruction.flags.length === 0,
  *check({ instruction: run, stage, dockerfile }) {
    const [command] = run.script?.commands ?? [];
    if (stage === undefined || command === undefined) return;
    const copy = stage.instructions[stage.instructions.indexOf(run) - 1];
    if (copy?.kind !== 'copy' && copy?.kind !== 'add') return;
    const wanted = flagFor(command);
    const made = copied(dockerfile, stage, copy);
    const here = workdirAt(dockerfile, stage, run);
    if (wanted === undefined || !wanted.paths.every((path) => made.has(pathIn(here, path) ?? ''))) return;
    const flag = `--${command.name}=${wanted.value}`;
    const taken = copy.flags.some(({ name }) => name.value === command.name);
    // Symbolic modes are newer than most builders, and of several files all get the mode.
    const honest =
      !taken &&
      run.command.kind === 'shell' &&
      run.heredocs.length === 0 &&
      /^[\w:.-]+$/.test(wanted.value) &&
      copy.sources.length === 1;
    yield {
      message: 'twice',
      data: { program: command.name },
      span: command.nameWord.span,
      fixes: honest
        ? [
            {
              title: 'flag',
              data: { flag },
              safety: 'suggested',
              edits: [insertFlag(copy, flag), removeInstruction(dockerfile, run)],
            },
          ]
        : [],
    };
  },
});
