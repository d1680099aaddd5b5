import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { shortName } from '../src/core/engine/active.ts';
import type { Finding } from '../src/core/engine/finding.ts';
import type { Rule } from '../src/core/engine/rule.ts';
import { defaultSettings } from '../src/core/engine/settings.ts';
import { isCandidateName } from '../src/core/parsed.ts';
import { createService, drive, type SourceFile, type Surroundings } from '../src/core/service.ts';
import { applyEdits } from '../src/core/text/edit.ts';
import { lineIndex, positionAt } from '../src/core/text/line-index.ts';
import { readFixtures, surroundingsOf, withFiles } from './support/fixtures.ts';
import { askShellCheck, shellCheckMissing } from './support/shellcheck.ts';

const fixtures = fileURLToPath(new URL('./fixtures/rules/', import.meta.url));
const service = createService();
const peers =
  /^(hadolint|buildkit|dockerfile-utils|tally|kube-linter|kube-score|polaris|pod-security|checkov|trivy|kubescape|kubesec|kyverno|monokle|datree|popeye|kics|sonar|semgrep|dclint|dockle|dockerfilelint) \S/;

function sourceFile(name: string, text: string): SourceFile {
  return { path: `/fixture/${name}`, languageId: /dockerfile/i.test(name) ? 'dockerfile' : '', text };
}

function findingsOf(rule: Rule, file: SourceFile, surroundings: Surroundings): readonly Finding[] {
  const { settings, problems } = service.settings(defaultSettings, surroundings);
  assert.deepEqual(problems, []);
  const near =
    rule.meta.id === 'dockerfile/shellcheck'
      ? { ...surroundings, shellcheck: askShellCheck(service, service.parse(file)) }
      : surroundings;
  // An unused suppression is only known when the rules that it names have run.
  const only = rule.subject === 'suppressions' ? service.rules.map(({ meta }) => meta.id) : [rule.meta.id];
  const { findings, crashes } = drive(service.analyse(file, settings, near, only));
  if (crashes[0]) throw crashes[0].error;
  return findings.filter((finding) => finding.rule === rule.meta.id);
}

/** The workspace's index holds the manifests and Dockerfiles beside a fixture while its test runs. */
function indexBeside({ around }: Surroundings, context: TestContext): void {
  const beside = [...around].flatMap(([name, text]) =>
    text !== null && isCandidateName(name) ? [{ path: `/fixture/${name}`, languageId: '', text }] : [],
  );
  for (const manifest of beside) service.workspace.update(manifest);
  context.after(() => {
    for (const { path } of beside) service.workspace.remove(path);
  });
}

/** `line:column-line:column message id` of each finding, as the markers are written; messages by the template they came from. */
function describeFindings(rule: Rule, text: string, findings: readonly Finding[]): readonly string[] {
  const index = lineIndex(text);
  return findings.map(
    (finding) => `${at(index, finding.span.start)}-${at(index, finding.span.end)} ${messageId(rule, finding)}`,
  );
}

function at(index: ReturnType<typeof lineIndex>, offset: number): string {
  const { line, character } = positionAt(index, offset);
  return `${line + 1}:${character}`;
}

function messageId(rule: Rule, finding: Finding): string {
  const fits = Object.entries(rule.meta.messages).find(([, template]) => {
    const pattern = template
      .split(/(\{\{|\}\}|\{[A-Za-z]+\})/)
      .map((part) =>
        /^\{[A-Za-z]+\}$/.test(part)
          ? '[^]*'
          : part
              .replace('{{', '{')
              .replace('}}', '}')
              .replace(/[.*+?^${}()|[\]\\]/g, '\\$&'),
      )
      .join('');
    return new RegExp(`^${pattern}$`).test(finding.message);
  });
  return fits?.[0] ?? `(no template for “${finding.message}”)`;
}

describe('rules', () => {
  it('have ids of their own', () => {
    const ids = service.rules.map(({ meta }) => meta.id);
    assert.deepEqual(ids, [...new Set(ids)]);
    const short = ids.map(shortName);
    assert.deepEqual(short, [...new Set(short)], 'the part after the group names one rule');
  });

  it('have a fixture folder each, and no folder is left over', () => {
    const folders = readdirSync(fixtures).flatMap((group) =>
      readdirSync(join(fixtures, group)).map((name) => `${group}/${name}`),
    );
    assert.deepEqual(folders.toSorted(), service.rules.map(({ meta }) => meta.id).toSorted());
  });
});

for (const rule of service.rules) {
  const { meta } = rule;
  const skip = meta.id === 'dockerfile/shellcheck' && shellCheckMissing;
  describe(meta.id, { skip }, () => {
    it('has complete metadata', () => {
      for (const text of [meta.summary, meta.why, ...Object.values(meta.messages), ...Object.values(meta.titles)]) {
        assert.ok(text.trim() === text && text.length > 0, `“${text}”`);
        assert.doesNotMatch(text, /\n/);
      }
      for (const message of Object.values(meta.messages))
        assert.doesNotMatch(message, /\.$/, 'a message is no sentence with a full stop');
      for (const source of meta.sources) assert.match(source, peers);
      assert.ok(meta.examples.length > 0);
      assert.deepEqual(meta.sources, [...new Set(meta.sources)]);
    });

    for (const [number, example] of meta.examples.entries()) {
      it(`example ${number + 1}`, (context) => {
        const bare = surroundingsOf(example.file, undefined, example.settings);
        const surroundings = example.around ? withFiles(bare, example.around) : bare;
        indexBeside(surroundings, context);
        const found = findingsOf(rule, sourceFile(example.file, example.bad), surroundings);
        assert.equal(found.length, 1, `findings in the bad one: ${found.map(({ message }) => message).join(' | ')}`);
        const fix = found[0]?.fixes[0];
        if (meta.fix === 'always') assert.ok(fix, 'a fix is always there');
        if (meta.fix === 'never') assert.equal(fix, undefined);
        if (fix && fix.edits.length > 0) assert.equal(applyEdits(example.bad, fix.edits), example.good);
        const after: Surroundings = fix?.creates
          ? { ...surroundings, around: new Map([...surroundings.around, [fix.creates.path, fix.creates.text]]) }
          : surroundings;
        assert.deepEqual(
          findingsOf(rule, sourceFile(example.file, example.good), after),
          [],
          'findings in the good one',
        );
      });
    }

    const folder = join(fixtures, meta.id);
    for (const { name, marked, fixed, surroundings } of existsSync(folder) ? readFixtures(folder) : []) {
      it(`fixture ${name}`, (context) => {
        const file = sourceFile(name, marked.text);
        indexBeside(surroundings, context);
        const found = findingsOf(rule, file, surroundings);
        const index = lineIndex(marked.text);
        const expected = marked.markers.map(
          (marker) => `${at(index, marker.start)}-${at(index, marker.end)} ${marker.word}`,
        );
        assert.deepEqual(describeFindings(rule, marked.text, found), expected);
        for (const { fixes } of found) {
          if (meta.fix === 'always') assert.ok(fixes.length > 0, 'a fix is always there');
          if (meta.fix === 'never') assert.equal(fixes.length, 0);
        }
        if (fixed === undefined) return;
        const { settings } = service.settings(defaultSettings, surroundings);
        const text = service.fixAll(file, settings, surroundings, { level: 'suggested', rules: [meta.id] });
        assert.equal(text, fixed);
      });
    }
  });
}
