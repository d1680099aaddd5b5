import type { Dockerfile, Stage } from '../../dockerfile/model.ts';
import { sourceReferences, stageNamed } from '../../dockerfile/stage-references.ts';
import { defineRule } from '../../engine/rule.ts';

/** The stage that a `--from` in another one means: the last one before with that name, else the last one of the file. */
function meant(dockerfile: Dockerfile, from: string, user: Stage): Stage | undefined {
  const before = dockerfile.stages.slice(0, user.index).findLast(({ name }) => name === from.toLowerCase());
  return before ?? stageNamed(dockerfile, from);
}

/** The stages that each stage is made from. */
function needs(dockerfile: Dockerfile): ReadonlyMap<Stage, ReadonlySet<Stage>> {
  const needed = new Map(dockerfile.stages.map((stage) => [stage, new Set(stage.parent ? [stage.parent] : [])]));
  for (const { from, stage, instruction } of sourceReferences(dockerfile)) {
    const target = instruction.onbuild ? undefined : meant(dockerfile, from.value, stage);
    if (target !== undefined && target !== stage) needed.get(stage)?.add(target);
  }
  return needed;
}

/** The way from one stage to another over what they need; undefined where there is none. */
function way(from: Stage, to: Stage, needed: ReadonlyMap<Stage, ReadonlySet<Stage>>): readonly Stage[] | undefined {
  const ways: (readonly Stage[])[] = [[from]];
  const seen = new Set([from]);
  for (const path of ways) {
    const last = path.at(-1);
    if (last === to) return path;
    for (const next of (last && needed.get(last)) ?? []) {
      if (seen.has(next)) continue;
      seen.add(next);
      ways.push([...path, next]);
    }
  }
  return undefined;
}

export default defineRule('dockerfile', {
  meta: {
    id: 'dockerfile/stage-cycle',
    rows: ['D117'],
    summary: 'Stages should not wait for one another.',
    why: 'A stage is built when all that it takes files from or stands on is there. Where that leads back to itself, the builder refuses the file.',
    severity: 'error',
    topic: 'correctness',
    messages: { cycle: 'Stage {from} is made from this one: {way}' },
    titles: {},
    fix: 'never',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM alpine:3.22 AS a\nCOPY --from=b /b /b\nFROM alpine:3.22 AS b\nCOPY --from=a /a /a\n',
        good: 'FROM alpine:3.22 AS a\nRUN make a\nFROM alpine:3.22 AS b\nCOPY --from=a /a /a\n',
      },
    ],
    options: {},
    sources: ['tally circular-stage-deps'],
  },
  mentions: ['from=', 'FROM='],
  beside: ['several stages'],
  *check(dockerfile) {
    const nameOf = ({ from, index }: Stage) => from?.alias?.value ?? `${index}`;
    for (const { from, stage, instruction } of sourceReferences(dockerfile)) {
      const target = instruction.onbuild ? undefined : meant(dockerfile, from.value, stage);
      // Every cycle has a reference that leads down the file: it is told there.
      if (target === undefined || target.index <= stage.index) continue;
      const back = way(target, stage, needs(dockerfile));
      if (back === undefined) continue;
      const names = [stage, ...back].map(nameOf).join(' → ');
      yield { message: 'cycle', data: { from: nameOf(target), way: names }, span: from.span };
    }
  },
});
