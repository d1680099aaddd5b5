import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { withSettings, withTable } from '../src/build/generate.ts';
import { createService, rules } from '../src/core/service.ts';

function text(name: string): string {
  return readFileSync(new URL(`../${name}`, import.meta.url), 'utf8');
}

describe('what is made from the rules', () => {
  it('is in package.json', () => {
    const manifest = JSON.parse(text('package.json'));
    assert.deepEqual(manifest, JSON.parse(JSON.stringify(withSettings(manifest, rules))), 'run npm run generate');
  });

  it('is in the README', () => {
    assert.equal(text('README.md'), withTable(text('README.md'), rules), 'run npm run generate');
  });

  it('gives every rule a page', () => {
    const service = createService();
    for (const { meta } of rules) {
      const page = service.rulePage(meta.id) ?? '';
      assert.ok(page.startsWith(`# ${meta.id}\n`));
      for (const example of meta.examples) assert.ok(page.includes(example.bad) && page.includes(example.good));
    }
    assert.equal(service.rulePage('dockerfile/no-such-rule'), undefined);
  });
});
