import { cacheFolder, cachingPrograms } from '../../dockerfile/cache-folders.ts';
import { cutWord, insertFlag } from '../../dockerfile/edit.ts';
import { mountTarget } from '../../dockerfile/stage-facts.ts';
import { defineRule } from '../../engine/rule.ts';

/** Options that switch the cache off which the mount is for. */
const withoutCache = /^--(?:no-cache-dir|no-cache)$/;

export default defineRule('instruction', {
  meta: {
    id: 'dockerfile/cache-mount-missing',
    rows: ['D402'],
    summary: 'Package managers may keep their downloads in a cache mount.',
    why: 'When a list of dependencies changes, its RUN starts with nothing and downloads all of them again. A cache mount keeps the downloads from build to build without putting them into the image. It needs BuildKit, and helps little where each build runs on a new machine.',
    severity: 'information',
    optional: true,
    topic: 'build cache',
    messages: { missing: '`{program}` downloads everything anew each time this step runs' },
    titles: { mount: 'Add a cache mount for `{folder}`' },
    fix: 'sometimes',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM node:24\nRUN npm ci\n',
        good: 'FROM node:24\nRUN --mount=type=cache,target=/root/.npm npm ci\n',
      },
    ],
    options: {},
    sources: ['tally prefer-package-cache-mounts'],
  },
  only: ['run'],
  calls: cachingPrograms,
  *check({ instruction: run, dockerfile }) {
    const mounted = run.mounts.filter(({ type }) => type === 'cache' || type === 'tmpfs');
    for (const command of run.script?.commands ?? []) {
      const cache = cacheFolder(command);
      if (cache === undefined || command.words.some(({ value }) => /^(?:-g|--help|--version)$/.test(value))) continue;
      // A mount anywhere is taken for the one: users and settings move these folders.
      if (mounted.some((mount) => mountTarget(mount) !== undefined)) return;
      yield {
        message: 'missing',
        data: { program: command.name },
        span: command.nameWord.span,
        lateFixes: () => {
          const off = command.words.filter(({ value }) => withoutCache.test(value));
          const cuts = off.map(({ span }) => cutWord(dockerfile.text, span));
          const edits = cuts.flatMap((edit) => (edit ? [edit] : []));
          if (edits.length < cuts.length) return [];
          const flag = `--mount=type=cache,target=${cache.folder}${cache.locked ? ',sharing=locked' : ''}`;
          edits.unshift(insertFlag(run, flag));
          return [{ title: 'mount', data: { folder: cache.folder }, safety: 'suggested', edits }];
        },
      };
      return;
    }
  },
});
