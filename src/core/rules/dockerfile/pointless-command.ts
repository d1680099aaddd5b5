import type { RunCommand } from '../../dockerfile/model.ts';
import { defineRule } from '../../engine/rule.ts';

/** Programs that show or change a running machine, or want a person in front of it. */
const pointless: ReadonlySet<string> = new Set([
  ...['free', 'ifconfig', 'kill', 'mount', 'nano', 'ps', 'service', 'shutdown', 'ssh', 'top', 'vim'],
]);

/** Uses of these programs that do mean something within one step of a build. */
function meansSomething({ command, run }: RunCommand): boolean {
  const { name, words } = command;
  const values = words.map(({ value }) => value);
  if (values.some((value) => /^(?:--version|--help)$/.test(value))) return true;
  const commands = run.script?.commands ?? [];
  switch (name) {
    case 'vim':
      // `vim +PlugInstall +qall` runs commands of its own.
      return values.some((value) => /^(?:\+|-c$|--cmd$|-[eE]s$|-s$|-S$)/.test(value));
    case 'ssh':
      return values.includes('-V') || run.mounts.some(({ type }) => type === 'ssh');
    case 'mount':
      return run.flags.some((flag) => flag.name.value === 'security');
    case 'kill':
    case 'ps':
      return commands.some(({ joined, name: other }) => joined === '&' || other === 'service');
    case 'service':
      // What comes after it in the same step can talk to the service.
      return commands.at(-1) !== command;
    default:
      return false;
  }
}

export default defineRule('run-command', {
  meta: {
    id: 'dockerfile/pointless-command',
    rows: ['D326'],
    summary: 'Programs that look after a running machine do nothing useful in a build.',
    why: 'What a RUN starts or mounts is gone when the step ends, there are no other processes to look at or to end, and nobody sits in front of an editor. A service is started by ENTRYPOINT or CMD. Uses that help the same step, such as a database that is started to be filled, are left alone.',
    severity: 'information',
    topic: 'correctness',
    messages: { pointless: '`{program}` has no lasting effect in a build' },
    titles: {},
    fix: 'never',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM debian:13\nRUN service nginx start\n',
        good: 'FROM debian:13\nCMD ["nginx", "-g", "daemon off;"]\n',
      },
    ],
    options: {},
    sources: ['hadolint DL3001', 'kics run_utilities_and_posix_commands', 'semgrep nonsensical-command'],
  },
  calls: [...pointless],
  *check(subject) {
    const { command } = subject;
    if (meansSomething(subject)) return;
    yield { message: 'pointless', data: { program: command.name }, span: command.nameWord.span };
  },
});
