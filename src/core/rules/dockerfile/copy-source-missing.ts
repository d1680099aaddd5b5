import {
  contextPath,
  contextPlace,
  contextSources,
  entryAt,
  ignoreInForce,
  namesOnePath,
} from '../../dockerfile/build-context.ts';
import { ignoredBy } from '../../dockerfile/ignore.ts';
import { nearest } from '../../dockerfile/stage-references.ts';
import { defineRule, knowsContext } from '../../engine/rule.ts';
import { replace } from '../../text/edit.ts';

/** What builds, downloads and people make before the image is built, and no repository holds. */
const made =
  /(?:^|\/)(?:dist|build|builds|target|out|output|bin|obj|pkg|publish|release|releases|artifacts?|_site|site|node_modules|vendor|coverage|certs?|secrets?|tmp|temp|data|models?|cache|\.next|\.output|\.venv|venv)(?:\/|$)|\.(?:jar|war|ear|whl|tgz|tar|gz|xz|bz2|zst|zip|deb|rpm|apk|so|exe|dll|bin|pem|crt|key|env|lock|log|min\.js|map)$|(?:^|\/)\.env|lock/i;

export default defineRule('instruction', {
  meta: {
    id: 'dockerfile/copy-source-missing',
    rows: ['D133'],
    summary: 'What is copied must be in the build context.',
    why: 'A source that is not there ends the build with “not found”. The folder of the Dockerfile is taken for the build context once another file is copied from it; names of what builds leave behind (`dist`, `*.jar`) are not asked for.',
    severity: 'warning',
    topic: 'correctness',
    messages: {
      missing: 'There is no `{source}` beside this file',
      misspelt: 'There is no `{source}`, but a `{name}`',
    },
    titles: { rename: 'Change to `{name}`' },
    fix: 'sometimes',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM node:24\nCOPY package.json /app/\nCOPY sever.js /app/\n',
        good: 'FROM node:24\nCOPY package.json /app/\nCOPY server.js /app/\n',
        around: { 'package.json': '{}', 'server.js': '' },
      },
    ],
    options: {},
    sources: [],
  },
  only: ['copy', 'add'],
  given: knowsContext,
  *check({ instruction, dockerfile }, { file }) {
    const { context } = file;
    if (context === undefined || instruction.onbuild) return;
    for (const source of contextSources(instruction)) {
      const path = namesOnePath(source) ? contextPath(source.value) : undefined;
      if (path === undefined || path === '.' || made.test(path) || entryAt(context, path) !== 'absent') continue;
      if (contextPlace(dockerfile, context) !== 'here') return;
      // What is ignored there on purpose is another rule's.
      const ignore = ignoreInForce(file.path, file.around);
      if (ignore && ignoredBy(ignore.file, path)) continue;
      const folder = path.slice(0, path.lastIndexOf('/') + 1);
      const beside = [...context.entries.keys()].filter(
        (entry) => entry.startsWith(folder) && !entry.slice(folder.length).includes('/'),
      );
      const cased = [...context.entries.keys()].find((entry) => entry.toLowerCase() === path.toLowerCase());
      const name = cased ?? (path.length < 5 ? undefined : nearest(path, beside, 2));
      const plain = name !== undefined && source.text === source.value && source.value.endsWith(path);
      yield {
        message: name === undefined ? 'missing' : 'misspelt',
        data: { source: path, name: name ?? '' },
        span: source.span,
        fixes: plain
          ? [
              {
                title: 'rename',
                safety: 'suggested',
                edits: [replace(source.span, source.value.slice(0, -path.length) + name)],
              },
            ]
          : [],
      };
    }
  },
});
