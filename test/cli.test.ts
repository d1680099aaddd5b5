import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url));
let folder = '';

before(() => {
  folder = mkdtempSync(join(tmpdir(), 'plimsoll-cli-'));
});

after(() => rmSync(folder, { recursive: true }));

interface Run {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function plimsoll(...words: readonly string[]): Promise<Run> {
  const node = ['--disable-warning=MODULE_TYPELESS_PACKAGE_JSON', main, ...words];
  return new Promise((done) => {
    execFile(process.execPath, node, { maxBuffer: 64e6 }, (error, out, err) => {
      done({ code: error ? Number(error.code) : 0, out, err });
    });
  });
}

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

describe('plimsoll check', () => {
  it('prints findings as JSON with places and fixes', async () => {
    const path = file('Dockerfile', 'FROM alpine:3.22\nMAINTAINER me\nUSER 1000\n');
    const { out } = await plimsoll('check', '--format', 'json', '--rule', 'D809', path);
    const found = JSON.parse(out);
    assert.equal(found.length, 1);
    const [finding] = found;
    assert.deepEqual(Object.keys(finding), ['file', 'rule', 'sources', 'severity', 'message', 'range', 'fixes']);
    assert.equal(finding.file, path);
    assert.deepEqual(finding.range, {
      start: { line: 1, character: 0, offset: 17 },
      end: { line: 1, character: 10, offset: 27 },
    });
    assert.ok(finding.sources.includes('hadolint DL4000'));
    assert.deepEqual(Object.keys(finding.fixes[0]), ['title', 'safety', 'edits']);
    assert.deepEqual(Object.keys(finding.fixes[0].edits[0]), ['range', 'newText']);
  });

  it('says where in its YAML document a finding is', async () => {
    const pod = (name: string, image: string) =>
      `apiVersion: v1\nkind: Pod\nmetadata:\n  name: ${name}\n  labels: {example.com/a: '-'}\nspec:\n  containers:\n    - name: ${name}\n      image: ${image}\n`;
    const path = file('pods.yaml', `${pod('one', 'web:1.4')}---\n${pod('two', 'web:latest')}`);
    const { out } = await plimsoll('check', '--format', 'json', '--rule', 'K201', '--rule', 'K807', path);
    const found: readonly { readonly rule: string; readonly yamlPath: string }[] = JSON.parse(out);
    assert.deepEqual(
      found.map(({ rule, yamlPath }) => [rule, yamlPath]),
      [
        ['kubernetes/label-invalid', 'metadata.labels["example.com/a"]'],
        ['kubernetes/label-invalid', 'metadata.labels["example.com/a"]'],
        ['kubernetes/image-not-pinned', 'spec.containers[0].image'],
      ],
    );
  });

  it('prints SARIF, with rules, places and fixes', async () => {
    const path = file('a #1.Dockerfile', 'FROM alpine:3.22\nMAINTAINER me\nUSER 1000\n');
    const { out } = await plimsoll('check', '--format', 'sarif', '--rule', 'D809', path);
    const { version, runs } = JSON.parse(out);
    assert.equal(version, '2.1.0');
    const [{ tool, columnKind, results }] = runs;
    assert.equal(columnKind, 'utf16CodeUnits');
    assert.deepEqual(
      tool.driver.rules.map(({ id, defaultConfiguration }: Record<string, unknown>) => [id, defaultConfiguration]),
      [['dockerfile/maintainer', { level: 'note', enabled: true }]],
    );
    assert.equal(results.length, 1);
    const [{ ruleId, ruleIndex, level, locations, fixes }] = results;
    assert.deepEqual([ruleId, ruleIndex, level], ['dockerfile/maintainer', 0, 'note']);
    const [{ physicalLocation }] = locations;
    assert.match(physicalLocation.artifactLocation.uri, /^file:\/\/\/.*\/a%20%231\.Dockerfile$/);
    assert.deepEqual(physicalLocation.region, {
      startLine: 2,
      startColumn: 1,
      endLine: 2,
      endColumn: 11,
      charOffset: 17,
      charLength: 10,
    });
    const [{ artifactChanges }] = fixes;
    assert.deepEqual(artifactChanges[0].artifactLocation, physicalLocation.artifactLocation);
    assert.match(artifactChanges[0].replacements[0].insertedContent.text, /LABEL/);
  });

  it('ends with 0 where nothing is found, 1 for a warning, 2 for wrong usage', async () => {
    const clean = file('clean.Dockerfile', 'FROM scratch\nUSER 1000\n');
    const warned = file('warned.Dockerfile', 'FROM alpine:latest\nUSER 1000\n');
    assert.equal((await plimsoll('check', clean)).code, 0);
    assert.equal((await plimsoll('check', warned)).code, 1);
    for (const words of [
      ['check'],
      ['check', '--format', 'xml', clean],
      ['check', '--rule', 'no-such', clean],
      ['walk'],
      ['check', '--loud', clean],
    ]) {
      const run = await plimsoll(...words);
      assert.equal(run.code, 2, words.join(' '));
      assert.match(run.err, /^plimsoll: ./);
      assert.doesNotMatch(run.err, /\n\s+at /);
    }
  });

  it('says why an input cannot be read', async () => {
    const missing = await plimsoll('check', join(folder, 'nowhere.yaml'));
    assert.deepEqual([missing.code, /nowhere\.yaml: there is no such file/.test(missing.err)], [2, true]);
    const binary = await plimsoll('check', file('image.yaml', 'a\0b'));
    assert.deepEqual([binary.code, /this is no text file/.test(binary.err)], [2, true]);
  });

  it('runs one rule alone, even one that is off', async () => {
    const path = file('one.Dockerfile', 'FROM alpine:latest\nMAINTAINER me\n');
    const { out } = await plimsoll('check', '--format', 'json', '--rule', 'D202', path);
    assert.deepEqual(new Set(JSON.parse(out).map(({ rule }: { rule: string }) => rule)).size, 1);
  });

  it('writes safe fixes and reports what is left', async () => {
    const path = file('fix.Dockerfile', 'FROM debian:12\nRUN apt-get install curl\n');
    await plimsoll('check', '--fix', '--rule', 'D301', path);
    assert.match(readFileSync(path, 'utf8'), /^RUN apt-get install -y curl$/m);
    assert.deepEqual(JSON.parse((await plimsoll('check', '--format', 'json', '--rule', 'D301', path)).out), []);
  });

  it('reads a fragment without FROM, whatever its name', async () => {
    const path = file('fragment.txt', 'RUN apt-get install curl\n');
    const { out } = await plimsoll('check', '--format', 'json', '--rule', 'D301', path);
    assert.equal(JSON.parse(out).length, 1);
  });

  it('knows a fragment by any of the instructions, and heeds the .hadolint.yaml beside it', async () => {
    const trigger = file('trigger', 'ONBUILD RUN sudo a\n');
    const { out } = await plimsoll('check', '--format', 'json', '--rule', 'D325', trigger);
    assert.equal(JSON.parse(out).length, 1);
    const settings = file('.hadolint.yaml', 'trustedRegistries: [docker.io]\n');
    const image = file('image', 'FROM ghcr.io/example/app:1\n');
    const { out: registries } = await plimsoll('check', '--format', 'json', '--rule', 'D208', image);
    rmSync(settings);
    assert.deepEqual(
      JSON.parse(registries).map(({ sources }: { readonly sources: readonly string[] }) => sources),
      [['hadolint DL3026']],
    );
  });
});

describe('plimsoll rules', () => {
  it('lists every rule with its sources', async () => {
    const { code, out } = await plimsoll('rules', '--format', 'json');
    const rules = JSON.parse(out);
    assert.equal(code, 0);
    assert.ok(rules.length >= 40);
    for (const rule of rules) assert.ok(rule.id && rule.summary && Array.isArray(rule.sources));
  });
});

describe('plimsoll size', () => {
  it('prints what a Deployment will be given', async () => {
    const demo = fileURLToPath(new URL('./workspaces/demo/deployment.yaml', import.meta.url));
    const { code, out } = await plimsoll('size', '--format', 'json', demo);
    assert.equal(code, 0);
    const [{ file: name, load }] = JSON.parse(out);
    assert.equal(name, demo);
    assert.equal(load.workloads[0].qos.text, 'Burstable');
    assert.equal(load.totals.cpuRequest.text, '300m');
    const text = await plimsoll('size', demo);
    assert.match(text.out, /3 × Burstable/);
    assert.match(
      (await plimsoll('size', '--format', 'markdown', demo)).out,
      /\| Deployment python-app \| 3 \| Burstable \|/,
    );
  });

  it('counts several files as one where it is asked to', async () => {
    const shop = fileURLToPath(new URL('./workspaces/shop/k8s', import.meta.url));
    assert.equal(JSON.parse((await plimsoll('size', '--format', 'json', shop)).out).length, 3);
    const [all, ...more] = JSON.parse((await plimsoll('size', '--together', '--format', 'json', shop)).out);
    assert.deepEqual(more, []);
    assert.deepEqual(all.load.rows.map(({ name }: { name: string }) => name).sort(), ['cache', 'log-agent', 'web']);
  });
});
