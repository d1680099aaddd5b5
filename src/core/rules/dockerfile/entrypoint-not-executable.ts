import { isRemote } from '../../dockerfile/context-copy.ts';
import { insertFlag } from '../../dockerfile/edit.ts';
import type { CopyInstruction, Dockerfile, Stage } from '../../dockerfile/model.ts';
import { instructionsBefore } from '../../dockerfile/stage-facts.ts';
import { places, type StartedFile, startedFiles } from '../../dockerfile/started-file.ts';
import { defineRule, type Proposal } from '../../engine/rule.ts';
import { replace } from '../../text/edit.ts';

const searched = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** The instruction that puts the file there, and nothing after it that may change its mode. */
function origin(dockerfile: Dockerfile, stage: Stage, { path, text }: StartedFile): CopyInstruction | undefined {
  const paths = path === undefined ? searched.map((folder) => `${folder}/${text}`) : [path];
  const name = text.slice(text.lastIndexOf('/') + 1);
  let found: CopyInstruction | undefined;
  for (const instruction of instructionsBefore(stage)) {
    if (instruction.kind === 'copy' || instruction.kind === 'add') {
      if (found === undefined && !instruction.arguments.text.includes(name)) continue;
      const placed = paths.map((one) => places(dockerfile, stage, instruction, one));
      if (placed.includes('file')) found = instruction;
      else if (placed.includes('maybe')) found = undefined;
    } else if (instruction.kind === 'run' && found !== undefined) {
      const written = dockerfile.text.slice(instruction.span.start, instruction.span.end);
      if (/\b(?:chmod|install|cp|mv|ln|sed|dos2unix)\b|\.sh\b/.test(written)) found = undefined;
    }
  }
  return found;
}

type Message = 'mode' | 'heredoc' | 'download' | 'context';

/** What is known of the mode that the file gets. */
function problemOf(
  { flags, sources, from, heredocs }: CopyInstruction,
  executable: (mode: string) => boolean,
): Message | undefined {
  const chmod = flags.find(({ name }) => name.value === 'chmod');
  if (chmod !== undefined) {
    const mode = chmod.value?.value ?? '';
    return executable(mode) ? undefined : 'mode';
  }
  const [source] = sources;
  if (source === undefined || sources.length > 1 || from !== undefined) return undefined;
  if (heredocs.length > 0) return 'heredoc';
  if (isRemote(source)) return /^https?:/i.test(source.value) && !/\.git\b/.test(source.value) ? 'download' : undefined;
  return source.constant && /\.(?:sh|bash|py|rb|pl)$/.test(source.value) ? 'context' : undefined;
}

/** Modes in letters and with variables are taken as they are. */
function mayExecute(mode: string): boolean {
  return !/^[0-7]{3,4}$/.test(mode) || [...mode.slice(-3)].some((digit) => Number(digit) % 2 === 1);
}

export default defineRule('stage', {
  meta: {
    id: 'dockerfile/entrypoint-not-executable',
    rows: ['D815'],
    summary: 'A script that is started should be executable.',
    why: 'COPY keeps the mode that a file has in the build context: executable where git or the file system says so, which a checkout on Windows or a download does not. A here-document gives 644 and a download by ADD 600: the container ends at once with “permission denied”. `--chmod=0755` makes sure without a layer more. How a file of the context is nobody can tell from here: the option `context` tells of those too.',
    severity: 'warning',
    topic: 'runtime',
    messages: {
      mode: '`{path}` is started, and this mode does not let it',
      heredoc: '`{path}` is started, and a here-document is not executable',
      download: '`{path}` is started, and a download is not executable',
      context: '`{path}` is started, and only executable if it is in the build context',
    },
    titles: { chmod: 'Add `--chmod=0755`', mode: 'Change to `--chmod=0755`' },
    fix: 'sometimes',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM alpine:3.22\nCOPY <<EOF /start.sh\n#!/bin/sh\nexec app\nEOF\nENTRYPOINT ["/start.sh"]\n',
        good: 'FROM alpine:3.22\nCOPY --chmod=0755 <<EOF /start.sh\n#!/bin/sh\nexec app\nEOF\nENTRYPOINT ["/start.sh"]\n',
      },
    ],
    options: {
      context: {
        type: 'boolean',
        default: false,
        description: 'Also tell of scripts of the build context, whose mode there is not known',
      },
    },
    sources: ['tally prefer-copy-chmod'],
  },
  only: ['copy', 'add'],
  beside: ['entrypoint', 'cmd'],
  when: ({ stage, dockerfile }) => !stage.windows && startedFiles(dockerfile, stage).some(({ executed }) => executed),
  *check({ stage, dockerfile }, { options }) {
    for (const file of startedFiles(dockerfile, stage)) {
      const copy = file.executed ? origin(dockerfile, stage, file) : undefined;
      const message = copy && problemOf(copy, mayExecute);
      if (
        copy === undefined ||
        message === undefined ||
        (message === 'context' && (!options.context || file.by.kind !== 'entrypoint'))
      )
        continue;
      yield proposal(file, copy, message);
    }
  },
});

function proposal(file: StartedFile, copy: CopyInstruction, message: Message): Proposal<Message, 'chmod' | 'mode'> {
  const chmod = copy.flags.find(({ name }) => name.value === 'chmod')?.value;
  const edits = [chmod === undefined ? insertFlag(copy, '--chmod=0755') : replace(chmod.span, '0755')];
  return {
    message,
    data: { path: file.text },
    span: file.span,
    ...(message === 'context' && { severity: 'information' }),
    fixes: [{ title: chmod === undefined ? 'chmod' : 'mode', safety: 'suggested', edits }],
  };
}
