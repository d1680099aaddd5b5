import { expand } from '../../dockerfile/expansion.ts';
import type { Dockerfile, KeyValue, PairsInstruction } from '../../dockerfile/model.ts';
import { variablesAt } from '../../dockerfile/variables.ts';
import { defineRule } from '../../engine/rule.ts';
import { replace, type TextEdit } from '../../text/edit.ts';
import { lineBreak } from '../../text/lines.ts';

/** The variables whose value goes into a pair. */
function namesIn(dockerfile: Dockerfile, { value }: KeyValue): readonly string[] {
  if (value === undefined || value.constant) return [];
  const expanded = expand(value.text, () => '', { escape: dockerfile.escape });
  return expanded.ok ? expanded.variables : [];
}

/** The pair of the same instruction that sets `name`, where the builder has not set it before. */
function definedBeside(pairs: readonly KeyValue[], at: number, name: string): KeyValue | undefined {
  const definer = pairs.find((pair, other) => other !== at && pair.key.value === name);
  if (definer === undefined) return undefined;
  const own = pairs[at]?.key.value === name;
  // Each base image has a PATH: what it is put into first has that one.
  if (name === 'PATH' && pairs.indexOf(definer) > at) return undefined;
  // Of two that add to themselves, the second is wrong.
  return own && pairs.indexOf(definer) > at ? undefined : definer;
}

/** Begins an ENV of its own with the pair. */
function splitting(dockerfile: Dockerfile, instruction: PairsInstruction, at: number): readonly TextEdit[] {
  const before = instruction.pairs[at - 1];
  const pair = instruction.pairs[at];
  if (before === undefined || pair === undefined) return [];
  const gap = { start: before.span.end, end: pair.span.start };
  if (dockerfile.text.slice(gap.start, gap.end).includes('#')) return [];
  const outer = instruction.onbuild ? 'ONBUILD ' : '';
  return [replace(gap, `${lineBreak(dockerfile.text)}${outer}${instruction.keyword.value} `)];
}

export default defineRule('instruction', {
  meta: {
    id: 'dockerfile/env-same-instruction',
    rows: ['D124'],
    summary: 'A value should not refer to a variable that the same `ENV` sets.',
    why: 'All values of one ENV are worked out before any of them is set: the variable stands for what it was before, which is nothing.',
    severity: 'warning',
    topic: 'correctness',
    messages: {
      unset: '`{name}` is set by this very ENV: here it is still empty',
      before: '`{name}` is set by this very ENV: here it still has its old value',
      setHere: '`{name}` is set here',
    },
    titles: { split: 'Begin an ENV of its own' },
    fix: 'sometimes',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM debian:13\nENV APP=/opt/app BIN=$APP/bin\n',
        good: 'FROM debian:13\nENV APP=/opt/app\nENV BIN=$APP/bin\n',
      },
    ],
    options: {},
    sources: ['hadolint DL3044', 'buildkit UndefinedVar'],
  },
  only: ['env'],
  mentions: ['$'],
  when: ({ instruction }) => instruction.pairs.length > 1 && instruction.arguments.text.includes('$'),
  *check({ instruction, dockerfile }) {
    const { pairs } = instruction;
    for (const [at, pair] of pairs.entries()) {
      for (const name of new Set(namesIn(dockerfile, pair))) {
        const definer = definedBeside(pairs, at, name);
        if (pair.value === undefined || definer === undefined) continue;
        if (variablesAt(dockerfile, instruction).get(name) !== undefined) continue;
        const edits = pairs.indexOf(definer) < at ? splitting(dockerfile, instruction, at) : [];
        yield {
          message: name === 'PATH' ? 'before' : 'unset',
          data: { name },
          span: pair.value.span,
          // Before it has a value, BuildKit misses it; triggers it does not look at.
          ...((name === 'PATH' || instruction.onbuild) && { peers: ['hadolint DL3044'] }),
          related: [{ message: 'setHere', span: definer.key.span }],
          fixes: edits.length === 0 ? [] : [{ title: 'split', safety: 'suggested', edits }],
        };
        break;
      }
    }
  },
});
