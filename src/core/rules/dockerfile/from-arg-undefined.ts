import { isPlain } from '../../dockerfile/dialect.ts';
import { insertInstructionBefore } from '../../dockerfile/edit.ts';
import type { Dockerfile, FromInstruction, KeyValue, Stage } from '../../dockerfile/model.ts';
import { platformArgs, setForFrom } from '../../dockerfile/predefined-args.ts';
import { nearest } from '../../dockerfile/stage-references.ts';
import { type VariableUse, variableUses, variableUsesAt } from '../../dockerfile/variable-uses.ts';
import { defineRule } from '../../engine/rule.ts';
import { replace } from '../../text/edit.ts';

function usesIn(dockerfile: Dockerfile, from: FromInstruction): readonly VariableUse[] {
  const image = from.image?.span;
  // What has a value is defined.
  const named =
    from.image?.resolved !== undefined || image === undefined ? [] : variableUses(from.arguments, dockerfile.escape);
  return [
    ...(from.platform ? variableUsesAt(dockerfile, from.platform) : []),
    ...named.filter(({ span }) => image !== undefined && span.end <= image.end),
  ];
}

function hasVariable({ from }: Stage): boolean {
  return from !== undefined && (from.arguments.text.includes('$') || from.platform?.value.includes('$') === true);
}

/** The ARG of a stage that stands before `at`: FROM does not see it. */
function staged({ stages }: Dockerfile, name: string): KeyValue | undefined {
  for (const { instructions } of stages) {
    for (const one of instructions) {
      const pair = one.kind === 'arg' ? one.pairs.find(({ key }) => key.value === name) : undefined;
      if (pair !== undefined) return pair;
    }
  }
  return undefined;
}

export default defineRule('dockerfile', {
  meta: {
    id: 'dockerfile/from-arg-undefined',
    rows: ['D119'],
    summary: 'A variable of FROM needs an `ARG` before the first FROM.',
    why: 'FROM sees only the ARGs that stand before the first FROM, and those of the platform. Any other variable is empty there, `--build-arg` or not: the build takes another image than the line seems to say, or none.',
    severity: 'warning',
    topic: 'correctness',
    messages: {
      undeclared: '`{name}` is empty here: no `ARG {name}` stands before the first FROM',
      inStage: '`{name}` is empty here: its ARG belongs to a stage, and FROM sees those before the first FROM',
      misspelt: '`{name}` is empty here: was `{near}` meant?',
      there: 'The ARG of a stage',
    },
    titles: { rename: 'Change to `{near}`', declare: 'Add `{arg}` before the first FROM' },
    fix: 'sometimes',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'ARG ALPINE_VERSION=3.22\nFROM alpine:$ALPIN_VERSION\n',
        good: 'ARG ALPINE_VERSION=3.22\nFROM alpine:$ALPINE_VERSION\n',
      },
      {
        file: 'Dockerfile',
        bad: 'FROM golang:1.25 AS build\nARG TAG=3.22\nFROM alpine:$TAG\n',
        good: 'ARG TAG=3.22\nFROM golang:1.25 AS build\nARG TAG=3.22\nFROM alpine:$TAG\n',
      },
    ],
    options: {},
    sources: ['buildkit UndefinedArgInFrom', 'sonar S6579'],
  },
  mentions: ['$'],
  when: ({ stages }) => stages.some(hasVariable),
  *check(dockerfile) {
    const [first] = dockerfile.stages;
    if (first?.from === undefined || !isPlain(dockerfile)) return;
    const declared = new Set<string>();
    for (const { from } of dockerfile.stages) {
      for (const { name, span, hasDefault } of from === undefined ? [] : usesIn(dockerfile, from)) {
        if (hasDefault || dockerfile.globalArgs.has(name.value) || setForFrom(name.value)) continue;
        const inStage = staged(dockerfile, name.value);
        const near = inStage
          ? undefined
          : nearest(name.value.toUpperCase(), [...dockerfile.globalArgs.keys(), ...platformArgs], 2);
        if (near !== undefined) {
          const edits = [replace(name.span, near)];
          const fixes = [{ title: 'rename', safety: 'suggested', edits }] as const;
          yield { message: 'misspelt', data: { name: name.value, near }, span, fixes };
          continue;
        }
        const arg = `ARG ${inStage ? dockerfile.text.slice(inStage.span.start, inStage.span.end) : name.value}`;
        const edits = [insertInstructionBefore(dockerfile, first.from, arg)];
        yield {
          message: inStage ? 'inStage' : 'undeclared',
          data: { name: name.value, arg },
          span,
          // One ARG mends all that follow.
          fixes: declared.has(name.value) ? [] : [{ title: 'declare', safety: 'suggested', edits }],
          related: inStage ? [{ message: 'there', span: inStage.span }] : [],
        };
        declared.add(name.value);
      }
    }
  },
});
