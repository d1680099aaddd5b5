import { pathIn, workdirAt } from '../../dockerfile/folders.ts';
import type { Dockerfile, RunInstruction, Stage } from '../../dockerfile/model.ts';
import { defineRule } from '../../engine/rule.ts';
import { readFlags } from '../../shell/flags.ts';

/** What COPYs of the stage made before a RUN, and curl, wget and git in RUNs before it, by path. */
function madeBefore(dockerfile: Dockerfile, stage: Stage, run: RunInstruction): ReadonlySet<string> {
  const made = new Set<string>();
  const add = (folder: string | undefined, path: string): void => {
    const whole = pathIn(folder, path);
    if (whole !== undefined && whole !== '/') made.add(whole);
  };
  for (const instruction of stage.instructions) {
    if (instruction === run) break;
    if (instruction.kind === 'copy' || instruction.kind === 'add') {
      const { destination, sources } = instruction;
      if (destination === undefined || !destination.constant) continue;
      const folder = workdirAt(dockerfile, stage, instruction);
      const into = pathIn(folder, destination.value);
      add(folder, destination.value);
      for (const { value } of into === undefined ? [] : sources)
        add(into, value.slice(value.lastIndexOf('/') + 1) || '.');
    } else if (instruction.kind === 'run') {
      const folder = workdirAt(dockerfile, stage, instruction);
      const commands = instruction.script?.commands ?? [];
      if (commands.some(({ name }) => name === 'cd' || name === 'rm' || name === 'mv')) continue;
      for (const { name, words } of commands) {
        if (name !== 'curl' && name !== 'wget') continue;
        const output = readFlags(words, { takesValue: ['-o', '-O', '--output', '--output-document'] }).flags.find(
          (flag) => ['--output', '--output-document', name === 'curl' ? '-o' : '-O'].includes(flag.name),
        );
        if (output?.value?.constant) add(folder, output.value.text);
      }
    }
  }
  return made;
}

export default defineRule('run-command', {
  meta: {
    id: 'dockerfile/remove-from-earlier-layer',
    rows: ['D412'],
    summary: 'Files should be removed in the layer that made them.',
    why: 'A layer cannot be changed by a later one: what is removed there is hidden, but still shipped, and can still be read. Remove it in the RUN that fetched it, or take it in with a mount (`RUN --mount=type=bind`) instead of a COPY.',
    severity: 'information',
    topic: 'size',
    messages: { hidden: '`{path}` stays in the layer that made it: this only hides it' },
    titles: {},
    fix: 'never',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM alpine:3.22\nCOPY setup.sh /tmp/\nRUN sh /tmp/setup.sh && rm /tmp/setup.sh\n',
        good: 'FROM alpine:3.22\nRUN --mount=type=bind,source=setup.sh,target=/tmp/setup.sh sh /tmp/setup.sh\n',
      },
    ],
    options: {},
    sources: [],
  },
  *check({ command, run, stage, dockerfile }) {
    if (command.name !== 'rm' || !stage.shipped || run.onbuild || command.conditional) return;
    if (run.script?.commands.some(({ name }) => name === 'cd')) return;
    const made = madeBefore(dockerfile, stage, run);
    if (made.size === 0) return;
    const folder = workdirAt(dockerfile, stage, run);
    for (const word of readFlags(command.words).positionals) {
      const path = word.constant ? pathIn(folder, word.value) : undefined;
      if (path !== undefined && made.has(path))
        yield { message: 'hidden', data: { path: word.value }, span: word.span };
    }
  },
});
