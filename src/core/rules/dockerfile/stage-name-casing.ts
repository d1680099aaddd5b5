import { renameStage } from '../../dockerfile/stage-references.ts';
import { defineRule } from '../../engine/rule.ts';

export default defineRule('stage', {
  meta: {
    id: 'dockerfile/stage-name-casing',
    rows: ['D903'],
    summary: 'Names of stages are written in small letters.',
    why: 'The builder compares them without regard to case, as it does with nothing else in a Dockerfile: two names that look different may be the same stage.',
    severity: 'information',
    topic: 'style',
    messages: { casing: 'The stage `{name}` should be called `{small}`' },
    titles: { rename: 'Rename to `{small}`, with all references' },
    fix: 'sometimes',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM golang:1.25 AS Build\nFROM scratch\nCOPY --from=Build /app /app\n',
        good: 'FROM golang:1.25 AS build\nFROM scratch\nCOPY --from=build /app /app\n',
      },
    ],
    options: {},
    sources: ['buildkit StageNameCasing'],
  },
  beside: ['stage name'],
  when: ({ stage: { from } }) => from?.alias !== undefined && from.alias.value !== from.alias.value.toLowerCase(),
  *check({ stage, dockerfile }) {
    const { alias, as } = stage.from ?? {};
    if (alias === undefined || as?.value.toLowerCase() !== 'as' || /[${]/.test(alias.value)) return;
    const small = alias.value.toLowerCase();
    if (small === alias.value) return;
    const edits = renameStage(dockerfile, stage, small);
    yield {
      message: 'casing',
      data: { name: alias.value, small },
      span: alias.span,
      fixes: edits.length === 0 ? [] : [{ title: 'rename', safety: 'safe', edits }],
    };
  },
});
