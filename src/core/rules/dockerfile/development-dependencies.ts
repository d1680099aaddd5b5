import { dependencyInstall } from '../../dockerfile/dependency-installs.ts';
import { insertWordAfter } from '../../dockerfile/edit.ts';
import type { RunInstruction, Stage } from '../../dockerfile/model.ts';
import { ancestry } from '../../dockerfile/stage-facts.ts';
import { variablesAt } from '../../dockerfile/variables.ts';
import { defineRule } from '../../engine/rule.ts';
import type { ShellCommand } from '../../shell/model.ts';

/** How a program is told to leave out what only development needs. */
interface Leaving {
  /** Any of these options, set either way, says that somebody has thought of it. */
  readonly options: RegExp;
  /** Variables that decide it: who sets one has thought of it. */
  readonly variables: readonly string[];
  /** What to add. */
  readonly flag: string;
}

const leavings: Readonly<Record<string, Leaving>> = {
  npm: {
    options: /^(?:--(?:omit|only|include|production|no-production|prod|also|dev|global)(?:=|$)|-g$)/,
    variables: ['NODE_ENV', 'NPM_CONFIG_PRODUCTION', 'NPM_CONFIG_OMIT', 'npm_config_omit'],
    flag: '--omit=dev',
  },
  composer: {
    options: /^--(?:no-)?dev$/,
    variables: ['COMPOSER_NO_DEV'],
    flag: '--no-dev',
  },
  bundle: {
    options: /^--(?:without|with|deployment)(?:=|$)/,
    variables: ['BUNDLE_WITHOUT', 'BUNDLE_ONLY', 'BUNDLE_DEPLOYMENT'],
    flag: '--without development test',
  },
};

function words({ words: all }: ShellCommand): string {
  return all.map(({ value }) => value).join(' ');
}

/** Something builds, tests or starts with the tools of development, takes them out again, or is configured to leave them. */
const needsThem =
  /^(?:(?:run |exec )?(?:build|test|dev|develop|watch|lint|compile|generate|serve|start:dev|start)\b|prune\b|run\b|exec\b|config\b.*\b(?:without|production|omit|deployment|only)\b|dump-autoload\b)/;
const tools = /^(?:npx|tsc|ng|vite|webpack|next|nodemon|ts-node|react-scripts|rake|rails|phpunit|artisan|php)$/;

function usesTools(run: RunInstruction, install: ShellCommand): boolean {
  return (run.script?.commands ?? []).some(
    (command) =>
      command !== install &&
      (tools.test(command.name) ||
        (/^(?:npm|yarn|pnpm|composer|bundle)$/.test(command.name) && needsThem.test(words(command)))),
  );
}

/** The container is started by a script that may be one of development's, or by a tool. */
const developmentStart =
  /\b(?:dev|watch|nodemon|test|ng|vite|serve|react-scripts|ts-node|jest|cypress|bundle|rails)\b|\b(?:npm|yarn|pnpm)\b/;

/** What nothing is started from is there to make something. */
function starts(stage: Stage): boolean {
  const all = ancestry(stage).flatMap(({ instructions }) => instructions);
  return stage.from === undefined || all.some(({ kind }) => kind === 'cmd' || kind === 'entrypoint');
}

function forDevelopment(stage: Stage, install: ShellCommand): boolean {
  return stage.instructions.some((instruction) => {
    if (instruction.kind === 'run') return usesTools(instruction, install);
    if (instruction.kind !== 'cmd' && instruction.kind !== 'entrypoint') return false;
    return developmentStart.test(instruction.arguments.text);
  });
}

export default defineRule('run-command', {
  meta: {
    id: 'dockerfile/development-dependencies',
    rows: ['D505'],
    summary: 'The shipped stage should install what the program needs to run, and no tools of development.',
    why: 'Test runners, compilers and linters are often most of what a project lists. In the image that is shipped they cost space and start-up of scanners, and each of their holes is one of the image. Install them in an earlier stage that builds, and leave them out in the last. Stages that build, test or start with such tools are left alone.',
    severity: 'information',
    topic: 'size',
    messages: { shipped: '`{install}` also installs what only development needs' },
    titles: { add: 'Add `{flag}`' },
    fix: 'sometimes',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM node:24\nCOPY . .\nRUN npm ci\nCMD ["node", "server.js"]\n',
        good: 'FROM node:24\nCOPY . .\nRUN npm ci --omit=dev\nCMD ["node", "server.js"]\n',
      },
    ],
    options: {},
    sources: ['tally php/composer-no-dev-in-production', 'tally ruby/missing-bundle-without-development'],
  },
  calls: Object.keys(leavings),
  *check({ command, run, stage, dockerfile }) {
    const leaving = Object.hasOwn(leavings, command.name) ? leavings[command.name] : undefined;
    if (leaving === undefined || stage !== dockerfile.stages.at(-1) || run.onbuild) return;
    const install = dependencyInstall(command);
    const subcommand = command.words.find(({ value }) => !value.startsWith('-'));
    if (install === undefined || subcommand === undefined) return;
    // A variable may hold the option.
    if (command.words.some(({ value, constant }) => !constant || leaving.options.test(value))) return;
    const variables = variablesAt(dockerfile, run);
    const told = leaving.variables.some(
      (name) => variables.get(name) !== undefined || command.assignments.some((one) => one.name === name),
    );
    if (told || !starts(stage) || forDevelopment(stage, command)) return;
    const plain = leaving.flag.includes(' ') ? undefined : leaving.flag;
    yield {
      message: 'shipped',
      data: { install: install.title, flag: leaving.flag },
      span: subcommand.span,
      fixes: plain ? [{ title: 'add', safety: 'suggested', edits: [insertWordAfter(subcommand.span, plain)] }] : [],
    };
  },
});
