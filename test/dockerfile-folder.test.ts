import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultSettings } from '../src/core/engine/settings.ts';
import { createService, drive, noSurroundings } from '../src/core/service.ts';

const service = createService();

function rootFindings(path: string): readonly string[] {
  const file = { path, languageId: 'dockerfile', text: 'FROM debian:13\nUSER root\nRUN true\n' };
  return drive(service.analyse(file, defaultSettings, noSurroundings, ['dockerfile/user-root'])).findings.map(
    ({ rule }) => rule,
  );
}

test('the image of a development container may end as root', () => {
  assert.deepEqual(rootFindings('/app/.devcontainer/Dockerfile'), []);
  assert.deepEqual(rootFindings('/app/.devcontainer/base/Dockerfile'), []);
  assert.deepEqual(rootFindings('/app/devcontainer/Dockerfile'), ['dockerfile/user-root']);
});
