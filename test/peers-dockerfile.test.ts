import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { defaultSettings } from '../src/core/engine/settings.ts';
import { createService, drive, noSurroundings } from '../src/core/service.ts';
import { buildkit, sparedByUs } from './support/verdicts/buildkit.ts';
import { checkov } from './support/verdicts/checkov.ts';
import { hadolint } from './support/verdicts/hadolint.ts';
import { hadolintPackages } from './support/verdicts/hadolint-packages.ts';
import { kics } from './support/verdicts/kics.ts';

const service = createService();

/** The lines at which our rules with this source tell of it, run by their names as on the command line. */
function lines(source: string, text: string, hadolintSettings?: string): readonly number[] {
  const only = service.rules.filter(({ meta }) => meta.sources.includes(source)).map(({ meta }) => meta.id);
  assert.notDeepEqual(only, [], source);
  const file = { path: '/Dockerfile', languageId: 'dockerfile', text };
  const around = {
    ...noSurroundings,
    hadolint: hadolintSettings === undefined ? undefined : { path: '/.hadolint.yaml', text: hadolintSettings },
  };
  const { settings, problems } = service.settings(defaultSettings, around);
  assert.deepEqual(problems, []);
  const { findings, crashes } = drive(service.analyse(file, settings, around, only));
  assert.deepEqual(crashes, []);
  const told = findings.filter(({ sources }) => sources.includes(source));
  return told.map(({ span }) => text.slice(0, span.start).split('\n').length);
}

/** The names that our rules know of a peer's. */
function namesOf(peer: string): readonly string[] {
  const sources = new Set(service.rules.flatMap(({ meta }) => meta.sources));
  return [...sources].filter((source) => source.startsWith(`${peer} `)).toSorted();
}

describe('what hadolint says', () => {
  const verdicts = { ...hadolint, ...hadolintPackages };
  for (const [id, { bad, good, more = [], spared = [], settings }] of Object.entries(verdicts)) {
    it(id, () => {
      const asTrigger = (text: string) => (text.startsWith('RUN ') && !text.includes('\n') ? [`ONBUILD ${text}`] : []);
      for (const text of [...bad, ...more].flatMap((one) => [one, ...asTrigger(one)]))
        assert.notDeepEqual(lines(`hadolint ${id}`, text, settings), [], text);
      for (const text of [...good, ...spared].flatMap((one) => [one, ...asTrigger(one)]))
        assert.deepEqual(lines(`hadolint ${id}`, text, settings), [], text);
    });
  }

  it('is looked at for each rule that we name', () => {
    const shellcheck = 'hadolint SC####';
    const ours = namesOf('hadolint').filter((name) => name !== shellcheck);
    assert.deepEqual(
      Object.keys(verdicts)
        .map((id) => `hadolint ${id}`)
        .toSorted(),
      ours,
    );
  });
});

describe('the lines that BuildKit, KICS and checkov tell', () => {
  for (const [source, text, expected] of [...buildkit, ...kics, ...checkov]) {
    it(`${source}: ${JSON.stringify(text)}`, () => assert.deepEqual(lines(source, text), expected));
  }

  for (const [source, text] of sparedByUs) {
    it(`${source}, not ours: ${JSON.stringify(text)}`, () => assert.deepEqual(lines(source, text), []));
  }

  it('are looked at for each check of BuildKit that needs nothing but the file', () => {
    const others = ['buildkit CopyIgnoredFile', 'buildkit InvalidBaseImagePlatform'];
    const looked = new Set(buildkit.map(([source]) => source));
    assert.deepEqual(
      [...looked].toSorted(),
      namesOf('buildkit').filter((name) => !others.includes(name)),
    );
  });
});
