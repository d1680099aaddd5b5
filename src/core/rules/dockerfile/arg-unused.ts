import { isPlain } from '../../dockerfile/dialect.ts';
import { removePair } from '../../dockerfile/edit.ts';
import type { Dockerfile, Instruction, KeyValue, PairsInstruction, Stage } from '../../dockerfile/model.ts';
import { isPredefined } from '../../dockerfile/predefined-args.ts';
import { ancestry } from '../../dockerfile/stage-facts.ts';
import { defineRule } from '../../engine/rule.ts';
import type { Span } from '../../text/span.ts';

/** The name as a word of its own, which no letter, digit or `_` makes longer. */
function mentions({ text }: Dockerfile, { start, end }: Span, name: string): boolean {
  const written = text.slice(start, end);
  for (let at = written.indexOf(name); at >= 0; at = written.indexOf(name, at + 1))
    if (!/\w/.test(written.charAt(at - 1)) && !/\w/.test(written.charAt(at + name.length))) return true;
  return false;
}

/** Whether an ARG may have an effect in an instruction: it is named, or a program gets it as part of its environment. */
function mayUse(dockerfile: Dockerfile, instruction: Instruction, name: string): boolean {
  const inner = instruction.kind === 'onbuild' ? instruction.trigger : instruction;
  return inner?.kind === 'run' || inner?.kind === 'unknown' || mentions(dockerfile, instruction.span, name);
}

/** The instructions that an ARG of a stage reaches: those behind it, and those of all stages on top. */
function* reached(dockerfile: Dockerfile, stage: Stage, arg: Instruction): Generator<Instruction> {
  yield* stage.instructions.slice(stage.instructions.indexOf(arg) + 1);
  for (const later of dockerfile.stages) {
    if (later !== stage && ancestry(later).includes(stage)) yield* later.instructions;
  }
}

function isUsed(dockerfile: Dockerfile, stage: Stage | undefined, arg: PairsInstruction, pair: KeyValue): boolean {
  const name = pair.key.value;
  const beside = arg.pairs.some(
    (other) => other !== pair && other.value && mentions(dockerfile, other.value.span, name),
  );
  if (beside) return true;
  const after = stage ? reached(dockerfile, stage, arg) : dockerfile.instructions.filter((one) => one !== arg);
  for (const one of after) {
    // To declare it again is no use of it.
    if (one.kind === 'arg' && !one.pairs.some(({ value }) => value && mentions(dockerfile, value.span, name))) continue;
    // An ARG before FROM reaches no RUN by itself.
    if (stage ? mayUse(dockerfile, one, name) : mentions(dockerfile, one.span, name)) return true;
  }
  return false;
}

/** The ENV before an ARG that hides it, and stands in the same stages. */
function hider(stage: Stage, arg: Instruction, name: string): KeyValue | undefined {
  for (const ancestor of ancestry(stage)) {
    for (const one of ancestor.instructions) {
      if (one === arg) return undefined;
      const pair = one.kind === 'env' ? one.pairs.find(({ key }) => key.value === name) : undefined;
      if (pair !== undefined) return pair;
    }
  }
  return undefined;
}

export default defineRule('instruction', {
  meta: {
    id: 'dockerfile/arg-unused',
    rows: ['D123'],
    summary: 'An `ARG` should be used, and no `ENV` should hide it.',
    why: 'Whoever passes `--build-arg` thinks that it changes something. An ENV of the same name wins over the ARG wherever both are set, so that the argument has no effect.',
    severity: 'information',
    look: 'unnecessary',
    topic: 'correctness',
    messages: {
      unused: 'Nothing uses the build argument `{name}`',
      hidden: '`--build-arg {name}` has no effect: the ENV of the same name wins',
      env: 'The ENV',
    },
    titles: { remove: 'Remove `ARG {name}`' },
    fix: 'sometimes',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM alpine:3.22\nARG VERSION=1\nCOPY app /app\n',
        good: 'FROM alpine:3.22\nCOPY app /app\n',
      },
      {
        file: 'Dockerfile',
        bad: 'FROM node:24\nENV PORT=80\nARG PORT=8080\nRUN ./configure $PORT\n',
        good: 'FROM node:24\nENV PORT=80\nRUN ./configure $PORT\n',
      },
    ],
    options: {},
    sources: [],
  },
  only: ['arg'],
  *check({ instruction, stage: near, dockerfile }) {
    if (instruction.onbuild || near?.from === undefined || !isPlain(dockerfile)) return;
    const stage = near.instructions.includes(instruction) ? near : undefined;
    for (const pair of instruction.pairs) {
      const name = pair.key.value;
      if (!pair.key.constant || !/^[A-Za-z_]\w*$/.test(name) || isPredefined(name)) continue;
      const env = stage && hider(stage, instruction, name);
      if (env === undefined && isUsed(dockerfile, stage, instruction, pair)) continue;
      yield {
        message: env ? 'hidden' : 'unused',
        data: { name },
        span: pair.key.span,
        ...(env && { severity: 'warning', related: [{ message: 'env', span: env.key.span }] }),
        lateFixes: () => {
          const edit = removePair(dockerfile, instruction, pair);
          return edit ? [{ title: 'remove', safety: 'suggested', edits: [edit] }] : [];
        },
      };
    }
  },
});
