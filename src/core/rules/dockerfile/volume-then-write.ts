import { insertInstructionAfter, removeInstruction } from '../../dockerfile/edit.ts';
import { pathIn, valueAt } from '../../dockerfile/folders.ts';
import type { Dockerfile, Instruction, RunInstruction, Stage, WordsInstruction } from '../../dockerfile/model.ts';
import { ancestry } from '../../dockerfile/stage-facts.ts';
import { defineRule } from '../../engine/rule.ts';
import { readFlags } from '../../shell/flags.ts';
import type { ShellCommand, ShellWord } from '../../shell/model.ts';
import type { TextEdit } from '../../text/edit.ts';
import { onceFor } from '../../text/once-for.ts';

interface Volume {
  readonly instruction: WordsInstruction;
  readonly path: string;
}

/** The volumes of a stage and of those that it builds on. */
const volumesOf = onceFor((stage: Stage): readonly Volume[] => {
  const volumes: Volume[] = [];
  for (const { instructions } of ancestry(stage)) {
    for (const instruction of instructions) {
      if (instruction.kind !== 'volume') continue;
      for (const match of instruction.arguments.text.matchAll(/\/[\w./-]+/g)) {
        const path = pathIn(undefined, match[0]);
        if (path !== undefined && path !== '/' && !instruction.arguments.text.includes('$'))
          volumes.push({ instruction, path });
      }
    }
  }
  return volumes;
});

/** Programs that write to all that they are given, and those that write to the last of it. */
const writeAll: ReadonlySet<string> = new Set([
  'mkdir',
  'touch',
  'chown',
  'chmod',
  'chgrp',
  'tee',
  'truncate',
  'setfacl',
]);
const takesValue = new Set(['-m', '-o', '-g']);
const writeLast: ReadonlySet<string> = new Set(['cp', 'mv', 'install', 'ln', 'rsync']);

function written({ name, words, redirects }: ShellCommand): readonly ShellWord[] {
  const targets = redirects.flatMap(({ operator, target }) => (/^\d*&?>/.test(operator) && target ? [target] : []));
  if (!writeAll.has(name) && !writeLast.has(name)) return targets;
  const { positionals } = readFlags(words, { takesValue });
  return [...targets, ...(writeAll.has(name) ? positionals : positionals.slice(-1))];
}

function writeBehind(
  dockerfile: Dockerfile,
  run: RunInstruction,
  volumes: readonly Volume[],
): { readonly word: ShellWord; readonly volume: Volume } | undefined {
  for (const command of run.script?.commands ?? []) {
    for (const word of written(command)) {
      const text = word.constant ? word.value : valueAt(dockerfile, run, word.source);
      const path = text?.startsWith('/') === true ? pathIn(undefined, text) : undefined;
      const volume = volumes.find((one) => path === one.path || path?.startsWith(`${one.path}/`));
      if (volume !== undefined) return { word, volume };
    }
  }
  return undefined;
}

/** Puts VOLUME behind the last RUN of its stage that writes there. */
function moved(dockerfile: Dockerfile, stage: Stage, { instruction }: Volume): readonly TextEdit[] | undefined {
  if (!stage.instructions.includes(instruction)) return undefined;
  const volumes = volumesOf(stage).filter((one) => one.instruction === instruction);
  const last = stage.instructions.findLast(
    (run): run is RunInstruction => run.kind === 'run' && writeBehind(dockerfile, run, volumes) !== undefined,
  );
  if (last === undefined || last.span.start < instruction.span.start) return undefined;
  const text = dockerfile.text.slice(instruction.span.start, instruction.span.end);
  return [removeInstruction(dockerfile, instruction), insertInstructionAfter(dockerfile, last, text)];
}

function before(volume: Volume, instruction: Instruction): boolean {
  return volume.instruction.span.end <= instruction.span.start;
}

export default defineRule('instruction', {
  meta: {
    id: 'dockerfile/volume-then-write',
    rows: ['D616'],
    summary: 'What a volume is to hold has to be written before `VOLUME`.',
    why: "Docker's older builder and others throw away what a RUN changes in a volume after its VOLUME: the folder or its owner is missing in the image, without a word. BuildKit keeps it, so this is information; with VOLUME behind the step every builder does.",
    severity: 'information',
    topic: 'correctness',
    messages: { lost: 'Some builders lose this: `{path}` is a volume already' },
    titles: { move: 'Move `VOLUME` behind it' },
    fix: 'sometimes',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM alpine:3.22\nVOLUME /data\nRUN mkdir /data/db\nCMD ["app"]\n',
        good: 'FROM alpine:3.22\nRUN mkdir /data/db\nVOLUME /data\nCMD ["app"]\n',
      },
    ],
    options: {},
    sources: [],
  },
  only: ['run'],
  beside: ['volume'],
  when: ({ instruction, stage }) =>
    stage !== undefined &&
    !stage.windows &&
    !instruction.onbuild &&
    volumesOf(stage).some((volume) => before(volume, instruction)),
  *check({ instruction, stage, dockerfile }) {
    if (stage === undefined) return;
    const volumes = volumesOf(stage).filter((volume) => before(volume, instruction));
    const found = writeBehind(dockerfile, instruction, volumes);
    if (found === undefined) return;
    const edits = moved(dockerfile, stage, found.volume);
    yield {
      message: 'lost',
      data: { path: found.volume.path },
      span: found.word.span,
      fixes: edits ? [{ title: 'move', safety: 'suggested', edits }] : [],
    };
  },
});
