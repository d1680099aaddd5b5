import { contextSources } from '../../dockerfile/build-context.ts';
import { isArchive } from '../../dockerfile/context-copy.ts';
import type { Instruction, Stage } from '../../dockerfile/model.ts';
import { addInstead } from '../../dockerfile/unpacked-copy.ts';
import { defineRule } from '../../engine/rule.ts';
import type { ShellCommand } from '../../shell/model.ts';

const unpackers: ReadonlySet<string> = new Set([
  ...['unzip', 'gunzip', 'bunzip2', 'unlzma', 'unxz', 'zcat', 'gzcat', 'uncompress', 'zgz'],
]);

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Whether a command unpacks: tar takes `x` among its first letters, with a dash or without. */
function unpacks({ name, words }: ShellCommand): boolean {
  if (name !== 'tar' && name !== 'bsdtar') return unpackers.has(name);
  return words.some(
    ({ value }, at) =>
      /^--(?:extract|get)$/.test(value) || /^-[a-zA-Z]*x/.test(value) || (at === 0 && /^[a-zA-Z]*x/.test(value)),
  );
}

/** The files that a later RUN of the stage unpacks, by their last part. */
function unpackedAfter(stage: Stage, copy: Instruction): ReadonlySet<string> {
  const names = new Set<string>();
  for (const later of stage.instructions.slice(stage.instructions.indexOf(copy) + 1)) {
    if (later.kind !== 'run') continue;
    for (const command of later.script?.commands ?? []) {
      if (!unpacks(command)) continue;
      for (const { value } of command.words) names.add(baseName(value.replace(/^--file=/, '')));
      for (const { target } of command.redirects) if (target) names.add(baseName(target.value));
    }
  }
  return names;
}

export default defineRule('instruction', {
  meta: {
    id: 'dockerfile/copy-then-extract',
    rows: ['D405'],
    summary: 'A local archive should be unpacked with `ADD`.',
    why: 'The layer of the COPY holds the archive for good, even where a later RUN unpacks and removes it. ADD unpacks local tar archives by itself and leaves the archive out. A mount (`RUN --mount=type=bind`) does as much for archives of other kinds.',
    severity: 'information',
    topic: 'size',
    messages: { extracted: '`{archive}` is copied and unpacked later: both stay in the image' },
    titles: { add: 'Let `ADD` unpack it' },
    fix: 'sometimes',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM alpine:3.22\nCOPY site.tar.gz /tmp/\nRUN tar -xzf /tmp/site.tar.gz -C /srv\n',
        good: 'FROM alpine:3.22\nADD site.tar.gz /srv/\n',
      },
    ],
    options: {},
    sources: ['hadolint DL3010'],
  },
  only: ['copy'],
  beside: ['run'],
  when: ({ instruction }) => instruction.sources.some(isArchive),
  *check({ instruction, stage, dockerfile }) {
    if (stage === undefined) return;
    const archives = contextSources(instruction).filter(isArchive);
    if (archives.length === 0) return;
    const names = unpackedAfter(stage, instruction);
    const renamed =
      archives.length === 1 && instruction.sources.length === 1 ? instruction.destination?.value : undefined;
    for (const archive of archives) {
      if (!names.has(baseName(archive.value)) && (renamed === undefined || !names.has(baseName(renamed)))) continue;
      const edits = addInstead(dockerfile, stage, instruction);
      const fixes = edits ? [{ title: 'add', safety: 'suggested', edits } as const] : [];
      yield { message: 'extracted', data: { archive: archive.value }, span: archive.span, fixes };
    }
  },
});
