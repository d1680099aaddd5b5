import { insertInstructionBefore } from '../../dockerfile/edit.ts';
import { isRoot, lastUser, otherUser, stepsDown, userOf } from '../../dockerfile/users.ts';
import { defineRule } from '../../engine/rule.ts';
import { replace, withPlaceholders } from '../../text/edit.ts';
import { toSourceSpan } from '../../text/mapped-text.ts';

export default defineRule('dockerfile', {
  meta: {
    id: 'dockerfile/user-root',
    rows: ['D601'],
    summary: 'The last `USER` should not be root.',
    why: 'What breaks into a process that runs as root holds every file of the container, and is one kernel or runtime flaw away from the host. Become root for the steps that need it, and change back at the end. Images whose entry point gives root up itself (`gosu`, `su-exec`, `setpriv`) are left alone.',
    severity: 'warning',
    topic: 'security',
    messages: { root: 'The container runs as root: the last `USER` is `{user}`' },
    titles: {
      change: 'Change to `{other}`',
      create: 'Create the user `{other}` and change to it',
      choose: 'Change to another user',
    },
    fix: 'sometimes',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM node:24\nUSER root\nCMD ["node", "server.js"]\n',
        good: 'FROM node:24\nUSER node\nCMD ["node", "server.js"]\n',
      },
    ],
    options: {},
    sources: [
      'hadolint DL3002',
      'checkov CKV_DOCKER_8',
      'trivy DS-0002',
      'kics last_user_is_root',
      'semgrep last-user-is-root',
      'sonar S6471',
      'dockle CIS-DI-0001',
    ],
  },
  only: ['user'],
  *check(dockerfile, { file }) {
    // A development container says elsewhere whom it is entered as, and installs its features as root.
    if (/(?:^|\/)\.devcontainer\//.test(file.path)) return;
    const stage = dockerfile.stages.at(-1);
    const last = stage && lastUser(stage);
    if (stage === undefined || last === undefined || stage.windows) return;
    const user = userOf(dockerfile, last);
    if (user === undefined || !isRoot(user) || stepsDown(dockerfile, stage)) return;
    const at = toSourceSpan(last.arguments, { start: 0, end: last.arguments.text.trimEnd().length });
    const other = otherUser(dockerfile, stage);
    const change = replace(at, other.kind === 'unknown' ? '<user>' : other.user);
    yield {
      message: 'root',
      data: { user },
      span: at,
      fixes: [
        other.kind === 'unknown'
          ? { title: 'choose', safety: 'manual', edits: [withPlaceholders(change)] }
          : other.kind === 'existing'
            ? { title: 'change', data: { other: other.user }, safety: 'suggested', edits: [change] }
            : {
                title: 'create',
                data: { other: other.user },
                safety: 'suggested',
                edits: [insertInstructionBefore(dockerfile, last, `RUN ${other.command}`), change],
              },
      ],
    };
  },
});
