import type { Instruction } from '../../dockerfile/model.ts';
import { programsCalled } from '../../dockerfile/subjects.ts';
import { defineRule } from '../../engine/rule.ts';
import { readFlags } from '../../shell/flags.ts';
import type { Located } from '../../text/span.ts';

/** Whether a mode of `chmod` sets the bit that makes its owner, or its group, of whoever starts the file. */
function setsBit(mode: string): boolean {
  if (/^[0-7]{4,5}$/.test(mode)) return (Number(mode.at(-4)) & 6) !== 0;
  return mode.split(',').some((clause) => /^[ugoa]*[+=][rwxXt]*s/.test(clause));
}

function* modesOf(instruction: Instruction): Generator<Located<string>> {
  if (instruction.kind === 'copy' || instruction.kind === 'add') {
    for (const { name, value } of instruction.flags) if (name.value === 'chmod' && value) yield value;
  }
  if (instruction.kind !== 'run') return;
  for (const { name, words } of instruction.script?.commands ?? []) {
    const [mode] = name === 'chmod' ? readFlags(words).positionals : [];
    if (mode?.constant) yield { value: mode.value, span: mode.span };
  }
}

export default defineRule('instruction', {
  meta: {
    id: 'dockerfile/setuid-bit',
    rows: ['D608'],
    summary: 'Files of an image should not be given the setuid or setgid bit.',
    why: 'A program with the setuid bit runs as its owner, mostly root, whoever starts it: a flaw in it gives back the rights that USER took away. Kubernetes and Docker can switch the bit off (`allowPrivilegeEscalation: false`, `no-new-privileges`), and then the program fails. On folders the setgid bit only passes the group on, which cannot be told from here: off by default.',
    severity: 'information',
    optional: true,
    topic: 'security',
    messages: { set: '`{mode}` lets whoever starts the file act as its owner or group' },
    titles: {},
    fix: 'never',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM debian:13-slim\nCOPY helper /usr/bin/helper\nRUN chmod 4755 /usr/bin/helper\n',
        good: 'FROM debian:13-slim\nCOPY helper /usr/bin/helper\nRUN chmod 755 /usr/bin/helper\n',
      },
    ],
    options: {},
    sources: ['dockle CIS-DI-0008'],
  },
  only: ['run', 'copy', 'add'],
  mentions: ['chmod'],
  when: ({ instruction, stage }) =>
    stage?.shipped !== false &&
    (instruction.kind === 'run'
      ? programsCalled(instruction).has('chmod')
      : instruction.flags.some(({ name }) => name.value === 'chmod')),
  *check({ instruction }) {
    for (const { value, span } of modesOf(instruction)) {
      if (setsBit(value)) yield { message: 'set', data: { mode: value }, span };
    }
  },
});
