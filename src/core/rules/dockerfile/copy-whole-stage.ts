import { ancestry } from '../../dockerfile/stage-facts.ts';
import { stageNamed } from '../../dockerfile/stage-references.ts';
import { defineRule } from '../../engine/rule.ts';

export default defineRule('instruction', {
  meta: {
    id: 'dockerfile/copy-whole-stage',
    rows: ['D414'],
    summary: 'From another stage only what is needed should be copied.',
    why: 'The root folder of another stage holds its whole system: the copy overwrites the files of this one, and brings along what stages are there to leave behind. To go on with all of a stage, build on it with FROM.',
    severity: 'warning',
    topic: 'size',
    messages: { whole: 'This copies the whole file system of `{from}`' },
    titles: {},
    fix: 'never',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM golang:1.25 AS build\nRUN go build -o /out/app .\nFROM debian:13-slim\nCOPY --from=build / /\n',
        good: 'FROM golang:1.25 AS build\nRUN go build -o /out/app .\nFROM debian:13-slim\nCOPY --from=build /out/app /usr/bin/\n',
      },
    ],
    options: {},
    sources: ['hadolint DL3067'],
  },
  only: ['copy'],
  beside: ['flag'],
  when: ({ instruction }) => instruction.from !== undefined && /^\/+\.?$/.test(instruction.destination?.value ?? ''),
  *check({ instruction, stage, dockerfile }) {
    if (instruction.from === undefined) return;
    const { from, destination } = instruction;
    // On an empty image it makes one layer of many, and is meant so.
    const empty = stage?.from?.image?.resolved === 'scratch' && stage.instructions[0] === instruction;
    if (empty || destination === undefined || !/^\/+\.?$/.test(destination.value)) return;
    const source = stageNamed(dockerfile, from.value);
    const base = source && ancestry(source)[0]?.from?.image?.resolved;
    // Made to be copied whole: stages that begin with nothing, and other names of images such as tonistiigi/xx.
    if (source && (source.instructions.length === 0 || base === 'scratch')) return;
    for (const { value, span } of instruction.sources) {
      if (!/^\/+[.*]?$/.test(value)) continue;
      const severity = base === undefined ? ({ severity: 'information' } as const) : {};
      yield { message: 'whole', data: { from: from.value }, span, ...severity };
    }
  },
});
