import { wholeContext } from '../../dockerfile/context-copy.ts';
import { installAfter, manifestsFirst } from '../../dockerfile/install-order.ts';
import { defineRule } from '../../engine/rule.ts';

export default defineRule('stage', {
  meta: {
    id: 'dockerfile/copy-before-install',
    rows: ['D401'],
    summary: 'Dependencies should be installed before the whole project is copied.',
    why: 'The builder runs a step again as soon as anything before it has changed. With all sources copied first, each changed line of code downloads and installs every dependency anew. Copy the files that list them, install, and copy the rest afterwards: the install is then taken from the cache until the list changes.',
    severity: 'warning',
    topic: 'build cache',
    messages: {
      busts: 'Every change to the project runs `{install}` again',
      builds: 'Every change to the project downloads what `{install}` needs again',
      install: 'This is run again',
    },
    titles: { reorder: 'Copy {manifests} first and the rest after `{install}`' },
    fix: 'sometimes',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM node:24\nWORKDIR /app\nCOPY . .\nRUN npm ci\nCMD ["node", "server.js"]\n',
        good: 'FROM node:24\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci\nCOPY . .\nCMD ["node", "server.js"]\n',
      },
    ],
    options: {},
    sources: [],
  },
  only: ['copy', 'add'],
  beside: ['run'],
  when: ({ stage }) => stage.instructions.some((instruction) => wholeContext(instruction) !== undefined),
  *check({ stage, dockerfile }, { file }) {
    for (const instruction of stage.instructions) {
      const whole = wholeContext(instruction);
      const found = whole && installAfter(stage, whole.copy);
      if (whole === undefined || found === undefined) continue;
      const { command, install, run } = found;
      const cached = run.mounts.some(({ type }) => type === 'cache');
      yield {
        message: install.builds ? 'builds' : 'busts',
        data: { install: install.title },
        span: whole.source.span,
        ...((install.builds || cached) && { severity: 'information' }),
        related: [{ message: 'install', span: command.span }],
        lateFixes: () => {
          const reordering = manifestsFirst(dockerfile, stage, whole.copy, found, file.around);
          if (reordering === undefined) return [];
          const { sources, edits } = reordering;
          const manifests = sources.map((name) => `\`${name}\``).join(', ');
          return [{ title: 'reorder', data: { manifests }, safety: 'suggested', edits }];
        },
      };
      return;
    }
  },
});
