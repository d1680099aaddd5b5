import { isPlain } from '../../dockerfile/dialect.ts';
import type { Dockerfile, OnbuildInstruction } from '../../dockerfile/model.ts';
import { defineRule, type ProposedFix } from '../../engine/rule.ts';
import { remove } from '../../text/edit.ts';

/** Takes the word ONBUILD before the trigger away: the outer one, or one of two. */
function dropping(dockerfile: Dockerfile, { keyword, trigger }: OnbuildInstruction): readonly ProposedFix<'drop'>[] {
  // A FROM of its own would begin a stage.
  if (trigger === undefined || trigger.kind === 'from') return [];
  const span = { start: keyword.span.start, end: trigger.span.start };
  if (!/^\w+[ \t]+$/.test(dockerfile.text.slice(span.start, span.end))) return [];
  return [{ title: 'drop', safety: 'suggested', edits: [remove(span)] }];
}

export default defineRule('instruction', {
  meta: {
    id: 'dockerfile/onbuild-trigger',
    rows: ['D109'],
    summary: '`ONBUILD` takes any instruction but `ONBUILD`, `FROM` and `MAINTAINER`.',
    why: 'The trigger runs in the build of an image on top of this one, which has its base already. The builder refuses the file.',
    severity: 'error',
    topic: 'correctness',
    messages: {
      chained: 'An ONBUILD cannot hold another one',
      forbidden: 'ONBUILD cannot hold {keyword}',
    },
    titles: { drop: 'Remove ONBUILD' },
    fix: 'sometimes',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM node:24\nONBUILD ONBUILD RUN npm ci\n',
        good: 'FROM node:24\nONBUILD RUN npm ci\n',
      },
    ],
    options: {},
    sources: [
      'hadolint DL3043',
      'dockerfile-utils ONBUILD_CHAINING_DISALLOWED',
      'dockerfile-utils ONBUILD_TRIGGER_DISALLOWED',
      'tally invalid-onbuild-trigger',
    ],
  },
  only: ['onbuild'],
  *check({ instruction, dockerfile }) {
    if (instruction.onbuild) return;
    const { trigger } = instruction;
    if (trigger?.kind !== 'onbuild' && trigger?.kind !== 'from' && trigger?.kind !== 'maintainer') return;
    if (!isPlain(dockerfile)) return;
    yield {
      message: trigger.kind === 'onbuild' ? 'chained' : 'forbidden',
      data: { keyword: trigger.keyword.value.toUpperCase() },
      span: trigger.keyword.span,
      fixes: dropping(dockerfile, instruction),
    };
  },
});
