import { defineRule } from '../../engine/rule.ts';
import { replace } from '../../text/edit.ts';

export default defineRule('instruction', {
  meta: {
    id: 'dockerfile/as-casing',
    rows: ['D902'],
    summary: '`AS` is written in the same letters as its FROM.',
    why: 'The builder takes both. In one line, different letters make the name of the stage easy to overlook.',
    severity: 'information',
    topic: 'style',
    messages: { casing: '`{as}` should be `{expected}`, as its `{keyword}` is written' },
    titles: { recase: 'Change to `{expected}`' },
    fix: 'always',
    examples: [{ file: 'Dockerfile', bad: 'FROM golang:1.25 as build\n', good: 'FROM golang:1.25 AS build\n' }],
    options: {},
    sources: ['buildkit FromAsCasing'],
  },
  only: ['from'],
  beside: ['stage name'],
  when: ({ instruction: { alias, as, keyword } }) =>
    alias !== undefined && !(keyword.value === 'FROM' && as?.value === 'AS'),
  *check({ instruction }) {
    if (instruction.as === undefined || instruction.alias === undefined) return;
    const { as, keyword } = instruction;
    const small = keyword.value === keyword.value.toLowerCase();
    if (as.value.toLowerCase() !== 'as' || (!small && keyword.value !== keyword.value.toUpperCase())) return;
    const expected = small ? 'as' : 'AS';
    if (as.value === expected) return;
    yield {
      message: 'casing',
      data: { as: as.value, expected, keyword: keyword.value },
      span: as.span,
      fixes: [{ title: 'recase', safety: 'safe', edits: [replace(as.span, expected)] }],
    };
  },
});
