import { insertInstructionAfter, insertInstructionBefore } from '../../dockerfile/edit.ts';
import type { Dockerfile, Stage } from '../../dockerfile/model.ts';
import { instructionsBefore } from '../../dockerfile/stage-facts.ts';
import {
  baseOf,
  createdUser,
  lastUser,
  type OtherUser,
  otherUser,
  startsApplication,
  stepsDown,
} from '../../dockerfile/users.ts';
import { defineRule, type ProposedFix } from '../../engine/rule.ts';
import { userOfBase } from '../../images/base-images.ts';
import { type TextEdit, withPlaceholders } from '../../text/edit.ts';

const peers = [
  ...['checkov CKV_DOCKER_3', 'trivy DS-0002', 'semgrep missing-user', 'semgrep missing-user-entrypoint'],
  ...['sonar S6471', 'dockle CIS-DI-0001', 'tally user-created-but-never-used', 'tally stateful-root-runtime'],
];

/** Before the instructions that say what is started, or at the end of the stage. */
function insertion(dockerfile: Dockerfile, stage: Stage, lines: string): TextEdit | undefined {
  const { instructions } = stage;
  const changed = instructions.findLastIndex(({ kind }) => changesFiles(kind));
  const started = instructions.find(({ kind }, at) => at > changed && (kind === 'entrypoint' || kind === 'cmd'));
  if (started !== undefined) return insertInstructionBefore(dockerfile, started, lines);
  const last = instructions.at(-1) ?? stage.from;
  return last && insertInstructionAfter(dockerfile, last, lines);
}

function changesFiles(kind: string): boolean {
  return kind === 'run' || kind === 'copy' || kind === 'add' || kind === 'workdir' || kind === 'volume';
}

function linesFor(other: OtherUser): string {
  switch (other.kind) {
    case 'existing':
      return `USER ${other.user}`;
    case 'new':
      return `RUN ${other.command}\nUSER ${other.user}`;
    case 'unknown':
      return 'USER <user>';
    default:
      return other satisfies never;
  }
}

function fixes(dockerfile: Dockerfile, stage: Stage): readonly ProposedFix<'change' | 'create' | 'choose'>[] {
  const other = otherUser(dockerfile, stage);
  const edit = insertion(dockerfile, stage, linesFor(other));
  if (edit === undefined) return [];
  const edits = [withPlaceholders(edit)];
  if (other.kind === 'unknown') return [{ title: 'choose', safety: 'manual', edits }];
  const title = other.kind === 'existing' ? 'change' : 'create';
  return [{ title, data: { other: other.user }, safety: 'suggested', edits }];
}

export default defineRule('dockerfile', {
  meta: {
    id: 'dockerfile/user-missing',
    rows: ['D602', 'D603'],
    summary: 'An image should say which user it runs as.',
    why: 'Without USER the program runs as root, unless the base image says otherwise: what breaks into it holds every file of the container and is one kernel or runtime flaw away from the host. Kubernetes refuses such an image where `runAsNonRoot` is asked for. Base images that are known to change to another user, and files that install a program to do so, are left alone. Of bases that nothing is known of this is information, and of images that others build on: those that hold no program of their own, or do not say how to start one.',
    severity: 'warning',
    topic: 'security',
    messages: {
      root: 'No `USER`: the container runs as root',
      unused: 'No `USER`: the container runs as root, though the user `{user}` is made',
      unknown: 'No `USER`: the container runs as root unless `{image}` says otherwise',
    },
    titles: {
      change: 'Change to `{other}`',
      create: 'Create the user `{other}` and change to it',
      choose: 'Add a `USER`',
    },
    fix: 'sometimes',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM alpine:3.22\nCOPY app /app\nCMD ["/app"]\n',
        good: 'FROM alpine:3.22\nCOPY app /app\nRUN adduser -S app\nUSER app\nCMD ["/app"]\n',
      },
    ],
    options: {},
    sources: [...peers, 'kics missing_user_instruction'],
  },
  *check(dockerfile) {
    const stage = dockerfile.stages.at(-1);
    const image = stage?.from?.image;
    if (stage === undefined || image === undefined || stage.windows || lastUser(stage) !== undefined) return;
    const base = baseOf(stage);
    const starts = base && userOfBase(base);
    if (base === undefined || starts === 'other' || stepsDown(dockerfile, stage)) return;
    const empty = base.repository === 'scratch';
    // A stage of files to take out of the build starts nothing.
    if (empty && !instructionsBefore(stage).some(({ kind }) => kind === 'entrypoint' || kind === 'cmd')) return;
    const made = createdUser(stage);
    yield {
      message: starts === 'unknown' ? 'unknown' : made === undefined ? 'root' : 'unused',
      data: { image: image.resolved ?? image.text, user: made ?? '' },
      span: image.span,
      ...(empty && { peers }),
      ...((empty || starts === 'unknown' || !startsApplication(dockerfile, stage)) && { severity: 'information' }),
      lateFixes: () => fixes(dockerfile, stage),
    };
  },
});
