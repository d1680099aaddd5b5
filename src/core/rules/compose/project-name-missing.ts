import { isMainPath } from '../../compose/recognise.ts';
import { defineRule } from '../../engine/rule.ts';
import { mayHave } from '../../yaml/read.ts';
import { patchFix } from '../patch-fix.ts';

export default defineRule('compose-file', {
  meta: {
    id: 'compose/project-name-missing',
    rows: ['C602'],
    summary: 'A project should have a name of its own.',
    why: 'Without `name`, a project is called as its folder, and so are its containers, networks and volumes: in a folder of another name `docker compose` starts anew, with empty volumes. Two projects in folders of the same name stop each other.',
    severity: 'information',
    optional: true,
    topic: 'configuration',
    messages: { missing: 'No `name`: the project is called as the folder that it happens to be in' },
    titles: { name: 'Name the project' },
    fix: 'sometimes',
    examples: [
      {
        file: 'compose.yaml',
        bad: 'services:\n  web:\n    image: web:1.4\n',
        good: 'services:\n  web:\n    image: web:1.4\nname: <name>\n',
      },
    ],
    options: {},
    sources: ['dclint require-project-name-field'],
  },
  *check({ root, document, partial, overlay }, { file }) {
    const [first] = root.pairs;
    if (first === undefined || partial || !isMainPath(file.path)) return;
    if (mayHave(root, 'name') || mayHave(overlay?.root, 'name')) return;
    yield {
      message: 'missing',
      span: first.key.span,
      fixes: patchFix(document, {
        title: 'name',
        safety: 'manual',
        patches: [{ kind: 'set', path: ['name'], value: '<name>' }],
      }),
    };
  },
});
