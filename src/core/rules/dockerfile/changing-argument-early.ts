import { dependencyInstall } from '../../dockerfile/dependency-installs.ts';
import { insertInstructionBefore, removeInstruction } from '../../dockerfile/edit.ts';
import type { Dockerfile, Instruction, Stage } from '../../dockerfile/model.ts';
import { defineRule } from '../../engine/rule.ts';

/** What is different for each build, by its usual names. */
const changing =
  /^(?:(?:BUILD|RELEASE)_?(?:DATE|TIME|TIMESTAMP|NUMBER|ID)|(?:VCS|GIT|SOURCE|COMMIT)_?(?:REF|SHA|SHA1|HASH|COMMIT|REVISION|REV|ID)|(?:SHORT_)?SHA|COMMIT|REVISION|CACHE_?BUST(?:ER)?|CI_COMMIT_SHA|GITHUB_SHA|CREATED|TIMESTAMP)$/i;

function mentions(dockerfile: Dockerfile, { span }: Instruction, name: string): boolean {
  return new RegExp(`\\b${name}\\b`).test(dockerfile.text.slice(span.start, span.end));
}

/** The first RUN behind an ARG that has nothing to do with it, unless one before that needs it. */
function needlessRun(dockerfile: Dockerfile, stage: Stage, at: number, name: string): Instruction | undefined {
  const runs = stage.instructions.slice(at + 1).filter(({ kind }) => kind === 'run');
  const [first] = runs;
  return first === undefined || mentions(dockerfile, first, name) ? undefined : first;
}

function installsAfter(dockerfile: Dockerfile, stage: Stage, env: Instruction, name: string): boolean {
  return stage.instructions.slice(stage.instructions.indexOf(env)).some((later) => {
    if (later.kind !== 'run' || mentions(dockerfile, later, name)) return false;
    return later.script?.commands.some((command) => dependencyInstall(command)?.builds === false) ?? false;
  });
}

export default defineRule('stage', {
  meta: {
    id: 'dockerfile/changing-argument-early',
    rows: ['D411'],
    summary: 'Arguments that change with each build should be declared as late as possible.',
    why: 'A RUN sees all arguments that are declared before it, used or not, and is run again when one of them has another value. A date or a commit that is declared at the top keeps all of the image out of the build cache. Names such as `CACHEBUST` before the RUN that they are for are left alone.',
    severity: 'warning',
    topic: 'build cache',
    messages: { early: 'Each new `{name}` runs the steps after it again, which do not use it' },
    titles: { move: 'Move it to where it is used' },
    fix: 'sometimes',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM alpine:3.22\nARG GIT_SHA\nRUN apk add --no-cache curl\nLABEL revision=$GIT_SHA\n',
        good: 'FROM alpine:3.22\nRUN apk add --no-cache curl\nARG GIT_SHA\nLABEL revision=$GIT_SHA\n',
      },
    ],
    options: {},
    sources: [],
  },
  only: ['arg'],
  when: ({ stage }) =>
    stage.instructions.some((one) => one.kind === 'arg' && one.pairs.some(({ key }) => changing.test(key.value))),
  *check({ stage, dockerfile }) {
    for (const [at, instruction] of stage.instructions.entries()) {
      if (instruction.kind !== 'arg') continue;
      for (const { key } of instruction.pairs) {
        if (!changing.test(key.value) || /bust/i.test(key.value)) continue;
        if (needlessRun(dockerfile, stage, at, key.value) === undefined) continue;
        const users = stage.instructions.slice(at + 1).filter((later) => mentions(dockerfile, later, key.value));
        const [user] = users;
        const text = dockerfile.text.slice(instruction.span.start, instruction.span.end);
        const runsBetween =
          user !== undefined &&
          stage.instructions.slice(at + 1, stage.instructions.indexOf(user)).some(({ kind }) => kind === 'run');
        // In an ENV beside it, the value is there for all that comes after; but no installer of dependencies reads it.
        const env = users.find(({ kind }) => kind === 'env');
        if (env !== undefined && !runsBetween && !installsAfter(dockerfile, stage, env, key.value)) continue;
        const honest = runsBetween && instruction.pairs.length === 1 && user.kind !== 'onbuild';
        yield {
          message: 'early',
          data: { name: key.value },
          span: key.span,
          fixes: honest
            ? [
                {
                  title: 'move',
                  safety: 'suggested',
                  edits: [removeInstruction(dockerfile, instruction), insertInstructionBefore(dockerfile, user, text)],
                },
              ]
            : [],
        };
      }
    }
  },
});
