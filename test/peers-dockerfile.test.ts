import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { defaultSettings } from '../src/core/engine/settings.ts';
import { createService, drive, noSurroundings } from '../src/core/service.ts';
import { atLines, hadolint } from './support/peer-verdicts.ts';

const service = createService();

/** The lines at which our rules with this source find something, each rule run by its name as on the command line. */
function lines(source: string, text: string): readonly number[] {
  const only = service.rules.filter(({ meta }) => meta.sources.includes(source)).map(({ meta }) => meta.id);
  assert.notDeepEqual(only, [], source);
  const file = { path: '/Dockerfile', languageId: 'dockerfile', text };
  const { findings, crashes } = drive(service.analyse(file, defaultSettings, noSurroundings, only));
  assert.deepEqual(crashes, []);
  return findings.map(({ span }) => text.slice(0, span.start).split('\n').length);
}

describe('what hadolint says', () => {
  for (const [id, { bad, good }] of Object.entries(hadolint)) {
    it(id, () => {
      const asTrigger = (text: string) => (text.startsWith('RUN ') && !text.includes('\n') ? [`ONBUILD ${text}`] : []);
      for (const text of bad.flatMap((one) => [one, ...asTrigger(one)]))
        assert.notDeepEqual(lines(`hadolint ${id}`, text), [], text);
      for (const text of good.flatMap((one) => [one, ...asTrigger(one)]))
        assert.deepEqual(lines(`hadolint ${id}`, text), [], text);
    });
  }
});

describe('the lines that BuildKit, KICS and checkov tell', () => {
  for (const [source, text, expected] of atLines) {
    it(`${source}: ${JSON.stringify(text)}`, () => assert.deepEqual(lines(source, text), expected));
  }
});
