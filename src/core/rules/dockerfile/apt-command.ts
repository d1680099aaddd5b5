import { managerCall } from '../../dockerfile/package-managers.ts';
import { defineRule } from '../../engine/rule.ts';
import { replace } from '../../text/edit.ts';

/** Commands of apt by the program for scripts that has them under the same name. */
const scripted: ReadonlyMap<string, 'apt-get' | 'apt-cache'> = new Map([
  ...[
    ...['install', 'reinstall', 'update', 'full-upgrade', 'dist-upgrade', 'remove', 'purge', 'autoremove', 'autopurge'],
    ...[
      'clean',
      'autoclean',
      'build-dep',
      'source',
      'download',
      'changelog',
      'satisfy',
      'check',
      'dist-clean',
      'distclean',
    ],
  ].map((name) => [name, 'apt-get'] as const),
  ...['search', 'show', 'showsrc', 'policy', 'depends', 'rdepends', 'madison', 'pkgnames'].map(
    (name) => [name, 'apt-cache'] as const,
  ),
]);

export default defineRule('run-command', {
  meta: {
    id: 'dockerfile/apt-command',
    rows: ['D304'],
    summary: 'A build should call `apt-get` and `apt-cache`, not `apt`.',
    why: '`apt` is made for a person at a terminal: it draws progress bars, and its output and options may change from one release to the next, as it warns itself. `apt-get` and `apt-cache` take the same commands and stay as they are.',
    severity: 'information',
    topic: 'packages',
    messages: {
      interactive: '`apt` is for terminals: a build calls `{program}`',
      other: '`apt` is for terminals, not for builds',
    },
    titles: { replace: 'Change to `{program}`' },
    fix: 'sometimes',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM debian:13-slim\nRUN apt install -y curl\n',
        good: 'FROM debian:13-slim\nRUN apt-get install -y curl\n',
      },
    ],
    options: {},
    sources: ['hadolint DL3027', 'checkov CKV_DOCKER_9', 'kics run_using_apt', 'semgrep prefer-apt-get'],
  },
  only: ['apt'],
  *check({ command }) {
    const call = managerCall(command);
    const { span } = command.nameWord;
    const program = scripted.get(call?.subcommand.value ?? '');
    if (program !== undefined) {
      const fix = { title: 'replace', safety: 'safe', edits: [replace(span, program)] } as const;
      yield { message: 'interactive', data: { program }, span, fixes: [fix] };
    } else if (call?.subcommand.value === 'upgrade') {
      // `apt upgrade` installs what new versions need besides; `apt-get upgrade` has to be told to.
      const edits = [replace(span, 'apt-get'), replace(call.subcommand.span, 'upgrade --with-new-pkgs')];
      const data = { program: 'apt-get' };
      yield { message: 'interactive', data, span, fixes: [{ title: 'replace', safety: 'safe', edits }] };
    } else if (command.words.length > 0) yield { message: 'other', span };
  },
});
