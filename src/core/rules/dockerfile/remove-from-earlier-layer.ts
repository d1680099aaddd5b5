import { pathIn, valueAt, workdirAt } from '../../dockerfile/folders.ts';
import type { CopyInstruction, Instruction, RunInstruction } from '../../dockerfile/model.ts';
import { programsCalled } from '../../dockerfile/subjects.ts';
import { defineRule } from '../../engine/rule.ts';
import { readFlags } from '../../shell/flags.ts';

type Add = (path: string) => void;

/** What a COPY makes, by path from the folder that it works in. */
function copied({ destination, sources }: CopyInstruction, add: Add): void {
  if (destination === undefined || !destination.constant) return;
  add(destination.value);
  for (const { value } of sources) {
    const name = value.slice(value.lastIndexOf('/') + 1);
    if (name !== '') add(`${destination.value}/${name}`);
  }
}

const outputs = new Set(['-o', '-O', '--output', '--output-document']);

/** What curl and wget are told to write. */
function downloaded(run: RunInstruction, add: Add): void {
  const programs = programsCalled(run);
  if (!programs.has('curl') && !programs.has('wget')) return;
  if (programs.has('cd') || programs.has('rm') || programs.has('mv')) return;
  const commands = run.script?.commands ?? [];
  for (const { name, words } of commands) {
    if (name !== 'curl' && name !== 'wget') continue;
    const output = readFlags(words, { takesValue: outputs }).flags.find((flag) =>
      ['--output', '--output-document', name === 'curl' ? '-o' : '-O'].includes(flag.name),
    );
    if (output?.value?.constant) add(output.value.text);
  }
}

function removes(instruction: Instruction): boolean {
  return instruction.kind === 'run' && programsCalled(instruction).has('rm');
}

export default defineRule('stage', {
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
  calls: ['rm'],
  when: ({ stage }) => stage.shipped && stage.instructions.some(removes),
  *check({ stage, dockerfile }) {
    const made = new Set<string>();
    const [first] = stage.instructions;
    let folder = first && workdirAt(dockerfile, stage, first);
    const add: Add = (path) => {
      const whole = pathIn(folder, path);
      if (whole !== undefined && whole !== '/') made.add(whole);
    };
    for (const instruction of stage.instructions) {
      if (instruction.kind === 'workdir') {
        const path = valueAt(dockerfile, instruction, instruction.arguments.text.trim());
        folder = path === undefined ? undefined : pathIn(folder, path);
      } else if (instruction.kind === 'copy' || instruction.kind === 'add') copied(instruction, add);
      else if (instruction.kind === 'run') {
        const programs = programsCalled(instruction);
        const removes = made.size > 0 && programs.has('rm') && !programs.has('cd');
        for (const { name, conditional, words } of removes ? (instruction.script?.commands ?? []) : []) {
          if (name !== 'rm' || conditional) continue;
          for (const word of readFlags(words).positionals) {
            const path = word.constant ? pathIn(folder, word.value) : undefined;
            if (path !== undefined && made.has(path))
              yield { message: 'hidden', data: { path: word.value }, span: word.span };
          }
        }
        downloaded(instruction, add);
      }
    }
  },
});
