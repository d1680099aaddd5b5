import type { Dockerfile, Stage } from '../../dockerfile/model.ts';
import { instructionsOf } from '../../dockerfile/subjects.ts';
import { defineRule } from '../../engine/rule.ts';
import { insert, replace, type TextEdit } from '../../text/edit.ts';
import type { Located } from '../../text/span.ts';

interface NumberedCopy {
  readonly from: Located<string>;
  /** Undefined where no stage has the number. */
  readonly target: Stage | undefined;
}

function numberedCopies(dockerfile: Dockerfile): readonly NumberedCopy[] {
  return [...instructionsOf(dockerfile)].flatMap(({ instruction, stage }) => {
    if (instruction.kind !== 'copy' || !instruction.from || !/^\d+$/.test(instruction.from.value)) return [];
    const target = dockerfile.stages[Number(instruction.from.value)];
    const known = target && target.index < stage.index && !instruction.onbuild;
    return [{ from: instruction.from, target: known ? target : undefined }];
  });
}

/** What the stage is called, or could be: no other stage has that name. */
function nameFor(dockerfile: Dockerfile, stage: Stage): string {
  const own = stage.from?.alias?.value;
  if (own !== undefined) return own;
  for (let name = `stage${stage.index}`; ; name += '-x') {
    if (!dockerfile.stages.some((other) => other.name === name)) return name;
  }
}

/** Names the stage, where it has no name, and has all its copies say it. */
function naming(stage: Stage, name: string, copies: readonly NumberedCopy[]): readonly TextEdit[] {
  const { from } = stage;
  const edits: TextEdit[] = [];
  if (from?.image && !from.alias) {
    const as = from.keyword.value === from.keyword.value.toLowerCase() ? 'as' : 'AS';
    edits.push(insert(from.image.span.end, ` ${as} ${name}`));
  }
  for (const copy of copies) if (copy.target === stage) edits.push(replace(copy.from.span, name));
  return edits;
}

export default defineRule('instruction', {
  meta: {
    id: 'dockerfile/copy-from-number',
    rows: ['D130'],
    summary: '`COPY --from` should name its stage instead of counting.',
    why: 'A stage that is put in above moves every number, and the copy takes its files from another stage without a word.',
    severity: 'information',
    topic: 'correctness',
    messages: { number: 'Stage {number} is named by its place: a stage put in above changes what is copied' },
    titles: { use: 'Use the name `{name}`', give: 'Call the stage `{name}` and use the name' },
    fix: 'sometimes',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM golang:1.25\nRUN go build -o /app .\nFROM scratch\nCOPY --from=0 /app /app\n',
        good: 'FROM golang:1.25 AS stage0\nRUN go build -o /app .\nFROM scratch\nCOPY --from=stage0 /app /app\n',
      },
    ],
    options: {},
    sources: ['kics using_unnamed_build_stages'],
  },
  only: ['copy'],
  beside: ['flag'],
  when: ({ instruction }) => /^\d+$/.test(instruction.from?.value ?? ''),
  *check({ instruction, dockerfile }) {
    const copies = numberedCopies(dockerfile);
    for (const { from, target } of copies) {
      if (from !== instruction.from) continue;
      const name = target && nameFor(dockerfile, target);
      const plain = target?.from !== undefined && (target.from.words.length === 1 || target.from.alias !== undefined);
      yield {
        message: 'number',
        data: { number: from.value },
        span: from.span,
        fixes:
          target === undefined || name === undefined || !plain
            ? []
            : [
                {
                  title: target.from?.alias ? 'use' : 'give',
                  data: { name },
                  safety: 'safe',
                  edits: naming(target, name, copies),
                },
              ],
      };
    }
  },
});
