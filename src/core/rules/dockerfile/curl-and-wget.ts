import { withOtherProgram } from '../../dockerfile/download-words.ts';
import type { RunInstruction, Stage } from '../../dockerfile/model.ts';
import { managerCall } from '../../dockerfile/package-managers.ts';
import { programsCalled } from '../../dockerfile/subjects.ts';
import { defineRule } from '../../engine/rule.ts';
import type { ShellCommand } from '../../shell/model.ts';
import { conflict, sortEdits } from '../../text/edit.ts';

/** The one of the two that the stage installs, where it installs only one. */
function installed(stage: Stage): string | undefined {
  const names = new Set<string>();
  for (const instruction of stage.instructions) {
    for (const command of instruction.kind === 'run' ? (instruction.script?.commands ?? []) : []) {
      for (const { value } of managerCall(command)?.operands ?? []) {
        const [name = ''] = value.split('=');
        if (name === 'curl' || name === 'wget') names.add(name);
      }
    }
  }
  const [only] = names;
  return names.size === 1 ? only : undefined;
}

interface Call {
  readonly run: RunInstruction;
  readonly command: ShellCommand;
}

function* callsOf(stage: Stage): Generator<Call> {
  for (const outer of stage.instructions) {
    const run = outer.kind === 'onbuild' ? outer.trigger : outer;
    if (run?.kind !== 'run') continue;
    const programs = programsCalled(run);
    if (!programs.has('curl') && !programs.has('wget')) continue;
    for (const command of run.script?.commands ?? [])
      if (command.name === 'curl' || command.name === 'wget') yield { run, command };
  }
}

export default defineRule('stage', {
  meta: {
    id: 'dockerfile/curl-and-wget',
    rows: ['D322'],
    summary: 'A stage should download with `curl` or with `wget`, not with both.',
    why: 'One of them is enough: the other is a package more to install and to keep patched, and a second set of habits for proxies, certificates and retries. It is information, since an image may well come with both.',
    severity: 'information',
    topic: 'size',
    messages: {
      both: '`{program}` beside `{other}`: one of them is enough',
      installed: '`{program}` beside `{other}`: only `{installed}` is installed here',
    },
    titles: { other: 'Change to `{kept}`' },
    fix: 'sometimes',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM debian:13\nRUN curl -fsSLO https://example.com/a\nRUN wget -O b https://example.com/b\n',
        good: 'FROM debian:13\nRUN curl -fsSLO https://example.com/a\nRUN curl -fsSL -o b https://example.com/b\n',
      },
    ],
    options: {},
    sources: ['hadolint DL4001', 'trivy DS-0014', 'kics run_using_wget_and_curl', 'semgrep use-either-wget-or-curl'],
  },
  calls: ['wget'],
  mentions: ['curl'],
  *check({ stage, dockerfile }) {
    const calls = [...callsOf(stage)];
    const [first] = calls;
    const second = calls.find(({ command }) => command.name !== first?.command.name);
    if (first === undefined || second === undefined) return;
    const only = installed(stage);
    const kept = only ?? first.command.name;
    // All go over to the one that stays: as long as one does not, both are still needed.
    const moved = calls.filter(({ command }) => command.name !== kept);
    const edits = moved.flatMap(({ run, command }) => withOtherProgram(dockerfile, run, command) ?? []);
    const whole = edits.length === moved.length && !conflict(sortEdits(edits));
    let told: RunInstruction | undefined;
    for (const { run, command } of calls.slice(calls.indexOf(second))) {
      if (run === told) continue;
      told = run;
      const program = command.name;
      const other = program === 'curl' ? 'wget' : 'curl';
      yield {
        message: only === undefined ? 'both' : 'installed',
        data: { program, other, installed: only ?? '', kept },
        span: command.nameWord.span,
        fixes: whole ? [{ title: 'other', safety: 'suggested', edits }] : [],
      };
    }
  },
});
