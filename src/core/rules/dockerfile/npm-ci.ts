import type { CopyInstruction, RunInstruction, Stage } from '../../dockerfile/model.ts';
import { hasFlag, managerCall } from '../../dockerfile/package-managers.ts';
import { ancestry } from '../../dockerfile/stage-facts.ts';
import { defineRule } from '../../engine/rule.ts';
import { replace } from '../../text/edit.ts';

/** Written out: `package*.json` may as well find no lock file. */
const lockFile = /(?:^|\/)(?:package-lock|npm-shrinkwrap)\.json$/;
const anyOfThem = /(?:^|\/)package\*\.json$/;

function brings(copy: CopyInstruction, around: ReadonlyMap<string, string | null>): boolean {
  if (copy.from !== undefined) return false;
  return copy.sources.some(
    ({ value }) =>
      lockFile.test(value) || (anyOfThem.test(value) && typeof around.get('package-lock.json') === 'string'),
  );
}

/** A lock file is there before the command. */
function locked(stage: Stage, run: RunInstruction, around: ReadonlyMap<string, string | null>): boolean {
  const copies = ancestry(stage).flatMap(({ instructions }) => instructions);
  const copied = copies.some(
    (one) => (one.kind === 'copy' || one.kind === 'add') && one.span.end <= run.span.start && brings(one, around),
  );
  return copied || run.mounts.some(({ properties }) => lockFile.test(properties.get('source')?.value ?? ''));
}

export default defineRule('run-command', {
  meta: {
    id: 'dockerfile/npm-ci',
    rows: ['D318'],
    summary: 'Where there is a lock file, a build should call `npm ci`.',
    why: '`npm install` changes the lock file in the image where it does not fit package.json, and goes on with other versions than were tested. `npm ci` installs exactly what the lock file says, and fails where the two do not fit.',
    severity: 'information',
    topic: 'packages',
    messages: { install: '`npm {command}` may leave the lock file’s versions: `npm ci` keeps to them' },
    titles: { replace: 'Change to `npm ci`' },
    fix: 'always',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM node:24\nCOPY package.json package-lock.json ./\nRUN npm install\n',
        good: 'FROM node:24\nCOPY package.json package-lock.json ./\nRUN npm ci\n',
      },
    ],
    options: {},
    sources: [],
  },
  calls: ['npm'],
  *check({ command, run, stage }, { file }) {
    const call = managerCall(command);
    if (call === undefined || call.operands.length > 0 || call.uncertain) return;
    if (!/^(?:install|i)$/.test(call.subcommand.value) || !command.words.every(({ constant }) => constant)) return;
    const means = ['-g', '--global', '--no-package-lock', '--package-lock-only', '--prefix', '-C', '--save', '--force'];
    if (hasFlag(call, ...means, '--package-lock', '--no-save', '-w', '--workspace', '-h', '--help')) return;
    if (!locked(stage, run, file.around)) return;
    const { span, value } = call.subcommand;
    const fix = { title: 'replace', safety: 'suggested', edits: [replace(span, 'ci')] } as const;
    yield { message: 'install', data: { command: value }, span, fixes: [fix] };
  },
});
