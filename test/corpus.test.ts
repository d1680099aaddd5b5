import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { Finding, Fix } from '../src/core/engine/finding.ts';
import { defaultSettings, type Settings } from '../src/core/engine/settings.ts';
import { isCandidateName } from '../src/core/parsed.ts';
import { type Analysis, createService, drive, noSurroundings, type SourceFile } from '../src/core/service.ts';
import { applyEdits } from '../src/core/text/edit.ts';
import { meaning } from './support/dockerfile-meaning.ts';
import { images } from './support/fixtures.ts';
import { sharedPath } from './support/shared.ts';

const corpus = sharedPath('corpus');
const skip = corpus === undefined ? 'the corpus is not beside the project' : false;
const service = createService();
const strict: Settings = { ...defaultSettings, profile: 'strict' };
/** Fixes of images go to other tags, where the data of images is known. */
const withImages = { ...noSurroundings, images };
const groups = ['dockerfiles', 'compose', 'k8s', 'helm', 'kustomize'] as const;

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && (isCandidateName(entry.name) || /dockerfile/i.test(entry.name)))
    .map((entry) => join(entry.parentPath, entry.name));
}

function sourceOf(path: string, group: string): SourceFile {
  return { path, languageId: group === 'dockerfiles' ? 'dockerfile' : '', text: readFileSync(path, 'utf8') };
}

function analyse(file: SourceFile, only?: readonly string[]): Analysis {
  const analysis = drive(service.analyse(file, strict, noSurroundings, only));
  const crash = analysis.crashes[0];
  if (crash) throw new Error(`${file.path}: ${crash.rule}`, { cause: crash.error });
  return analysis;
}

function count(findings: readonly Finding[], rule: string): number {
  return findings.filter((finding) => finding.rule === rule).length;
}

const syntaxRules = ['file/yaml-syntax', 'file/dockerfile-syntax'] as const;

function syntax(findings: readonly Finding[]): number {
  return syntaxRules.reduce((sum, rule) => sum + count(findings, rule), 0);
}

/** What is wrong with a fix, or nothing: the file must still parse, and the finding must be gone. */
function wrongWith(before: Analysis, finding: Finding, fix: Fix): string | undefined {
  if (fix.edits.length === 0) return undefined;
  const { file } = before.parsed;
  const where = `${file.path}@${finding.span.start} ${finding.rule} “${fix.title}”`;
  let text: string;
  try {
    text = applyEdits(file.text, fix.edits);
  } catch (error) {
    return `${where}: ${String(error)}`;
  }
  // All other rules say of this what they said before: there are tens of thousands of fixes.
  const after = analyse({ ...file, text }, [finding.rule, ...syntaxRules]);
  if (after.parsed.kind !== before.parsed.kind) return `${where}: the file is no longer read as ${before.parsed.kind}`;
  if (syntax(after.findings) > syntax(before.findings)) return `${where}: breaks the file`;
  if (count(after.findings, finding.rule) >= count(before.findings, finding.rule))
    return `${where}: the finding is still there`;
  return undefined;
}

describe('the corpus', { skip }, () => {
  for (const group of groups) {
    it(`${group}: every file is read, and every fix alone mends its finding`, () => {
      const wrong: string[] = [];
      let files = 0;
      let fixes = 0;
      for (const path of filesBelow(join(corpus ?? '', group))) {
        const analysis = analyse(sourceOf(path, group));
        files++;
        const seen = new Set<string>();
        for (const finding of analysis.findings) {
          const { start, end } = finding.span;
          assert.ok(
            0 <= start && start <= end && end <= analysis.parsed.file.text.length,
            `${path}: ${finding.rule} outside the text`,
          );
          for (const fix of [...finding.fixes, ...service.suppressions(analysis.parsed, finding)]) {
            // Silencing is the same work for every finding: once a rule and file is enough.
            const silences = !finding.fixes.includes(fix);
            const key = `${finding.rule} ${fix.title}`;
            if (silences && seen.has(key)) continue;
            seen.add(key);
            fixes++;
            const problem = wrongWith(analysis, finding, fix);
            if (problem) wrong.push(problem);
          }
        }
      }
      assert.ok(files > 10 && fixes > 10, `${files} files, ${fixes} fixes`);
      assert.deepEqual(wrong.slice(0, 20), [], `${wrong.length} of ${fixes} fixes`);
    });
  }

  for (const level of ['safe', 'suggested'] as const) {
    it(`fix-all of ${level} fixes comes to rest and breaks nothing`, () => {
      let changed = 0;
      for (const path of filesBelow(join(corpus ?? '', 'dockerfiles'))) {
        const file = sourceOf(path, 'dockerfiles');
        const once = service.fixAll(file, strict, withImages, { level });
        const twice = service.fixAll({ ...file, text: once }, strict, withImages, { level });
        assert.equal(twice, once, path);
        assert.ok(syntax(analyse({ ...file, text: once }).findings) <= syntax(analyse(file).findings), path);
        if (level !== 'safe') continue;
        if (once !== file.text) changed++;
        const [before, after] = [meaning(file.text), meaning(once)];
        for (const [at, line] of before.entries()) assert.equal(after[at], line, path);
        assert.equal(after.length, before.length, path);
      }
      if (level === 'safe') assert.ok(changed > 100, `${changed} files are changed`);
    });
  }
});
