import { removeFlag } from '../../dockerfile/edit.ts';
import { isRoot, lastUser, userOf } from '../../dockerfile/users.ts';
import { defineRule } from '../../engine/rule.ts';

export default defineRule('stage', {
  meta: {
    id: 'dockerfile/copy-owned-by-user',
    rows: ['D609'],
    summary: 'A program should not be able to change its own code.',
    why: 'What is copied with `--chown` for the user that the container runs as, whoever breaks into the program can rewrite: its code, its templates, the scripts that start it. Without `--chown` the files are root’s, and everybody can still read them. Folders that the program writes to do need it, which cannot be told from here: off by default.',
    severity: 'information',
    optional: true,
    topic: 'security',
    messages: { owned: 'The program runs as `{user}` and can change these files: they are its own' },
    titles: { remove: 'Remove `--chown`: the files are root’s' },
    fix: 'sometimes',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM node:24\nCOPY --chown=node:node . /app\nUSER node\nCMD ["node", "/app/server.js"]\n',
        good: 'FROM node:24\nCOPY . /app\nUSER node\nCMD ["node", "/app/server.js"]\n',
      },
    ],
    options: {},
    sources: ['sonar S6504', 'kics chown_flag_exists'],
  },
  beside: ['user'],
  when: ({ stage, dockerfile }) =>
    stage === dockerfile.stages.at(-1) &&
    stage.instructions.some(({ flags }) => flags.some(({ name }) => name.value === 'chown')),
  *check({ stage, dockerfile }) {
    const user = lastUser(stage);
    const runs = user && userOf(dockerfile, user)?.split(':')[0];
    if (runs === undefined || isRoot(runs)) return;
    for (const instruction of stage.instructions) {
      if (instruction.kind !== 'copy' && instruction.kind !== 'add') continue;
      const owner = instruction.flags.find(({ name }) => name.value === 'chown');
      const mode = instruction.flags.find(({ name }) => name.value === 'chmod')?.value?.value;
      if (owner === undefined || owner.value?.value.split(':')[0] !== runs) continue;
      // A mode without the owner's right to write is as good.
      if (mode !== undefined && /^0?[0145][0-7]{2}$/.test(mode)) continue;
      yield {
        message: 'owned',
        data: { user: runs },
        span: owner.span,
        // With another mode root's files may be closed to the program.
        fixes: mode ? [] : [{ title: 'remove', safety: 'suggested', edits: [removeFlag(dockerfile, owner)] }],
      };
    }
  },
});
