import { insertFlag } from '../../dockerfile/edit.ts';
import type { CopyInstruction, RunInstruction } from '../../dockerfile/model.ts';
import { defineRule, type Proposal } from '../../engine/rule.ts';
import type { ShellCommand } from '../../shell/model.ts';
import { withPlaceholders } from '../../text/edit.ts';
import { containsSpan } from '../../text/span.ts';

type Found = Proposal<'run' | 'added', 'checksum'>;

const shells: ReadonlySet<string> = new Set(['sh', 'bash', 'dash', 'ash', 'ksh', 'zsh']);
const interpreters = /^(?:python[\d.]*|perl|ruby|node|php[\d.]*)$/;

/** It runs what it reads: no script of its own is named. */
function runsInput({ name, words }: ShellCommand): boolean {
  const isShell = shells.has(name);
  if (!isShell && !interpreters.test(name)) return false;
  const [first, ...others] = words;
  if (first === undefined) return true;
  if (words.some(({ value }) => value === '-' || value === '/dev/stdin')) return true;
  if (isShell && words.some(({ value }) => /^-\w*c$/.test(value))) return false;
  if (isShell && words.some(({ value }) => /^-\w*s$/.test(value))) return true;
  // `php -- --install-dir=/bin` takes options behind the two dashes.
  if (first.value === '--') return true;
  return isShell && [first, ...others].every(({ value }) => value.startsWith('-'));
}

function isDownload({ name, words }: ShellCommand): boolean {
  return (name === 'curl' || name === 'wget') && words.length > 0;
}

/** The download at the beginning of the pipe that a command ends. */
function pipedFrom(commands: readonly ShellCommand[], at: number): ShellCommand | undefined {
  const command = commands[at];
  let joined = command?.joined;
  for (let before = at - 1; before >= 0 && joined === '|'; before--) {
    const other = commands[before];
    if (other === undefined || other.list !== command?.list) continue;
    if (isDownload(other)) return other;
    joined = other.joined;
  }
  return undefined;
}

function* inRun({ script }: RunInstruction): Generator<Found> {
  const commands = script?.commands ?? [];
  if (!commands.some(isDownload)) return;
  for (const [at, command] of commands.entries()) {
    const { name, words, nameWord } = command;
    const data = { program: name };
    const from = runsInput(command) ? pipedFrom(commands, at) : undefined;
    if (from !== undefined) yield { message: 'run', data: { ...data, from: from.name }, span: nameWord.span };
    if (!shells.has(name) && name !== 'eval' && name !== 'source' && name !== '.') continue;
    // `sh -c "$(curl …)"` and `bash <(curl …)`.
    const inner = commands.find(
      (other) =>
        isDownload(other) &&
        words.some(({ span, source }) => /^"?(?:\$\(|`|<\()/.test(source) && containsSpan(span, other.span)),
    );
    if (inner !== undefined) yield { message: 'run', data: { ...data, from: inner.name }, span: nameWord.span };
  }
}

/** ADD of an address that is no repository; `--checksum` of a repository is a commit, which its address may hold. */
function* inAdd(instruction: CopyInstruction): Generator<Found> {
  if (instruction.flags.some(({ name }) => name.value === 'checksum')) return;
  for (const { span, value } of instruction.sources) {
    if (!/^https?:\/\//i.test(value) || /\.git(?:[#?]|$)/.test(value)) continue;
    const fix = withPlaceholders(insertFlag(instruction, '--checksum=sha256:<digest>'));
    const only = instruction.sources.length === 1;
    yield { message: 'added', span, fixes: only ? [{ title: 'checksum', safety: 'manual', edits: [fix] }] : [] };
  }
}

export default defineRule('instruction', {
  meta: {
    id: 'dockerfile/unverified-download',
    rows: ['D329'],
    summary: 'What is downloaded should be checked before it is run or kept.',
    why: 'A script that is piped into a shell runs as root, whatever the server sends that day; a connection that breaks runs half of it. `ADD --checksum` and `sha256sum --check` say what was meant, and notice when it changes. Many projects recommend the pipe: this is information.',
    severity: 'information',
    topic: 'security',
    messages: {
      run: '`{program}` runs whatever `{from}` receives',
      added: '`ADD` keeps whatever this address sends: no checksum says what is meant',
    },
    titles: { checksum: 'Add `--checksum`' },
    fix: 'sometimes',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM debian:13\nRUN curl -fsSL https://example.com/install.sh | sh\n',
        good: 'FROM debian:13\nRUN curl -fsSLO https://example.com/install.sh && echo "0123 install.sh" | sha256sum -c && sh install.sh\n',
      },
      {
        file: 'Dockerfile',
        bad: 'FROM debian:13\nADD https://example.com/a.tar.gz /a/\n',
        good: 'FROM debian:13\nADD --checksum=sha256:<digest> https://example.com/a.tar.gz /a/\n',
      },
    ],
    options: {},
    sources: ['tally prefer-add-unpack', 'kics curl_or_wget_instead_of_add'],
  },
  only: ['run', 'add'],
  calls: ['curl', 'wget'],
  *check({ instruction }) {
    if (instruction.kind === 'run') yield* inRun(instruction);
    else yield* inAdd(instruction);
  },
});
