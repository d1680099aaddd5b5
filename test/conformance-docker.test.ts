import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { parse } from 'yaml';
import { defaultSettings } from '../src/core/engine/settings.ts';
import { createService, drive, noSurroundings } from '../src/core/service.ts';
import { sharedPath } from './support/shared.ts';

const folder = sharedPath('conformance/trivy/docker');
const service = createService();

interface Cases {
  readonly dockerfile?: { readonly good?: readonly string[]; readonly bad?: readonly string[] };
}

/** The findings that count for a check of trivy: those of rules that name it among their sources. */
function findings(text: string, id: string): readonly string[] {
  const file = { path: '/Dockerfile', languageId: 'dockerfile', text };
  const analysis = drive(service.analyse(file, { ...defaultSettings, profile: 'strict' }, noSurroundings));
  assert.deepEqual(analysis.crashes, []);
  return analysis.findings.filter(({ sources }) => sources.includes(`trivy ${id}`)).map(({ message }) => message);
}

describe('trivy’s checks of Dockerfiles', {
  skip: folder === undefined ? 'the cases are not beside the project' : false,
}, () => {
  for (const name of folder === undefined ? [] : readdirSync(folder)) {
    const id = name.replace(/\.yaml$/, '');
    if (!service.rules.some(({ meta }) => meta.sources.includes(`trivy ${id}`))) continue;
    const { dockerfile }: Cases = parse(readFileSync(join(folder ?? '', name), 'utf8'));
    it(id, () => {
      for (const bad of dockerfile?.bad ?? []) assert.notDeepEqual(findings(bad, id), [], `bad:\n${bad}`);
      for (const good of dockerfile?.good ?? []) assert.deepEqual(findings(good, id), [], `good:\n${good}`);
    });
  }
});
