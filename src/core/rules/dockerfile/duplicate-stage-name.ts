import type { Dockerfile, Stage } from '../../dockerfile/model.ts';
import { renameStage } from '../../dockerfile/stage-references.ts';
import { defineRule } from '../../engine/rule.ts';

/** The name with the first number behind it that no stage has. */
function freeName(dockerfile: Dockerfile, written: string): string {
  const taken = new Set(dockerfile.stages.map(({ name }) => name));
  for (let number = 2; ; number++) {
    const name = `${written}-${number}`;
    if (!taken.has(name.toLowerCase())) return name;
  }
}

export default defineRule('dockerfile', {
  meta: {
    id: 'dockerfile/duplicate-stage-name',
    rows: ['D116'],
    summary: 'Each stage should have a name of its own.',
    why: 'Names are compared without regard to case, and the later stage takes the name over: what refers to it, or `--target` on the command line, gets another stage than the reader of the first one thinks.',
    severity: 'warning',
    topic: 'correctness',
    messages: {
      duplicate: 'Another stage is called `{name}` already',
      first: 'The first `{name}`',
    },
    titles: { rename: 'Rename this stage to `{fresh}`' },
    fix: 'always',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM golang:1.25 AS build\nFROM node:24 AS build\nFROM scratch\nCOPY --from=build /dist /dist\n',
        good: 'FROM golang:1.25 AS build\nFROM node:24 AS build-2\nFROM scratch\nCOPY --from=build-2 /dist /dist\n',
      },
    ],
    options: {},
    sources: [
      'hadolint DL3024',
      'buildkit DuplicateStageName',
      'dockerfile-utils DUPLICATE_BUILD_STAGE_NAME',
      'checkov CKV_DOCKER_11',
      'trivy DS-0012',
      'kics same_alias_in_different_froms',
    ],
  },
  beside: ['several stages'],
  *check(dockerfile) {
    const first = new Map<string, Stage>();
    for (const stage of dockerfile.stages) {
      const alias = stage.from?.alias;
      if (alias === undefined || stage.name === undefined || stage.name === '') continue;
      const earlier = first.get(stage.name)?.from?.alias;
      if (earlier === undefined) {
        first.set(stage.name, stage);
        continue;
      }
      const fresh = freeName(dockerfile, alias.value);
      yield {
        message: 'duplicate',
        data: { name: alias.value },
        span: alias.span,
        related: [{ message: 'first', span: earlier.span }],
        fixes: [
          { title: 'rename', data: { fresh }, safety: 'suggested', edits: renameStage(dockerfile, stage, fresh) },
        ],
      };
    }
  },
});
