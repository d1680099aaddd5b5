import { type BuildContext, entryAt, ignoreInForce } from '../../dockerfile/build-context.ts';
import { wholeContext } from '../../dockerfile/context-copy.ts';
import { ignoredBy } from '../../dockerfile/ignore.ts';
import { defineRule, knowsContext } from '../../engine/rule.ts';
import { lineBreak } from '../../text/lines.ts';

/** What does not belong into an image, by its name wherever it is in the context, and how to leave it out. */
const unwanted: readonly { readonly name: RegExp; readonly entry: string; readonly top?: true }[] = [
  { name: /^\.git$/, entry: '.git', top: true },
  { name: /^node_modules$/, entry: '**/node_modules' },
  { name: /^\.env$/, entry: '**/.env' },
  { name: /^\.env\.local$/, entry: '**/.env.local' },
  { name: /^\.venv$/, entry: '**/.venv' },
  { name: /^__pycache__$/, entry: '**/__pycache__' },
  { name: /^id_(?:rsa|ed25519|ecdsa)$/, entry: '**/id_*' },
  { name: /\.pem$/, entry: '**/*.pem' },
];

/** The entries to add for what is there and gets to the builder. */
function lacking(context: BuildContext, ignored: (path: string) => boolean, needsHistory: boolean): readonly string[] {
  const found = new Set<string>();
  for (const path of context.entries.keys()) {
    const name = path.slice(path.lastIndexOf('/') + 1);
    const one = unwanted.find((candidate) => candidate.name.test(name) && (!candidate.top || name === path));
    if (one === undefined || found.has(one.entry) || (one.entry === '.git' && needsHistory)) continue;
    if (!ignored(path)) found.add(one.entry);
  }
  return [...found];
}

export default defineRule('instruction', {
  meta: {
    id: 'dockerfile/ignore-incomplete',
    rows: ['D502'],
    summary: 'Where the whole folder is copied, `.dockerignore` should leave out history, dependencies and secrets.',
    why: '`COPY .` takes along whatever lies in the folder: passwords in `.env`, keys, the history in `.git` with every file that was ever removed, dependencies built for another machine. Only what is really there and gets to the builder is named here.',
    severity: 'warning',
    topic: 'size',
    messages: { lacks: '`{source}` also copies {names}, which `{file}` lets through' },
    titles: { append: 'Add {names} to `{file}`' },
    fix: 'always',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM node:24\nWORKDIR /app\nCOPY . .\n',
        good: 'FROM node:24\nWORKDIR /app\nCOPY . .\n',
        around: { '.dockerignore': 'dist\n', 'package.json': '{}', '.env': 'A=b' },
      },
    ],
    options: {},
    sources: ['sonar S6470'],
  },
  only: ['copy', 'add'],
  given: knowsContext,
  *check({ instruction, stage, dockerfile }, { file }) {
    const whole = wholeContext(instruction);
    const { context } = file;
    if (whole === undefined || instruction.onbuild || stage?.shipped !== true || context === undefined) return;
    // `--exclude` may leave them out too.
    if (whole.copy.flags.some(({ name }) => name.value === 'exclude')) return;
    const ignore = ignoreInForce(file.path, file.around);
    if (!ignore || entryAt(context, '.git') === 'unknown') return;
    const needsHistory = /\bgit\s|buildvcs/.test(dockerfile.text);
    const names = lacking(context, (path) => ignoredBy(ignore.file, path) !== undefined, needsHistory);
    if (names.length === 0) return;
    const end = lineBreak(ignore.text);
    const gap = ignore.text === '' || ignore.text.endsWith('\n') ? '' : end;
    const text = `${ignore.text}${gap}${names.join(end)}${end}`;
    yield {
      message: 'lacks',
      data: { source: whole.source.value, names: names.map((name) => `\`${name}\``).join(', '), file: ignore.path },
      span: whole.source.span,
      fixes: [
        {
          title: 'append',
          safety: 'safe',
          edits: [],
          creates: { path: ignore.path, text, replaces: ignore.text },
        },
      ],
    };
  },
});
