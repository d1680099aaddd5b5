import { removeInstruction } from '../../dockerfile/edit.ts';
import type { Dockerfile, Instruction, Stage } from '../../dockerfile/model.ts';
import { sourceReferences, stageNamed } from '../../dockerfile/stage-references.ts';
import { defineRule } from '../../engine/rule.ts';
import { onceFor } from '../../text/once-for.ts';

/** Names of stages that are built for themselves, with `--target`. */
const ownTarget =
  /(?:^|[-_.\d])(?:dev|develop|development|devel|local|debug|debugger|test|tests|testing|lint|ci|e2e|prod|production|run|runner|runtime|serve|server|release|final|app|image|export|web|api|worker|cli|shell)(?:$|[-_.\d])/;

/** Stages that files are copied from. */
const copiedFrom = onceFor((dockerfile: Dockerfile): ReadonlySet<Stage> => {
  const stages = new Set<Stage>();
  for (const { from } of sourceReferences(dockerfile)) {
    const stage = stageNamed(dockerfile, from.value);
    if (stage !== undefined) stages.add(stage);
  }
  return stages;
});

const settings: ReadonlySet<string> = new Set(['cmd', 'entrypoint', 'healthcheck', 'stopsignal', 'expose', 'user']);

/** It changes what is built: what comes before it there is needed. */
function builds({ kind }: Instruction): boolean {
  return kind === 'run' || kind === 'copy' || kind === 'add' || kind === 'workdir';
}

export default defineRule('stage', {
  meta: {
    id: 'dockerfile/builder-runtime-settings',
    rows: ['D812'],
    summary: 'A stage that only lends its files needs no CMD, ENTRYPOINT or EXPOSE.',
    why: 'They say how an image is run, and nobody runs a stage whose files are only copied into another one. A reader looks for a meaning that is not there. Stages that others build on, and those whose name says that they are built for themselves (`dev`, `test`, `runtime`), are left alone.',
    severity: 'information',
    look: 'unnecessary',
    topic: 'style',
    messages: { unused: 'This stage is only copied from: `{keyword}` does nothing here' },
    titles: { remove: 'Remove this `{keyword}`' },
    fix: 'always',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM golang:1.25 AS build\nRUN go build -o /a .\nCMD ["/a"]\nFROM scratch\nCOPY --from=build /a /a\nCMD ["/a"]\n',
        good: 'FROM golang:1.25 AS build\nRUN go build -o /a .\nFROM scratch\nCOPY --from=build /a /a\nCMD ["/a"]\n',
      },
    ],
    options: {},
    sources: [],
  },
  mentions: ['from='],
  when: ({ stage, dockerfile }) =>
    !stage.shipped && stage.instructions.some(({ kind }) => settings.has(kind)) && copiedFrom(dockerfile).has(stage),
  *check({ stage, dockerfile }) {
    if (ownTarget.test(stage.name ?? '')) return;
    if (dockerfile.stages.some(({ parent }) => parent === stage)) return;
    // An EXPOSE alone has a rule of its own.
    const starts = stage.instructions.some(({ kind }) => kind === 'cmd' || kind === 'entrypoint');
    const lastStep = stage.instructions.findLastIndex(builds);
    for (const [at, instruction] of stage.instructions.entries()) {
      const { kind, keyword } = instruction;
      const runtime = kind === 'cmd' || kind === 'entrypoint' || kind === 'healthcheck' || kind === 'stopsignal';
      if (!runtime && !(kind === 'expose' && starts) && !(kind === 'user' && at > lastStep)) continue;
      const edits = [removeInstruction(dockerfile, instruction)];
      yield {
        message: 'unused',
        data: { keyword: keyword.value.toUpperCase() },
        span: keyword.span,
        fixes: [{ title: 'remove', safety: 'suggested', edits }],
      };
    }
  },
});
