import { insertInstructionBefore } from '../../dockerfile/edit.ts';
import { pathIn } from '../../dockerfile/folders.ts';
import type { CopyInstruction, Instruction, Stage } from '../../dockerfile/model.ts';
import { instructionsBefore } from '../../dockerfile/stage-facts.ts';
import { baseOf } from '../../dockerfile/users.ts';
import { defineRule } from '../../engine/rule.ts';
import { folderOfBase } from '../../images/base-images.ts';
import { replace } from '../../text/edit.ts';
import { onceFor } from '../../text/once-for.ts';

function inner(instruction: Instruction): Instruction {
  return (instruction.kind === 'onbuild' ? instruction.trigger : undefined) ?? instruction;
}

/** The COPYs of a stage to a relative path before any WORKDIR, with the first of them first. */
const relativeCopies = onceFor((stage: Stage): readonly CopyInstruction[] => {
  const found: CopyInstruction[] = [];
  let triggersPlaced = false;
  for (const outer of instructionsBefore(stage)) {
    const instruction = inner(outer);
    if (outer.kind === 'workdir') break;
    if (instruction.kind === 'workdir') triggersPlaced = true;
    if (instruction.onbuild && triggersPlaced) continue;
    if (instruction.kind === 'copy' && stage.instructions.includes(outer) && isRelative(instruction))
      found.push(instruction);
  }
  return found;
});

function isRelative({ destination }: CopyInstruction): boolean {
  return destination !== undefined && !/^(?:[/\\$]|[A-Za-z]:|$)/.test(destination.value);
}

export default defineRule('instruction', {
  meta: {
    id: 'dockerfile/copy-relative-destination',
    rows: ['D806'],
    summary: '`COPY` to a relative path needs a `WORKDIR` before it.',
    why: 'Without a WORKDIR the path goes on from whatever folder the base image ends in: the root folder for most, where the files mix with those of the system, and another one as soon as the image says so. Of images with a folder of their own (golang, php) nothing is said; of those that nothing is known of this is information.',
    severity: 'warning',
    topic: 'correctness',
    messages: { relative: '`{destination}` is relative, and no `WORKDIR` says to what' },
    titles: { workdir: 'Add `WORKDIR /app` before it', absolute: 'Change to `{absolute}`' },
    fix: 'sometimes',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM node:24\nCOPY . .\n',
        good: 'FROM node:24\nWORKDIR /app\nCOPY . .\n',
      },
    ],
    options: {},
    sources: ['hadolint DL3045'],
  },
  only: ['copy'],
  when: ({ instruction, stage }) =>
    stage !== undefined && isRelative(instruction) && relativeCopies(stage).includes(instruction),
  *check({ instruction, stage, dockerfile }) {
    if (stage === undefined) return;
    const { destination } = instruction;
    if (destination === undefined) return;
    const copies = relativeCopies(stage);
    const [first] = copies;
    if (first === undefined) return;
    const base = baseOf(stage);
    const folder = base && folderOfBase(base);
    if (folder !== undefined && folder !== '/') return;
    const workdir = first.onbuild ? 'ONBUILD WORKDIR /app' : 'WORKDIR /app';
    const absolute = pathIn(folder, destination.value);
    const slash = destination.value.endsWith('/') && absolute !== '/' ? '/' : '';
    const plain =
      /^[\w.@+/-]+$/.test(destination.text) && !instruction.json && !/(?:^|\/)\.{1,2}$/.test(destination.text);
    yield {
      message: 'relative',
      data: { destination: destination.value },
      span: destination.span,
      ...((folder === undefined || base?.repository === 'scratch') && stage.from && { severity: 'information' }),
      fixes: stage.windows
        ? []
        : [
            { title: 'workdir', safety: 'suggested', edits: [insertInstructionBefore(dockerfile, first, workdir)] },
            ...(absolute !== undefined && plain
              ? [
                  {
                    title: 'absolute',
                    data: { absolute: absolute + slash },
                    safety: 'safe',
                    edits: [replace(destination.span, absolute + slash)],
                  } as const,
                ]
              : []),
          ],
    };
  },
});
