import { insertInstructionBefore } from '../../dockerfile/edit.ts';
import type { Dockerfile, Stage } from '../../dockerfile/model.ts';
import { ancestry } from '../../dockerfile/stage-facts.ts';
import { baseOf } from '../../dockerfile/users.ts';
import { defineRule } from '../../engine/rule.ts';
import { isBuildImage } from '../../images/build-images.ts';
import { insert, type TextEdit, withPlaceholders } from '../../text/edit.ts';

/** What turns sources into a program that runs without the tools. */
const builds =
  /\b(?:go build|cargo build|mvn\b|mvnw\b|gradlew?\b|dotnet publish|g?cc |g\+\+ |make\b|swift build|dart compile|stack build|sbt )/;

/** Begins another stage before what says how the image is run. */
function secondStage(dockerfile: Dockerfile, { from, instructions }: Stage): readonly TextEdit[] | undefined {
  const built = instructions.findLastIndex(({ kind }) => kind === 'run' || kind === 'copy' || kind === 'add');
  const next = instructions[built + 1];
  if (from?.image === undefined || next === undefined) return undefined;
  const name = from.alias?.value ?? 'build';
  const lines = `FROM <image>\nCOPY --from=${name} <program> <destination>`;
  return [
    ...(from.alias ? [] : [insert(from.image.span.end, ` AS ${name}`)]),
    withPlaceholders(insertInstructionBefore(dockerfile, next, lines)),
  ];
}

export default defineRule('dockerfile', {
  meta: {
    id: 'dockerfile/build-image-shipped',
    rows: ['D211'],
    summary: 'What is shipped should not stand on the image that it was built in.',
    why: 'A compiler and its caches make the image many times larger, and give an intruder tools to work with. A second stage on a small image, with a `COPY --from` of what was built, ships the program alone.',
    severity: 'information',
    topic: 'base image',
    messages: { builder: 'The compilers of `{image}` are shipped with the program' },
    titles: { stage: 'Begin a second stage' },
    fix: 'sometimes',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM golang:1.25\nCOPY . .\nRUN go build -o /app\nCMD ["/app"]\n',
        good: 'FROM golang:1.25 AS build\nCOPY . .\nRUN go build -o /app\nFROM <image>\nCOPY --from=build <program> <destination>\nCMD ["/app"]\n',
      },
    ],
    options: {},
    sources: ['tally prefer-multi-stage-build'],
  },
  only: ['cmd', 'entrypoint'],
  when({ stages }) {
    const last = stages.at(-1);
    const base = last && baseOf(last);
    return base !== undefined && isBuildImage(base);
  },
  *check(dockerfile) {
    const { stages, text } = dockerfile;
    const last = stages.at(-1);
    const chain = last === undefined ? [] : ancestry(last);
    const image = chain[0]?.from?.image;
    if (image === undefined) return;
    const own = chain.flatMap(({ instructions }) => instructions);
    // An image to build or test in is meant to have them: it starts nothing of its own.
    const starts = own.some(({ kind }) => kind === 'cmd' || kind === 'entrypoint');
    if (!starts || last === undefined) return;
    const builder = own.some(({ kind, span }) => kind === 'run' && builds.test(text.slice(span.start, span.end)));
    if (!builder) return;
    const edits = chain.length > 1 ? undefined : secondStage(dockerfile, last);
    yield {
      message: 'builder',
      data: { image: image.text },
      span: image.span,
      fixes: edits ? [{ title: 'stage', safety: 'manual', edits }] : [],
    };
  },
});
