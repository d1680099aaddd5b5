import { appendCommand } from '../../dockerfile/append-command.ts';
import type { Dockerfile, RunInstruction, Stage } from '../../dockerfile/model.ts';
import { managerCall } from '../../dockerfile/package-managers.ts';
import { ancestry, mentionedBefore, mountCovers } from '../../dockerfile/stage-facts.ts';
import { runCommandsOf } from '../../dockerfile/subjects.ts';
import { defineRule } from '../../engine/rule.ts';
import type { ShellCommand } from '../../shell/model.ts';

const lists = '/var/lib/apt/lists';
/** The lists' folder or one that holds it, braces and stars in it or not. */
const listsPath = /\/var\/(?:lib\/(?:apt\b|\*|\{[^}]*\bapt\b)|\*|\{[^}]*\blib\b)/;

function updates(command: ShellCommand): boolean {
  const call = managerCall(command);
  return call?.subcommand.value === 'update' && ['apt-get', 'apt', 'aptitude'].includes(call.manager);
}

function installs(command: ShellCommand): boolean {
  const call = managerCall(command);
  return (
    call !== undefined &&
    /^apt/.test(call.manager) &&
    /^(?:install|upgrade|dist-upgrade|full-upgrade|build-dep)$/.test(call.subcommand.value)
  );
}

/** What official images bring along: apt removes the packages that it has installed. */
const cleaner = /\brm\b[^\n]*\bdocker-clean\b/;

function removesArchives(command: ShellCommand): boolean {
  if (managerCall(command)?.subcommand.value === 'clean') return true;
  return ['rm', 'find'].includes(command.name) && command.words.some(({ source }) => /\/var\/cache/.test(source));
}

/** The install that leaves its packages behind, as nothing removes them any more. */
function leavesArchives(dockerfile: Dockerfile, stage: Stage, run: RunInstruction): ShellCommand | undefined {
  if (!dockerfile.text.includes('docker-clean')) return undefined;
  const commands = run.script?.commands ?? [];
  const at = commands.findIndex(installs);
  const install = commands[at];
  if (install === undefined || mountCovers(run, '/var/cache/apt')) return undefined;
  if (commands.slice(at + 1).some(removesArchives)) return undefined;
  const before = dockerfile.text.slice(run.span.start, install.span.start);
  return cleaner.test(before) || mentionedBefore(dockerfile, stage, cleaner, run) ? install : undefined;
}

/** Anything but a look at the lists' folder is taken as its removal: it is told in many ways. */
function removes(command: ShellCommand): boolean {
  const call = managerCall(command);
  if (call !== undefined) return /^(?:dist-?clean)$/.test(call.subcommand.value);
  if (['ls', 'mkdir', 'echo', 'du', 'test', '['].includes(command.name)) return false;
  return command.words.some(({ source }) => listsPath.test(source));
}

/** A later RUN of what is shipped counts on the lists. */
function neededLater(dockerfile: Dockerfile, run: RunInstruction, stage: Stage): boolean {
  const updated = new Set<RunInstruction>();
  for (const later of runCommandsOf(dockerfile)) {
    if (later.run.span.start <= run.span.start || !ancestry(later.stage).includes(stage)) continue;
    if (updates(later.command)) updated.add(later.run);
    else if (installs(later.command) && !updated.has(later.run)) return true;
  }
  return false;
}

export default defineRule('instruction', {
  meta: {
    id: 'dockerfile/apt-lists-left',
    rows: ['D307'],
    summary: 'A layer that runs `apt-get update` should remove the package lists again.',
    why: 'The lists are tens of megabytes that nothing reads at run time, and they go stale at once. They have to go in the same RUN: a later one hides them, but the layer that holds them is still shipped. `apt-get clean` does not touch them. Stages that are not shipped may keep theirs.',
    severity: 'warning',
    topic: 'size',
    messages: {
      left: '`{manager} update` leaves its package lists in the image',
      archives: '`{manager} install` leaves its packages in the image: `docker-clean` has been removed',
    },
    titles: {
      remove: 'Remove the lists at the end of this `RUN`',
      clean: 'Add `apt-get clean` at the end of this `RUN`',
    },
    fix: 'sometimes',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM debian:13-slim\nRUN apt-get update && apt-get install -y curl\n',
        good: 'FROM debian:13-slim\nRUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*\n',
      },
      {
        file: 'Dockerfile',
        bad: 'FROM debian:13-slim\nRUN apt-get update \\\n    && apt-get install -y curl\n',
        good: 'FROM debian:13-slim\nRUN apt-get update \\\n    && apt-get install -y curl \\\n    && rm -rf /var/lib/apt/lists/*\n',
      },
    ],
    options: {},
    sources: [
      'hadolint DL3009',
      'kics apt_get_install_lists_were_not_deleted',
      'semgrep remove-package-lists',
      'dockerfilelint apt-get_missing_rm',
      'dockle DKL-DI-0005',
    ],
  },
  only: ['run'],
  calls: ['apt-get', 'apt', 'aptitude'],
  *check({ instruction: run, stage, dockerfile }) {
    // A trigger runs in whatever is built on the stage, here or elsewhere.
    if (stage === undefined || !(stage.shipped || run.onbuild)) return;
    const install = leavesArchives(dockerfile, stage, run);
    const installing = install && managerCall(install);
    if (installing !== undefined) {
      const edit = appendCommand(dockerfile, run, 'apt-get clean');
      yield {
        message: 'archives',
        data: { manager: installing.manager },
        span: installing.subcommand.span,
        fixes: edit ? [{ title: 'clean', safety: 'safe', edits: [edit] }] : [],
      };
    }
    if (mountCovers(run, lists)) return;
    const commands = run.script?.commands ?? [];
    const first = commands.findIndex(updates);
    const update = commands[first];
    const call = update && managerCall(update);
    if (call === undefined || commands.slice(first + 1).some(removes)) return;
    yield {
      message: 'left',
      data: { manager: call.manager },
      span: call.subcommand.span,
      lateFixes: () => {
        const edit = appendCommand(dockerfile, run, `rm -rf ${lists}/*`);
        if (edit === undefined) return [];
        return [{ title: 'remove', safety: neededLater(dockerfile, run, stage) ? 'suggested' : 'safe', edits: [edit] }];
      },
    };
  },
});
