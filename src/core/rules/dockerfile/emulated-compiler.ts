import { insertFlag } from '../../dockerfile/edit.ts';
import type { Dockerfile, Stage } from '../../dockerfile/model.ts';
import { ancestry } from '../../dockerfile/stage-facts.ts';
import { variablesAt, variablesAtEnd } from '../../dockerfile/variables.ts';
import { defineRule } from '../../engine/rule.ts';
import type { ShellCommand } from '../../shell/model.ts';

const asked = /\$\{?TARGET(?:ARCH|PLATFORM)\b/;

/** Whether a compiler is told to build for the platform asked for, whatever it runs on itself. */
function crossCompiles(dockerfile: Dockerfile, stage: Stage): boolean {
  return stage.instructions.some((instruction) => {
    if (instruction.kind !== 'run') return false;
    const commands = instruction.script?.commands ?? [];
    const text = dockerfile.text.slice(instruction.span.start, instruction.span.end);
    if (/CGO_ENABLED=1/.test(text)) return false;
    return commands.some((command) => {
      if (command.name === 'go') {
        if (!/^(?:build|install)$/.test(command.words[0]?.value ?? '')) return false;
        const set = variablesAt(dockerfile, instruction).get('GOARCH');
        return (set !== undefined && asked.test(set.pair.value?.text ?? '')) || assigns(commands, 'GOARCH');
      }
      if (command.name === 'dotnet')
        return command.words.some(
          ({ source }, at) => asked.test(source) && /^(?:-a|--arch|-r)/.test(command.words[at - 1]?.source ?? source),
        );
      return command.name === 'cargo' && /--target[= ]/.test(text) && asked.test(text);
    });
  });
}

function assigns(commands: readonly ShellCommand[], name: string): boolean {
  return commands.some(
    ({ name: program, assignments, words }) =>
      assignments.some((one) => one.name === name && asked.test(one.value?.source ?? '')) ||
      (program === 'export' && words.some(({ source }) => source.startsWith(`${name}=`) && asked.test(source))),
  );
}

export default defineRule('stage', {
  meta: {
    id: 'dockerfile/emulated-compiler',
    rows: ['D1002'],
    summary: 'A stage that cross-compiles should run on the platform of the machine that builds.',
    why: 'Without `--platform=$BUILDPLATFORM` a build for another architecture takes the compiler for that one and emulates it, many times slower, though the commands already tell the compiler what to build for. Only stages that do so and are not shipped are meant.',
    severity: 'information',
    topic: 'build cache',
    messages: { emulated: 'For another platform this compiler is emulated, though it is told to cross-compile' },
    titles: { platform: 'Add `--platform=$BUILDPLATFORM`' },
    fix: 'always',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM golang:1.25 AS build\nARG TARGETARCH\nRUN GOARCH=$TARGETARCH go build -o /app .\nFROM scratch\nCOPY --from=build /app /app\n',
        good: 'FROM --platform=$BUILDPLATFORM golang:1.25 AS build\nARG TARGETARCH\nRUN GOARCH=$TARGETARCH go build -o /app .\nFROM scratch\nCOPY --from=build /app /app\n',
      },
    ],
    options: {},
    sources: [],
  },
  calls: ['go', 'dotnet', 'cargo'],
  mentions: ['TARGETPLATFORM', 'TARGETARCH'],
  when: ({ stage: { from, parent, shipped, windows } }) =>
    from !== undefined && from.platform === undefined && parent === undefined && !shipped && !windows,
  *check({ stage, dockerfile }) {
    const { from } = stage;
    if (from?.image === undefined || from.image.repository === 'scratch') return;
    // Stages on top of this one run where it runs.
    const family = dockerfile.stages.filter((one) => ancestry(one).includes(stage));
    const compiles = family.some((one) => {
      const variables = variablesAtEnd(dockerfile, one);
      const declared = variables.get('TARGETARCH') ?? variables.get('TARGETPLATFORM');
      return declared !== undefined && crossCompiles(dockerfile, one);
    });
    if (!compiles) return;
    yield {
      message: 'emulated',
      span: from.image.span,
      fixes: [{ title: 'platform', safety: 'suggested', edits: [insertFlag(from, '--platform=$BUILDPLATFORM')] }],
    };
  },
});
