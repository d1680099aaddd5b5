import type { Dockerfile, RunInstruction, Stage } from '../../dockerfile/model.ts';
import {
  familyOf,
  type IndexFamily,
  indexFolders,
  indexInstalls,
  indexUpdates,
  usesIndex,
} from '../../dockerfile/package-index.ts';
import { callingAny, managerCall } from '../../dockerfile/package-managers.ts';
import { ancestry, mountCovers } from '../../dockerfile/stage-facts.ts';
import { defineRule } from '../../engine/rule.ts';
import { replace, type TextEdit } from '../../text/edit.ts';

/** The next RUN of the stage, right behind this one, when it installs with the same manager. */
function nextInstall(stage: Stage, run: RunInstruction, family: IndexFamily): RunInstruction | undefined {
  const next = stage.instructions[stage.instructions.indexOf(run) + 1];
  if (next?.kind !== 'run') return undefined;
  const found = next.script?.commands.some((command) => {
    const call = managerCall(command);
    return familyOf(call) === family && indexInstalls.test(call?.subcommand.value ?? '');
  });
  return found ? next : undefined;
}

/** An install of a later RUN that has no update of its own. */
function installedLater(dockerfile: Dockerfile, stage: Stage, run: RunInstruction, family: IndexFamily): boolean {
  for (const other of dockerfile.stages) {
    if (!ancestry(other).includes(stage)) continue;
    for (const later of other.instructions) {
      if (later.kind !== 'run' || later.span.start <= run.span.start) continue;
      const calls = (later.script?.commands ?? []).map(managerCall).filter((call) => familyOf(call) === family);
      if (calls.some((call) => indexInstalls.test(call?.subcommand.value ?? ''))) {
        return !calls.some((call) => indexUpdates[family].test(call?.subcommand.value ?? ''));
      }
    }
  }
  return false;
}

function mergeable({ command, script, flags, heredocs }: RunInstruction): boolean {
  return (
    command.kind === 'shell' &&
    flags.length + heredocs.length === 0 &&
    script !== undefined &&
    script.problems.length === 0
  );
}

/** Makes one RUN of two: the second keyword becomes `&&`. */
function merged(dockerfile: Dockerfile, first: RunInstruction, second: RunInstruction): TextEdit | undefined {
  if (!mergeable(first) || !mergeable(second)) return undefined;
  const { text } = dockerfile;
  const gap = text.slice(first.span.end, second.keyword.span.end);
  const blanks = /^[ \t]*/.exec(text.slice(second.keyword.span.end))?.[0] ?? '';
  const list = second.script?.commands.every(({ joined }) => joined === '' || joined === '&&' || joined === '|');
  // `a && b; c` and `a && b || c` are something else than `(b; c)` behind `a`.
  if (!/^\s*\w+$/.test(gap) || !list || !/^(?:[^;&|#]|&&|\|(?!\|))*$/.test(first.arguments.text)) return undefined;
  const line = gap.includes('\r\n') ? '\r\n' : '\n';
  return replace(
    { start: first.span.end, end: second.keyword.span.end + blanks.length },
    ` ${dockerfile.escape}${line}    && `,
  );
}

export default defineRule('instruction', {
  meta: {
    id: 'dockerfile/update-alone',
    rows: ['D305'],
    summary: 'A package index should be updated in the `RUN` that installs from it.',
    why: 'The builder keeps the layer of an update and takes it from its cache for weeks. When a package is added to a later RUN, it is looked for in the old index: the install fails, as that version is gone from the server, or brings in one with known holes.',
    severity: 'warning',
    topic: 'build cache',
    messages: { alone: '`{command}` is cached apart from what it is for', install: 'This installs from the old index' },
    titles: { merge: 'Join it with the next `RUN`' },
    fix: 'sometimes',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM debian:13-slim\nRUN apt-get update\nRUN apt-get install -y curl\n',
        good: 'FROM debian:13-slim\nRUN apt-get update \\\n    && apt-get install -y curl\n',
      },
    ],
    options: {},
    sources: [
      'checkov CKV_DOCKER_5',
      'trivy DS-0017',
      'kics update_instruction_alone',
      'dockerfilelint apt-get-update_require_install',
      'dockle CIS-DI-0007',
    ],
  },
  only: ['run'],
  calls: callingAny('apt-get', 'apt', 'aptitude', 'apk', 'zypper', 'yum', 'dnf', 'microdnf'),
  *check({ instruction: run, stage, dockerfile }) {
    if (stage === undefined) return;
    const commands = run.script?.commands ?? [];
    for (const [at, command] of commands.entries()) {
      const call = managerCall(command);
      const family = familyOf(call);
      if (call === undefined || family === undefined || !indexUpdates[family].test(call.subcommand.value)) continue;
      if (family === 'rpm' && (call.operands.length > 0 || call.uncertain)) continue;
      if (mountCovers(run, indexFolders[family])) continue;
      if (commands.slice(at + 1).some((later) => usesIndex(later, family))) continue;
      const harmful = installedLater(dockerfile, stage, run, family);
      // For yum and dnf it is first of all an upgrade, and the index is read again when it is old.
      if (family === 'rpm' && !harmful) continue;
      const next = nextInstall(stage, run, family);
      yield {
        message: 'alone',
        data: { command: `${call.manager} ${call.subcommand.value}` },
        span: call.subcommand.span,
        related: next ? [{ message: 'install', span: next.keyword.span }] : [],
        ...((family === 'rpm' || !harmful) && { severity: 'information' }),
        lateFixes: () => {
          const edit = next && at === commands.length - 1 ? merged(dockerfile, run, next) : undefined;
          return edit ? [{ title: 'merge', safety: 'suggested', edits: [edit] }] : [];
        },
      };
      return;
    }
  },
});
