import { insertFlag } from '../../dockerfile/edit.ts';
import { isRoot, lastUserBefore, userOf } from '../../dockerfile/users.ts';
import { defineRule } from '../../engine/rule.ts';

/** Programs and settings that only root has to change. */
const system = /^\/(?:s?bin|etc|lib|opt\/[^/]+\/bin|usr)(?:\/|$)/;

export default defineRule('instruction', {
  meta: {
    id: 'dockerfile/copy-without-owner',
    rows: ['D618'],
    summary: '`COPY` and `ADD` give files to root, whatever `USER` says.',
    why: 'A program that runs as the USER before cannot write to these files. For its code that is good, and the reason why this is off by default; files that it must change need `--chown`.',
    severity: 'information',
    optional: true,
    topic: 'security',
    messages: { root: '`{keyword}` gives the files to root, not to `{user}`: `--chown` changes that' },
    titles: { chown: 'Add `--chown={user}`' },
    fix: 'always',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM node:24\nUSER node\nCOPY . /home/node/app\n',
        good: 'FROM node:24\nUSER node\nCOPY --chown=node . /home/node/app\n',
      },
    ],
    options: {},
    sources: ['tally copy-after-user-without-chown'],
  },
  only: ['copy', 'add'],
  beside: ['user'],
  *check({ instruction, stage, dockerfile }) {
    if (stage === undefined || stage.windows) return;
    if (instruction.flags.some(({ name }) => name.value === 'chown' || name.value === 'chmod')) return;
    const user = lastUserBefore(stage, instruction);
    const [word] = user?.words ?? [];
    if (user === undefined || word === undefined || system.test(instruction.destination?.value ?? '')) return;
    const name = userOf(dockerfile, user);
    if (name === undefined || isRoot(name)) return;
    yield {
      message: 'root',
      data: { keyword: instruction.keyword.value.toUpperCase(), user: word.value },
      span: instruction.keyword.span,
      fixes: [{ title: 'chown', safety: 'suggested', edits: [insertFlag(instruction, `--chown=${word.value}`)] }],
    };
  },
});
