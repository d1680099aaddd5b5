import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseDockerfile } from '../src/core/dockerfile/parse.ts';
import { activeRules } from '../src/core/engine/active.ts';
import { defineRule } from '../src/core/engine/rule.ts';
import { createCalls } from '../src/core/engine/run.ts';
import { defaultSettings } from '../src/core/engine/settings.ts';
import { noSurroundings } from '../src/core/service.ts';

const meta = {
  id: 'dockerfile/late',
  rows: [],
  summary: 'A rule of this test alone.',
  why: 'It makes its fixes when they are asked for.',
  severity: 'warning',
  topic: 'correctness',
  messages: { found: 'Found' },
  titles: { mend: 'Mend it' },
  fix: 'sometimes',
  examples: [],
  options: {},
  sources: [],
} as const;

function findingOf(lateFixes: () => readonly { title: 'mend'; safety: 'safe'; edits: readonly [] }[]) {
  const rule = defineRule('dockerfile', {
    meta,
    *check(dockerfile) {
      yield { message: 'found', span: { start: 0, end: dockerfile.text.length }, lateFixes };
    },
  });
  const { call, outcome } = createCalls(defaultSettings, { path: '/Dockerfile', ...noSurroundings } as never);
  const [entry] = activeRules([rule], defaultSettings).get('dockerfile') ?? [];
  call(entry ?? assert.fail('the rule is on'), [parseDockerfile('FROM scratch\n')]);
  assert.deepEqual(outcome.crashes, []);
  return outcome.findings[0] ?? assert.fail('there is a finding');
}

describe('fixes that are made late', () => {
  it('are made once, when somebody asks for them', () => {
    let made = 0;
    const finding = findingOf(() => {
      made++;
      return [{ title: 'mend', safety: 'safe', edits: [] }];
    });
    assert.equal(made, 0);
    assert.deepEqual([finding.fixes[0]?.title, finding.fixes.length, made], ['Mend it', 1, 1]);
  });

  it('fail where they are asked for, and once', () => {
    const finding = findingOf(() => {
      throw new Error('no edit');
    });
    assert.throws(() => finding.fixes, /no edit/);
    assert.deepEqual(finding.fixes, []);
  });
});
