import { removeStage } from '../../dockerfile/edit-stage.ts';
import type { Dockerfile, Stage } from '../../dockerfile/model.ts';
import { sourceReferences, stageNamed } from '../../dockerfile/stage-references.ts';
import { defineRule } from '../../engine/rule.ts';
import { onceFor } from '../../text/once-for.ts';

/** The stages that the last one is made of, by FROM, COPY and mounts. Undefined where a variable may name any of them. */
const neededStages = onceFor((dockerfile: Dockerfile): ReadonlySet<Stage> | undefined => {
  const open = /\bfrom=\S*\$/.test(dockerfile.text);
  const unclear = dockerfile.stages.some(({ from }) => from?.image !== undefined && from.image.resolved === undefined);
  const [first] = dockerfile.stages;
  if (open || unclear || first?.from === undefined) return undefined;
  const edges = new Map<Stage, Set<Stage>>();
  for (const stage of dockerfile.stages) edges.set(stage, new Set(stage.parent ? [stage.parent] : []));
  for (const { from, stage } of sourceReferences(dockerfile)) {
    const source = stageNamed(dockerfile, from.value);
    if (source !== undefined) edges.get(stage)?.add(source);
  }
  const needed = new Set<Stage>();
  const waiting = dockerfile.stages.slice(-1);
  for (let stage = waiting.pop(); stage !== undefined; stage = waiting.pop()) {
    if (needed.has(stage)) continue;
    needed.add(stage);
    waiting.push(...(edges.get(stage) ?? []));
  }
  return needed;
});

/** Names of stages that are built for themselves: tests, development, the same image in another form. */
const target =
  /test|lint|check|dev|debug|local|ci|prod|release|final|runtime|runner|image|export|artifact|bin|dist|docs?|validate|vendor|update|generate|proto|cross|coverage|e2e|integration|bench|format|fmt|all|default|slim|full|ship/;

export default defineRule('stage', {
  meta: {
    id: 'dockerfile/unused-stage',
    rows: ['D129'],
    summary: 'A stage should be part of the image, or be there to be built by itself.',
    why: 'BuildKit skips a stage that the last one neither builds on nor copies from, so it does nothing unless somebody names it with `--target`; older builders run it for nothing. Names that tell of such a target (`test`, `dev`, `debug`) are left alone.',
    severity: 'information',
    topic: 'correctness',
    look: 'unnecessary',
    messages: { unused: 'Nothing that is built uses the stage `{name}`' },
    titles: { remove: 'Remove the stage' },
    fix: 'sometimes',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM golang:1.25 AS modules\nRUN go env\n\nFROM alpine:3.22\nCMD ["true"]\n',
        good: 'FROM alpine:3.22\nCMD ["true"]\n',
      },
    ],
    options: {},
    sources: ['tally no-unreachable-stages'],
  },
  beside: ['several stages'],
  when: ({ stage, dockerfile }) => !target.test(stage.name ?? '') && neededStages(dockerfile)?.has(stage) === false,
  *check({ stage, dockerfile }) {
    if (stage.from === undefined) return;
    const needed = neededStages(dockerfile);
    if (needed === undefined) return;
    // Several that nobody uses are targets to choose from, most likely.
    const unused = dockerfile.stages.filter((one) => !needed.has(one));
    const used = unused.some((one) => one.parent === stage || target.test(one.name ?? ''));
    if (used || unused.length > 2) return;
    const edit = removeStage(dockerfile, stage);
    yield {
      message: 'unused',
      data: { name: stage.from.alias?.value ?? `${stage.index}` },
      span: stage.from.alias?.span ?? stage.from.image?.span ?? stage.from.keyword.span,
      fixes: edit ? [{ title: 'remove', safety: 'suggested', edits: [edit] }] : [],
    };
  },
});
