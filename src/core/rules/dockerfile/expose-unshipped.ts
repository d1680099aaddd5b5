import { insertInstructionAfter, insertInstructionBefore, removeInstruction } from '../../dockerfile/edit.ts';
import type { Dockerfile, Instruction, Stage } from '../../dockerfile/model.ts';
import { ancestry } from '../../dockerfile/stage-facts.ts';
import { defineRule } from '../../engine/rule.ts';
import type { TextEdit } from '../../text/edit.ts';

/** Whether the last stage copies from the stage: then it only builds, and is no image of its own. */
function onlyBuilds(dockerfile: Dockerfile, stage: Stage): boolean {
  const last = dockerfile.stages.at(-1);
  const chain = last === undefined ? [] : ancestry(last);
  const starts = stage.instructions.some(({ kind }) => kind === 'cmd' || kind === 'entrypoint');
  const copies = chain.some(({ instructions }) =>
    instructions.some(
      (one) =>
        one.kind === 'copy' && (one.from?.value.toLowerCase() === stage.name || one.from?.value === `${stage.index}`),
    ),
  );
  return copies && !starts && !dockerfile.stages.some(({ parent }) => parent === stage);
}

/** The instruction in the last stage, before what is started there; undefined where that exposes these ports itself. */
function addedToLast(dockerfile: Dockerfile, { words, span }: Instruction): TextEdit | undefined {
  const instructions = dockerfile.stages.at(-1)?.instructions ?? [];
  const theirs = instructions.flatMap((one) => (one.kind === 'expose' ? one.words : [])).map(({ value }) => value);
  const text = dockerfile.text.slice(span.start, span.end);
  const last = instructions.at(-1);
  if (last === undefined || words.every(({ value }) => theirs.includes(value)) || /[\r\n]/.test(text)) return undefined;
  const started = instructions.find(({ kind }) => kind === 'cmd' || kind === 'entrypoint');
  return started ? insertInstructionBefore(dockerfile, started, text) : insertInstructionAfter(dockerfile, last, text);
}

export default defineRule('stage', {
  meta: {
    id: 'dockerfile/expose-unshipped',
    rows: ['D706'],
    summary: '`EXPOSE` belongs into the stage that is shipped.',
    why: 'A stage that others only copy files from leaves nothing but these files: its EXPOSE does not reach the image, and whoever publishes its exposed ports publishes none.',
    severity: 'information',
    look: 'unnecessary',
    topic: 'network',
    messages: { unshipped: 'The image does not get this `EXPOSE`: only files are copied from this stage' },
    titles: { move: 'Move it to the stage that is shipped', remove: 'Remove it' },
    fix: 'always',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM golang:1.25 AS build\nEXPOSE 80\nFROM scratch\nCOPY --from=build /app /app\n',
        good: 'FROM golang:1.25 AS build\nFROM scratch\nCOPY --from=build /app /app\nEXPOSE 80\n',
      },
    ],
    options: {},
    sources: [],
  },
  only: ['expose'],
  when: ({ stage }) =>
    !stage.shipped && stage.from !== undefined && stage.instructions.some(({ kind }) => kind === 'expose'),
  *check({ stage, dockerfile }) {
    const exposed = stage.instructions.filter(({ kind }) => kind === 'expose');
    if (!onlyBuilds(dockerfile, stage)) return;
    for (const instruction of exposed) {
      const removed = removeInstruction(dockerfile, instruction);
      const added = addedToLast(dockerfile, instruction);
      const move = { title: 'move', safety: 'suggested', edits: added ? [removed, added] : [] } as const;
      const remove = { title: 'remove', safety: 'suggested', edits: [removed] } as const;
      yield { message: 'unshipped', span: instruction.keyword.span, fixes: added ? [move, remove] : [remove] };
    }
  },
});
