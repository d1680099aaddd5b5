import type { Flag, Instruction, Stage } from '../../dockerfile/model.ts';
import { instructionsBefore } from '../../dockerfile/stage-facts.ts';
import { baseOf, nobodyInParticular } from '../../dockerfile/users.ts';
import { defineRule } from '../../engine/rule.ts';
import { replace } from '../../text/edit.ts';
import type { Located } from '../../text/span.ts';

/** Whether something that was copied may have brought the list of users: by its name, or with a whole tree of folders. */
function mayHaveUsers(stage: Stage, before: Instruction): boolean {
  for (const instruction of instructionsBefore(stage, before)) {
    if (instruction.kind === 'run') return true;
    if (instruction.kind !== 'copy' && instruction.kind !== 'add') continue;
    const to = instruction.destination?.value ?? '/';
    if (/^\.?\/?\.?$/.test(to) || /^\/?etc(?:\/|$)/.test(to) || instruction.destination?.constant === false)
      return true;
  }
  return false;
}

/** USER, and the `--chown` of COPY and ADD: user and group with their names. */
function owner(instruction: Instruction): Located<string> | undefined {
  if (instruction.kind === 'user') {
    const [word] = instruction.words;
    return word?.constant === true && word.text === word.value ? { value: word.value, span: word.span } : undefined;
  }
  if (instruction.kind !== 'copy' && instruction.kind !== 'add') return undefined;
  const chown: Flag | undefined = instruction.flags.find(({ name }) => name.value === 'chown');
  return chown?.value?.value.includes('$') === false ? chown.value : undefined;
}

export default defineRule('instruction', {
  meta: {
    id: 'dockerfile/user-not-in-image',
    rows: ['D603'],
    summary: 'An image without a list of users knows users by their number only.',
    why: '`scratch` has no `/etc/passwd`: a container with a name for its user does not start, and `--chown` with a name ends the build. A number needs no list. So does a name once `/etc/passwd` is copied from another stage, which is why files that were copied to `/` or `/etc` keep this rule quiet.',
    severity: 'warning',
    topic: 'correctness',
    messages: { name: 'There is no `{name}` in this image: it has no `/etc/passwd`' },
    titles: { number: 'Change to `{number}`' },
    fix: 'sometimes',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM scratch\nCOPY app /bin/app\nUSER nonroot\nENTRYPOINT ["/bin/app"]\n',
        good: 'FROM scratch\nCOPY app /bin/app\nUSER 65532:65532\nENTRYPOINT ["/bin/app"]\n',
      },
    ],
    options: {},
    sources: ['tally named-identity-in-passwdless-stage'],
  },
  only: ['user', 'copy', 'add'],
  mentions: ['scratch'],
  when: ({ stage }) => stage !== undefined && baseOf(stage)?.repository === 'scratch',
  *check({ instruction, stage }) {
    const who = owner(instruction);
    if (who === undefined || stage === undefined || instruction.onbuild) return;
    const name = who.value.split(':').find((part) => part !== '' && !/^\d+$/.test(part));
    if (name === undefined || name === 'root' || mayHaveUsers(stage, instruction)) return;
    const number = nobodyInParticular;
    yield {
      message: 'name',
      data: { name },
      span: who.span,
      fixes: [{ title: 'number', data: { number }, safety: 'suggested', edits: [replace(who.span, number)] }],
    };
  },
});
