import { downloadOf } from '../../dockerfile/downloads.ts';
import type { Dockerfile, RunInstruction } from '../../dockerfile/model.ts';
import { defineRule, type Proposal } from '../../engine/rule.ts';
import { insert } from '../../text/edit.ts';
import type { Span } from '../../text/span.ts';

type Found = Proposal<'plain', 'https'>;

/** Hosts that are reached without leaving the machine or the network of the company. */
const privateHost =
  /^(?:localhost|127\.|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|169\.254\.|0\.0\.0\.0|\[)|\.(?:local|localhost|localdomain|internal|intranet|lan|home|corp|svc|test|invalid)$/i;

/** Programs and options by which what was fetched is checked before it is used. */
const checks =
  /\b(?:sha(?:1|224|256|384|512)(?:sum)?|md5sum|b2sum|shasum|gpgv?2?|minisign|cosign|signify|openssl dgst|--checksum)\b/;

/** A written address without encryption whose host is a public one. */
function plainAddress(value: string): { readonly host: string; readonly port: boolean } | undefined {
  const [, host, port] = /^http:\/\/(?:[^@/]*@)?([^/:?#]+)(:\d*)?/i.exec(value) ?? [];
  if (host === undefined || !/^[\w.-]+\.[\w-]+$/.test(host) || privateHost.test(host)) return undefined;
  return { host, port: port !== undefined };
}

function finding({ text }: Dockerfile, value: string, span: Span): Found | undefined {
  const address = plainAddress(value);
  if (address === undefined) return undefined;
  const at = text.slice(span.start, span.end).search(/http:\/\//i);
  if (at < 0) return undefined;
  const place = { start: span.start + at, end: span.start + at + 'http://'.length };
  const edits = [insert(place.start + 'http'.length, 's')];
  return {
    message: 'plain',
    data: { host: address.host },
    span: place,
    fixes: address.port ? [] : [{ title: 'https', safety: 'suggested', edits }],
  };
}

function* inRun(dockerfile: Dockerfile, { script, span }: RunInstruction): Generator<Found> {
  let checked: boolean | undefined;
  for (const command of script?.commands ?? []) {
    const download = downloadOf(command);
    if (download === undefined) continue;
    const urls = download.read.flags.flatMap(({ name, value }) =>
      name === '--url' && value ? [{ value: value.text, span: value.span }] : [],
    );
    for (const address of [...download.addresses, ...urls]) {
      const found = finding(dockerfile, address.value, address.span);
      if (found === undefined) continue;
      checked ??= checks.test(dockerfile.text.slice(span.start, span.end));
      if (!checked) yield found;
    }
  }
}

export default defineRule('instruction', {
  meta: {
    id: 'dockerfile/plain-http',
    rows: ['D328'],
    summary: 'Downloads should not come over plain `http://`.',
    why: 'Without encryption nobody knows who answered: whoever stands between the build and the server can put something else into the image. Hosts of the own network, and downloads whose checksum or signature the same step checks, are left alone.',
    severity: 'warning',
    topic: 'security',
    messages: { plain: '`{host}` is asked over plain http: anyone on the way can answer' },
    titles: { https: 'Change to `https://`' },
    fix: 'sometimes',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM debian:13\nRUN curl -fsSLO http://example.com/a.tar.gz\n',
        good: 'FROM debian:13\nRUN curl -fsSLO https://example.com/a.tar.gz\n',
      },
    ],
    options: {},
    sources: ['sonar S5332'],
  },
  only: ['run', 'add'],
  mentions: ['http://', 'HTTP://'],
  when: ({ instruction: { span }, dockerfile }) => /http:\/\//i.test(dockerfile.text.slice(span.start, span.end)),
  *check({ instruction, dockerfile }) {
    if (instruction.kind === 'run') yield* inRun(dockerfile, instruction);
    if (instruction.kind !== 'add' || instruction.flags.some(({ name }) => name.value === 'checksum')) return;
    for (const { value, span } of instruction.sources) {
      const found = finding(dockerfile, value, span);
      if (found !== undefined) yield found;
    }
  },
});
