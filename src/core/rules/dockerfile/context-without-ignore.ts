import { contextPlace, ignoreInForce } from '../../dockerfile/build-context.ts';
import { wholeContext } from '../../dockerfile/context-copy.ts';
import type { Dockerfile } from '../../dockerfile/model.ts';
import { instructionsOf } from '../../dockerfile/subjects.ts';
import { defineRule } from '../../engine/rule.ts';

/** What each kind of project leaves lying about, by what a Dockerfile's text shows of it. */
const leftovers: readonly { readonly sign: RegExp; readonly entries: readonly string[] }[] = [
  { sign: /\b(?:npm|yarn|pnpm|bun|node)\b/, entries: ['**/node_modules', '**/npm-debug.log*'] },
  {
    sign: /\b(?:pip3?|python3?|poetry|uv|pipenv)\b/,
    entries: ['**/__pycache__', '**/*.pyc', '**/.venv', '**/venv', '**/.pytest_cache'],
  },
  { sign: /\bdotnet\b/, entries: ['**/bin', '**/obj'] },
  { sign: /\b(?:cargo|rust)\b/, entries: ['**/target'] },
  { sign: /\b(?:mvnw?|maven)\b/, entries: ['**/target'] },
  { sign: /\bgradlew?\b/, entries: ['**/.gradle', '**/build'] },
  { sign: /\b(?:bundle|ruby|rails)\b/, entries: ['**/.bundle', 'log', 'tmp'] },
  { sign: /\bcomposer\b/, entries: ['vendor'] },
];

/** The names of files and folders that are copied by name: they have to be there. */
function copiedNames(dockerfile: Dockerfile): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { instruction } of instructionsOf(dockerfile)) {
    if ((instruction.kind !== 'copy' && instruction.kind !== 'add') || instruction.from !== undefined) continue;
    for (const { value } of instruction.sources) for (const part of value.split('/')) names.add(part);
  }
  return names;
}

function template(dockerfile: Dockerfile, name: string): string {
  const found = leftovers.filter(({ sign }) => sign.test(dockerfile.text)).flatMap(({ entries }) => entries);
  const history = /\bgit\s|buildvcs/.test(dockerfile.text) ? [] : ['.git'];
  const needed = copiedNames(dockerfile);
  const entries = [...history, name, '.dockerignore', '**/.env', '**/.env.local', '**/.DS_Store', ...found];
  const kept = [...new Set(entries)].filter((entry) => !needed.has(entry.slice(entry.lastIndexOf('/') + 1)));
  return `# Not sent to the builder, and so not copied by \`COPY .\`.\n${kept.join('\n')}\n`;
}

export default defineRule('instruction', {
  meta: {
    id: 'dockerfile/context-without-ignore',
    rows: ['D501'],
    summary: 'A build that copies its whole folder should have a `.dockerignore`.',
    why: 'Everything in the folder goes to the builder and into the image: the history in `.git`, passwords in `.env`, dependencies of the machine it is built on. Each change to any of it also makes the builder run all later steps again.',
    severity: 'warning',
    topic: 'size',
    messages: { everything: '`{source}` copies the whole folder, and no `.dockerignore` leaves anything out' },
    titles: { create: 'Create a `.dockerignore`' },
    fix: 'always',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM node:24\nWORKDIR /app\nCOPY . .\n',
        good: 'FROM node:24\nWORKDIR /app\nCOPY . .\n',
      },
    ],
    options: {},
    sources: ['sonar S6470'],
  },
  only: ['copy', 'add'],
  given: ({ file }) => ignoreInForce(file.path, file.around) === null,
  when: ({ instruction }) => !instruction.onbuild,
  *check({ instruction, stage, dockerfile }, { file }) {
    const whole = wholeContext(instruction);
    if (whole === undefined || instruction.onbuild || stage?.shipped !== true) return;
    const name = file.path.slice(file.path.lastIndexOf('/') + 1);
    if (ignoreInForce(file.path, file.around) !== null) return;
    // The build context is another folder than the Dockerfile's.
    if (file.context && contextPlace(dockerfile, file.context) === 'elsewhere') return;
    const text = template(dockerfile, name);
    yield {
      message: 'everything',
      data: { source: whole.source.value },
      span: whole.source.span,
      fixes: [{ title: 'create', safety: 'safe', edits: [], creates: { path: '.dockerignore', text } }],
    };
  },
});
