import type { RunCommand } from '../../dockerfile/model.ts';
import { defineRule } from '../../engine/rule.ts';
import type { ShellCommand } from '../../shell/model.ts';
import type { Span } from '../../text/span.ts';

/** Programs whose calls store credentials of a person or service, by what their words look like. */
const stores: Readonly<Record<string, RegExp>> = {
  aws: /\bconfigure set (?:\S*\.)?(?:aws_(?:access_key_id|secret_access_key|session_token))\b/,
  gcloud: /\bauth activate-service-account\b/,
  az: /\blogin\b.* (?:-p|--password)\b/,
  doctl: /\bauth init\b.* (?:-t|--access-token)\b/,
  docker: /\blogin\b.* (?:-p|--password)\b/,
  npm: /\bconfig set \S*_(?:authToken|auth|password)\b/,
  heroku: /\bauth:token\b/,
};
/** The key comes from a mount, and what is stored is left out of the layer. */
function mounted({ run }: RunCommand): boolean {
  return run.mounts.some(({ type }) => type === 'secret');
}

const address = /^(?:https?|git\+https?):\/\/[^/@\s]+:[^/@\s]+@/;

/** `passwd -l root` and the like take a password away. */
function setsPassword({ name, words }: ShellCommand): boolean {
  const values = words.map(({ value }) => value);
  if (name === 'chpasswd') return !values.some((value) => /^(?:-h|--help)$/.test(value));
  return (
    name === 'passwd' &&
    !values.some((value) =>
      /^-(?:[dluSehan]+$|-(?:delete|lock|unlock|expire|status|help|inactive|mindays))/.test(value),
    )
  );
}

function clonesWithPassword({ name, words }: ShellCommand): Span | undefined {
  return name === 'git' ? words.find(({ source }) => address.test(source.replace(/^["']/, '')))?.span : undefined;
}

export default defineRule('run-command', {
  meta: {
    id: 'dockerfile/password-command',
    rows: ['D332'],
    summary: 'Passwords and credentials should not be set while an image is built.',
    why: 'What the command is given stands in the image’s history, and what it stores in a layer: everybody who can pull the image has it, and all containers share it. A `RUN --mount=type=secret` hands credentials to one step; a program that runs later gets its own from outside. A container hardly ever needs a password to log in.',
    severity: 'warning',
    topic: 'security',
    messages: {
      password: '`{program}` puts a password into the image that all containers share',
      stored: '`{program}` stores credentials in a layer of the image',
      address: 'This address holds credentials, which stay in the image',
    },
    titles: {},
    fix: 'never',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM debian:13\nRUN echo "root:$PASSWORD" | chpasswd\n',
        good: 'FROM debian:13\nRUN passwd -l root\n',
      },
    ],
    options: {},
    sources: ['checkov CKV2_DOCKER_17', 'trivy DS-0031'],
  },
  calls: ['chpasswd', 'passwd', 'git', ...Object.keys(stores)],
  *check(subject) {
    const { command } = subject;
    const { name } = command;
    if (setsPassword(command)) {
      const peers = name === 'chpasswd' ? ['checkov CKV2_DOCKER_17'] : [];
      yield { message: 'password', data: { program: name }, span: command.nameWord.span, peers };
      return;
    }
    const span = clonesWithPassword(command);
    const peers = ['trivy DS-0031'];
    if (span !== undefined && !mounted(subject)) yield { message: 'address', span, peers };
    const pattern = Object.hasOwn(stores, name) ? stores[name] : undefined;
    if (pattern === undefined || mounted(subject)) return;
    const words = command.words.map(({ value }) => value).join(' ');
    if (pattern.test(words) && !/--password-stdin\b/.test(words))
      yield { message: 'stored', data: { program: name }, span: command.nameWord.span, peers };
  },
});
