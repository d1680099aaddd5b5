import type { Stage } from '../../dockerfile/model.ts';
import { managerCall, mayManagePackages } from '../../dockerfile/package-managers.ts';
import { ancestry } from '../../dockerfile/stage-facts.ts';
import { defineRule } from '../../engine/rule.ts';
import type { ShellCommand } from '../../shell/model.ts';
import { onceFor } from '../../text/once-for.ts';

/** Compilers and what they build with: nothing that a finished program calls. */
const tools =
  /^(?:build-essential|build-base|gcc|g\+\+|gcc-c\+\+|clang|make|cmake|automake|autoconf|libtool|pkg-config|pkgconf|musl-dev|[\w.+-]+-dev(?:el)?|gdb|strace|xdebug|php-xdebug)(?:[=<>~:].*)?$/;

const puttingIn: ReadonlySet<string> = new Set(['install', 'add']);
const takingOut: ReadonlySet<string> = new Set(['remove', 'purge', 'autoremove', 'del', 'erase']);

function subcommandOf(command: ShellCommand): string {
  return managerCall(command)?.subcommand.value ?? '';
}

/** The same RUN or a later one takes packages out again: which ones is not followed. */
const takenOut = onceFor((stage: Stage): boolean =>
  ancestry(stage).some(({ instructions }) =>
    instructions.some(
      (instruction) =>
        instruction.kind === 'run' &&
        (instruction.script?.commands ?? []).some((command) => takingOut.has(subcommandOf(command))),
    ),
  ),
);

export default defineRule('run-command', {
  meta: {
    id: 'dockerfile/build-tools-shipped',
    rows: ['D504'],
    summary: 'Compilers and debuggers may stay in a stage that is not shipped.',
    why: 'Compilers and header files make an image some hundred megabytes larger, and give whoever gets into the container the tools to build more. Build in a stage of its own, and copy the result; or remove them in the RUN that installed them.',
    severity: 'information',
    optional: true,
    topic: 'size',
    messages: { shipped: '`{name}` is installed in the image that is shipped' },
    titles: {},
    fix: 'never',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM debian:13-slim\nRUN apt-get update && apt-get install -y gcc\nRUN gcc -o /app main.c\n',
        good: 'FROM gcc:15 AS build\nRUN gcc -o /app main.c\nFROM debian:13-slim\nCOPY --from=build /app /app\n',
      },
    ],
    options: {},
    sources: ['tally prefer-multi-stage-build'],
  },
  calls: mayManagePackages,
  when: ({ command, run, stage }) => stage.shipped && !run.onbuild && puttingIn.has(subcommandOf(command)),
  *check({ command, stage }) {
    const call = managerCall(command);
    if (call === undefined || call.manager === 'pip' || takenOut(stage)) return;
    // `--virtual .build` is there to be taken out.
    if (call.flags.some(({ name }) => name === '--virtual' || name === '-t')) return;
    const word = call.operands.find(({ source }) => tools.test(source));
    if (word) yield { message: 'shipped', data: { name: word.value }, span: word.span };
  },
});
