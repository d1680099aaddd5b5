import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { defaultSettings } from '../src/core/engine/settings.ts';
import type { Inputs } from '../src/core/features/assumptions.ts';
import type { Figure } from '../src/core/features/load-view.ts';
import { computePreview } from '../src/core/features/preview.ts';
import type { Block, SectionId, SectionView } from '../src/core/features/sections/section-view.ts';
import { parseFile } from '../src/core/parsed.ts';
import { createYamlCache } from '../src/core/yaml/parse.ts';

function section(id: SectionId, path: string, text: string, inputs: Inputs = {}, draft = {}): SectionView | undefined {
  const parsed = parseFile({ path, languageId: '', text }, createYamlCache(10));
  const { sections } = computePreview({ parsed, others: [], settings: defaultSettings, draft, inputs });
  return sections.find((one) => one.id === id);
}

function blocks<Kind extends Block['kind']>(view: SectionView | undefined, kind: Kind) {
  return (view?.blocks ?? []).filter((block): block is Extract<Block, { kind: Kind }> => block.kind === kind);
}

function figure(view: SectionView | undefined, label: string): Figure | undefined {
  return blocks(view, 'figures')
    .flatMap(({ items }) => items)
    .find((item) => item.label === label)?.figure;
}

describe('the section about an image', () => {
  const text = `FROM golang:1.25 AS build
COPY . .
RUN go build -o /app
FROM node:24 AS docs
RUN npm run docs
FROM scratch
COPY --from=build /app /app
EXPOSE 8080 9090
USER 10001
ENTRYPOINT ["/app"]
`;

  it('says what ships, as whom, and where it listens', () => {
    const view = section('dockerfile', 'Dockerfile', text);
    assert.equal(view?.telling, '3 stages, 2 in the image · user 10001 · port 8080, 9090');
    assert.equal(figure(view, 'base')?.text, 'scratch');
    assert.equal(figure(view, 'starts')?.text, '["/app"]');
    const [picture] = blocks(view, 'stages');
    assert.deepEqual(
      picture?.stages.map(({ name, ships }) => [name, ships]),
      [
        ['build', 'in part'],
        ['docs', 'nothing'],
        ['stage 2', 'whole'],
      ],
    );
    assert.deepEqual(picture?.edges, [{ from: 'stage-0', to: 'stage-2', label: '/app', via: 'copy' }]);
    assert.match(picture?.stages[1]?.notes.join(' ') ?? '', /only with --target/);
  });

  it('lists what re-runs', () => {
    const tables = blocks(section('dockerfile', 'Dockerfile', text), 'table');
    const said = tables.map(({ caption, rows }) => [
      caption,
      ...rows.map(({ head, cells: [cell] }) => `${head}: ${cell?.kind === 'text' ? cell.text : ''}`),
    ]);
    // The stage docs is in no image, so that nobody waits for it.
    assert.deepEqual(said, [
      [
        'What re-runs in build',
        'FROM golang:1.25 AS build: when the image golang:1.25 changes',
        'COPY . .: when any file of the build context changes, or with the step above; and so does the next step',
      ],
      [
        'What re-runs in stage 2',
        'FROM scratch: never',
        'COPY --from=build /app /app: when /app of build (made from any file of the build context) changes; and so do the next 3 steps',
      ],
    ]);
  });

  it('does not know what only a variable or the base image says', () => {
    const view = section('dockerfile', 'Dockerfile', 'ARG BASE\nFROM $BASE\n');
    assert.equal(figure(view, 'base')?.text, 'unknown');
    assert.equal(figure(view, 'user')?.text, 'unknown');
    assert.equal(figure(section('dockerfile', 'Dockerfile', 'FROM python:3.7\n'), 'user')?.text, 'root');
    assert.equal(section('dockerfile', 'Dockerfile', ''), undefined);
  });
});

describe('the section about the host of Compose services', () => {
  const text = `services:
  web:
    image: web
    deploy:
      replicas: 2
      resources:
        limits: {cpus: "1.5", memory: 512M}
  cache:
    image: redis
    mem_limit: 1g
`;

  it('adds limits up, and names what has none', () => {
    const view = section('host', 'compose.yaml', text, { hostCpus: '4', hostMemory: '2g' });
    assert.equal(figure(view, 'memory limits together')?.text, '2Gi');
    assert.equal(figure(view, 'CPU limits together')?.text, 'unbounded');
    assert.match(figure(view, 'CPU limits together')?.explanation.join('\n') ?? '', /whole host: cache\nTogether 3,/);
    assert.equal(view?.telling, '2 services · limits 100 % of its memory');
    assert.deepEqual(blocks(view, 'text'), []);
  });

  it('warns where the host is too small', () => {
    const view = section('host', 'compose.yaml', text, { hostCpus: '1', hostMemory: '1536m' });
    assert.deepEqual(
      blocks(view, 'text').map((block) => block.text),
      [
        'web alone may take 1.5 of CPU, more than the host has: Docker refuses to start it.',
        'The CPU limits come to 3, the host has 1: they share what there is.',
        'The memory limits come to 2Gi, the host has 1.5Gi: the kernel kills when it runs out.',
      ],
    );
  });

  it('a draft shows what was there', () => {
    const view = section('host', 'compose.yaml', text, {}, { 'service/cache:mem_limit': '2g' });
    assert.deepEqual(
      [figure(view, 'memory limits together')?.text, figure(view, 'memory limits together')?.before],
      ['3Gi', '2Gi'],
    );
  });
});
