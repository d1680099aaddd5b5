import { defineRule } from '../../engine/rule.ts';
import { entry } from '../../yaml/read.ts';
import { patchFix } from '../patch-fix.ts';

export default defineRule('compose-file', {
  meta: {
    id: 'compose/version-obsolete',
    rows: ['C101'],
    summary: 'A Compose file should not have a `version`.',
    why: 'The Compose Specification has one version: `docker compose` ignores the key and prints a warning for it each time it runs. It only ever chose a file format for the old `docker-compose`.',
    severity: 'information',
    look: 'unnecessary',
    topic: 'configuration',
    messages: { obsolete: 'version is obsolete: docker compose ignores it' },
    titles: { remove: 'Remove version' },
    fix: 'always',
    examples: [
      {
        file: 'compose.yaml',
        bad: `version: "3.8"
services:
  web:
    image: nginx:1.29
`,
        good: `services:
  web:
    image: nginx:1.29
`,
      },
    ],
    options: {},
    sources: ['dclint no-version-field'],
  },
  *check({ document, root }) {
    const pair = entry(root, 'version');
    if (pair === undefined) return;
    yield {
      message: 'obsolete',
      span: pair.key.span,
      fixes: patchFix(document, {
        title: 'remove',
        safety: 'safe',
        patches: [{ kind: 'remove', path: ['version'] }],
      }),
    };
  },
});
