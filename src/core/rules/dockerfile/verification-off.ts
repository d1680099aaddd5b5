import { cutWord, removePair } from '../../dockerfile/edit.ts';
import type { Dockerfile, PairsInstruction, RunInstruction } from '../../dockerfile/model.ts';
import {
  checksSomething,
  isWeakVariable,
  maySwitchOff,
  switchesOff,
  type WeakOption,
  weakOptions,
} from '../../dockerfile/verification.ts';
import { defineRule, type Proposal } from '../../engine/rule.ts';
import type { ShellCommand } from '../../shell/model.ts';
import { remove, replace, type TextEdit } from '../../text/edit.ts';

type Found = Proposal<'signature' | 'certificate', 'remove'>;

/** The checks of checkov by what it looks for: an option or variable, or else all that a program has. */
const checkov: Readonly<Record<string, number>> = {
  ...{ '--allow-unauthenticated': 8, '--nogpgcheck': 9, '--force-yes': 11, 'sslverify=0': 15 },
  ...{ PYTHONHTTPSVERIFY: 5, NODE_TLS_REJECT_UNAUTHORIZED: 6, NPM_CONFIG_STRICT_SSL: 12 },
  ...{ GIT_SSL_NO_VERIFY: 14, PIP_TRUSTED_HOST: 16 },
  ...{ curl: 2, wget: 3, pip: 4, pip2: 4, pip3: 4, python: 4, python3: 4, apk: 7, rpm: 10, npm: 13, yarn: 13 },
};

function peersOf(name: string, program: string): readonly string[] {
  const check = [name, name.toUpperCase(), program].find((key) => Object.hasOwn(checkov, key));
  return check === undefined ? [] : [`checkov CKV2_DOCKER_${checkov[check]}`];
}

function withoutOption({ text }: Dockerfile, { words, letter }: WeakOption): TextEdit | undefined {
  const [first] = words ?? [];
  const last = words?.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const span = { start: first.span.start, end: last.span.end };
  if (letter === undefined) return /[\r\n]/.test(text.slice(span.start, span.end)) ? undefined : cutWord(text, span);
  const written = text.slice(span.start, span.end);
  const plain = written === first.value || written === JSON.stringify(first.value);
  return plain ? replace(span, first.value.replace(letter, '')) : undefined;
}

/** `NAME=value` before a program, or behind `export`. */
function* assigned(dockerfile: Dockerfile, command: ShellCommand): Generator<Found> {
  for (const { name, value, span } of command.assignments) {
    if (!isWeakVariable(name, value?.value ?? '')) continue;
    const blanks = /^[ \t]+/.exec(dockerfile.text.slice(span.end))?.[0] ?? '';
    const edit = blanks === '' ? undefined : remove({ start: span.start, end: span.end + blanks.length });
    yield { message: 'certificate', data: { name }, span, peers: peersOf(name, ''), fixes: fixes(edit) };
  }
  if (command.name !== 'export') return;
  for (const word of command.words) {
    const cut = word.value.indexOf('=');
    const name = word.value.slice(0, Math.max(cut, 0));
    if (!isWeakVariable(name, word.value.slice(cut + 1))) continue;
    const edit = command.words.length > 1 ? cutWord(dockerfile.text, word.span) : undefined;
    yield { message: 'certificate', data: { name }, span: word.span, peers: peersOf(name, ''), fixes: fixes(edit) };
  }
}

function fixes(edit: TextEdit | undefined): NonNullable<Found['fixes']> {
  return edit ? [{ title: 'remove', safety: 'suggested', edits: [edit] }] : [];
}

function* inRun(dockerfile: Dockerfile, { script }: RunInstruction): Generator<Found> {
  for (const command of script?.commands ?? []) {
    if (command.assignments.length > 0 || command.name === 'export') yield* assigned(dockerfile, command);
    if (!checksSomething(command)) continue;
    for (const option of weakOptions(command)) {
      const { kind, name, span, ownFiles } = option;
      const severity = ownFiles && { severity: 'information' as const };
      const peers = peersOf(name, command.name);
      yield {
        message: kind,
        data: { name },
        span,
        ...severity,
        peers,
        fixes: fixes(withoutOption(dockerfile, option)),
      };
    }
  }
}

function* inPairs(dockerfile: Dockerfile, instruction: PairsInstruction): Generator<Found> {
  for (const pair of instruction.pairs) {
    const { key, value, span } = pair;
    if (!isWeakVariable(key.value, value?.value ?? '')) continue;
    const name = key.value;
    const edit = removePair(dockerfile, instruction, pair);
    yield { message: 'certificate', data: { name }, span, peers: peersOf(name, ''), fixes: fixes(edit) };
  }
}

export default defineRule('instruction', {
  meta: {
    id: 'dockerfile/verification-off',
    rows: ['D327'],
    summary: 'Packages and downloads should be checked: no option that switches signatures or certificates off.',
    why: 'Without the check of a signature or certificate, whoever stands between the build and the server decides what gets into the image. Install the certificate of the company (`ca-certificates`, `NODE_EXTRA_CA_CERTS`, `PIP_CERT`) or the key of the repository instead. In ENV it also weakens the program that runs later. Addresses of the machine itself and repositories on its disk are left alone.',
    severity: 'warning',
    topic: 'security',
    messages: {
      signature: '`{name}`: packages are installed whoever made them',
      certificate: '`{name}`: nobody checks which server answers',
    },
    titles: { remove: 'Remove `{name}`' },
    fix: 'sometimes',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM debian:13\nRUN curl -fsSL --insecure -O https://example.com/a\n',
        good: 'FROM debian:13\nRUN curl -fsSL -O https://example.com/a\n',
      },
      {
        file: 'Dockerfile',
        bad: 'FROM node:24\nENV NODE_TLS_REJECT_UNAUTHORIZED=0\nCMD ["node", "server.js"]\n',
        good: 'FROM node:24\nCMD ["node", "server.js"]\n',
      },
    ],
    options: {},
    sources: [
      ...['checkov CKV2_DOCKER_2', 'checkov CKV2_DOCKER_3', 'checkov CKV2_DOCKER_4', 'checkov CKV2_DOCKER_5'],
      ...['checkov CKV2_DOCKER_6', 'checkov CKV2_DOCKER_7', 'checkov CKV2_DOCKER_8', 'checkov CKV2_DOCKER_9'],
      ...['checkov CKV2_DOCKER_10', 'checkov CKV2_DOCKER_11', 'checkov CKV2_DOCKER_12', 'checkov CKV2_DOCKER_13'],
      ...['checkov CKV2_DOCKER_14', 'checkov CKV2_DOCKER_15', 'checkov CKV2_DOCKER_16'],
    ],
  },
  only: ['run', 'env', 'arg'],
  mentions: switchesOff,
  when: ({ instruction: { span }, dockerfile }) => maySwitchOff.test(dockerfile.text.slice(span.start, span.end)),
  *check({ instruction, dockerfile }) {
    if (instruction.kind === 'run') yield* inRun(dockerfile, instruction);
    else yield* inPairs(dockerfile, instruction);
  },
});
