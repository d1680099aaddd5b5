import { withoutOthersWriting } from '../../dockerfile/file-modes.ts';
import type { RunInstruction } from '../../dockerfile/model.ts';
import { programsCalled } from '../../dockerfile/subjects.ts';
import { defineRule } from '../../engine/rule.ts';
import { readFlags } from '../../shell/flags.ts';
import type { ShellCommand, ShellWord } from '../../shell/model.ts';
import { replace } from '../../text/edit.ts';
import type { Span } from '../../text/span.ts';

interface LooseMode {
  readonly span: Span;
  readonly mode: string;
  readonly better: string | undefined;
}

/** What the same RUN takes away again, and devices, are nobody's concern. */
function passing(run: RunInstruction, target: ShellWord): boolean {
  if (/^\/dev\//.test(target.value)) return true;
  return (run.script?.commands ?? []).some(
    ({ name, words, span }) =>
      name === 'rm' && span.start > target.span.start && words.some(({ source }) => source === target.source),
  );
}

function modeOfChmod(run: RunInstruction, { name, words }: ShellCommand): LooseMode | undefined {
  if (name !== 'chmod') return undefined;
  const { flags, positionals } = readFlags(words);
  const [word, ...targets] = positionals;
  if (word === undefined || !word.constant || flags.some((flag) => flag.name === '--reference')) return undefined;
  const better = withoutOthersWriting(word.value);
  if (better === undefined || (targets.length > 0 && targets.every((target) => passing(run, target)))) return undefined;
  const shared = targets.length > 0 && targets.every(({ value }) => /^(?:\/var)?\/tmp\/?$/.test(value));
  return { span: word.span, mode: word.value, better: shared ? '1777' : better === 'keep' ? undefined : better };
}

export default defineRule('instruction', {
  meta: {
    id: 'dockerfile/world-writable',
    rows: ['D607'],
    summary: 'Files of an image should not be open to everybody to write.',
    why: 'What every user may write, every process that is broken into may change: programs, libraries, start scripts. Give the files to the user that needs them (`COPY --chown`, `chown`), or to its group. Folders with the sticky bit, as `/tmp` has it, are left alone, and stages that are not shipped. A secret that other users may read is only open while the RUN runs: information.',
    severity: 'warning',
    topic: 'security',
    messages: {
      write: '`{mode}` lets every user write',
      secret: '`mode={mode}` shows the secret to every user',
    },
    titles: { narrow: 'Change to `{better}`' },
    fix: 'sometimes',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM debian:13-slim\nRUN mkdir /data && chmod 777 /data\n',
        good: 'FROM debian:13-slim\nRUN mkdir /data && chmod 775 /data\n',
      },
    ],
    options: {},
    sources: ['sonar S2612', 'sonar S6469', 'tally world-writable-state-path-workaround'],
  },
  only: ['run', 'copy', 'add'],
  mentions: ['chmod', 'secret'],
  when: ({ instruction }) =>
    instruction.flags.some(({ name }) => name.value === 'chmod' || name.value === 'mount') ||
    (instruction.kind === 'run' && programsCalled(instruction).has('chmod')),
  *check({ instruction, stage }) {
    const found: LooseMode[] = [];
    if (instruction.kind === 'run') {
      for (const { type, properties } of instruction.mounts) {
        const mode = properties.get('mode');
        if (type !== 'secret' || mode === undefined || !/^0?[0-7]{2}[1-7]$/.test(mode.value)) continue;
        const better = `${mode.value.slice(0, -1)}0`;
        yield {
          message: 'secret',
          data: { mode: mode.value },
          span: mode.span,
          severity: 'information',
          fixes: [{ title: 'narrow', data: { better }, safety: 'suggested', edits: [replace(mode.span, better)] }],
        };
      }
      for (const command of programsCalled(instruction).has('chmod') ? (instruction.script?.commands ?? []) : []) {
        const loose = modeOfChmod(instruction, command);
        if (loose !== undefined) found.push(loose);
      }
    } else if (instruction.kind === 'copy' || instruction.kind === 'add') {
      for (const { name, value } of instruction.flags) {
        const better = name.value === 'chmod' && value ? withoutOthersWriting(value.value) : undefined;
        if (better === undefined || value === undefined) continue;
        found.push({ span: value.span, mode: value.value, better: better === 'keep' ? undefined : better });
      }
    }
    if (stage?.shipped === false) return;
    for (const { span, mode, better } of found) {
      yield {
        message: 'write',
        data: { mode },
        span,
        fixes:
          better === undefined
            ? []
            : [{ title: 'narrow', data: { better }, safety: 'suggested', edits: [replace(span, better)] }],
      };
    }
  },
});
