import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { defaultSettings } from '../src/core/engine/settings.ts';
import { draftEdits } from '../src/core/features/draft.ts';
import { hoverAt } from '../src/core/features/hover.ts';
import { inlayHints } from '../src/core/features/inlay-hints.ts';
import { lenses } from '../src/core/features/lenses.ts';
import { fieldsOf, type LoadField, loadFields } from '../src/core/features/load-fields.ts';
import type { Figure } from '../src/core/features/load-view.ts';
import { computePreview } from '../src/core/features/preview.ts';
import { type Parsed, parseFile } from '../src/core/parsed.ts';
import { applyEdits } from '../src/core/text/edit.ts';
import type { Span } from '../src/core/text/span.ts';
import { createYamlCache } from '../src/core/yaml/parse.ts';
import { isSection } from '../src/protocol/sections.ts';
import { sharedPath } from './support/shared.ts';

const corpus = sharedPath('corpus');
const skip = corpus === undefined ? '../shared/corpus is not there' : false;
const inputs = {
  nodeCpu: '4',
  nodeMemory: '16Gi',
  memoryOverhead: '96Mi',
  keys: '100000',
  requestsPerSecond: '120',
  requestCpuMilliseconds: '5',
};

function files(): readonly string[] {
  if (corpus === undefined) return [];
  return ['k8s', 'compose', 'helm', 'kustomize'].flatMap((group) =>
    readdirSync(join(corpus, group), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.ya?ml$/.test(name))
      .map((name) => join(corpus, group, name)),
  );
}

function parse(path: string, text = readFileSync(path, 'utf8')): Parsed {
  return parseFile({ path, languageId: '', text }, createYamlCache(1000));
}

function inside({ file: { text, path } }: Parsed, { start, end }: Span): void {
  assert.ok(0 <= start && start <= end && end <= text.length, `${path}: ${start}–${end}`);
}

/** All figures anywhere in a view. */
function* figuresIn(value: unknown): Generator<Figure> {
  if (typeof value !== 'object' || value === null) return;
  if ('certainty' in value) yield value as Figure;
  for (const below of Object.values(value)) yield* figuresIn(below);
}

const drafted: Readonly<Record<LoadField['form'], string>> = {
  kubernetes: '123m',
  'docker-cpus': '0.75',
  'docker-memory': '77m',
  count: '7',
  'java-size': '77m',
  percentage: '61.5',
  mebibytes: '77',
  'go-size': '77MiB',
  'redis-size': '77mb',
};

describe('features over the corpus', () => {
  it('show every file without a throw, and nothing outside it', { skip }, () => {
    let workloads = 0;
    for (const path of files()) {
      const parsed = parse(path);
      const { load: view, sections } = computePreview({
        parsed,
        others: [],
        settings: defaultSettings,
        draft: {},
        inputs,
      });
      for (const figure of figuresIn(sections)) {
        const said = `${figure.text} ${figure.explanation.join(' ')}`;
        assert.ok(figure.text !== '' && !/NaN|undefined|Infinity/.test(said), `${path}: ${said}`);
      }
      if (view.kind === 'nothing') {
        if (view.span) inside(parsed, view.span);
        continue;
      }
      workloads += view.workloads.length;
      const ids = view.workloads.map(({ id }) => id);
      assert.equal(new Set(ids).size, ids.length, path);
      for (const figure of figuresIn(view)) {
        assert.ok(figure.text !== '' && !/NaN|undefined|Infinity/.test(figure.text + figure.explanation), path);
        for (const { span } of figure.fields) inside(parsed, span);
      }
      for (const { span } of [...view.workloads, ...lenses(parsed)]) inside(parsed, span);
      for (const { offset } of inlayHints(parsed, defaultSettings)) inside(parsed, { start: offset, end: offset });
      for (let offset = 0; offset <= parsed.file.text.length; offset += 29) {
        const hover = hoverAt(parsed, offset);
        if (hover) inside(parsed, hover.span);
      }
    }
    assert.ok(workloads > 300, `only ${workloads} workloads`);
  });

  it('have numbers in every section, with and without a draft, on every kind of node', { skip }, () => {
    const seen = new Map<string, number>();
    const shapes = ['own', 'm7g.large', 'g5.xlarge', 'e2-standard-4'];
    for (const [at, path] of files().entries()) {
      const parsed = parse(path);
      const fields = loadFields(parsed).flatMap(fieldsOf);
      const field = fields[at % Math.max(1, fields.length)];
      const draft = field === undefined ? {} : { [field.id]: drafted[field.form] };
      const said = { ...inputs, nodeShape: shapes[at % shapes.length] ?? '', nodePrice: '0.1' };
      const { sections } = computePreview({ parsed, others: [], settings: defaultSettings, draft, inputs: said });
      for (const section of sections) {
        seen.set(section.id, (seen.get(section.id) ?? 0) + 1);
        const where = `${path}: ${section.id}`;
        assert.ok(!/NaN|undefined|Infinity/.test(section.telling), `${where}: ${section.telling}`);
        // JSON writes numbers that are none as null.
        assert.ok(!/:null|\bNaN\b|\bInfinity\b|\bundefined\b/.test(JSON.stringify(section.blocks)), where);
        for (const figure of figuresIn(section)) {
          assert.ok(figure.text !== '' && figure.explanation.length > 0, where);
          for (const { span } of figure.fields) inside(parsed, span);
        }
        assert.ok(isSection(JSON.parse(JSON.stringify(section))), where);
      }
    }
    assert.ok((seen.get('nodes') ?? 0) > 200 && (seen.get('rollout') ?? 0) > 200, JSON.stringify([...seen]));
  });

  it('write a draft of one field, and change nothing else that they read', { skip }, () => {
    const outcomes = { written: 0, refused: 0 };
    for (const path of files()) {
      const parsed = parse(path);
      const before = loadFields(parsed).flatMap(fieldsOf);
      // Every third field of a file is enough, and not always the same kind.
      for (const field of before.filter((_, at) => at % 3 === before.length % 3)) {
        const text = drafted[field.form];
        const made = draftEdits(parsed, { [field.id]: text });
        if (made.kind === 'refused') {
          outcomes.refused++;
          continue;
        }
        outcomes.written++;
        const changed = applyEdits(parsed.file.text, made.edits);
        const after = new Map(
          loadFields(parse(path, changed))
            .flatMap(fieldsOf)
            .map((one) => [one.id, one]),
        );
        for (const { id, written } of before) {
          const now = after.get(id)?.written?.value;
          assert.equal(now, id === field.id ? text : written?.value, `${path}: ${field.id} changes ${id}`);
        }
      }
    }
    assert.ok(outcomes.written > 500, JSON.stringify(outcomes));
  });
});
