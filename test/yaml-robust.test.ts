import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { createYamlCache, parseDocument, parseYaml } from '../src/core/yaml/parse.ts';
import { entries, nodeAtOffset, walk } from '../src/core/yaml/read.ts';
import { checkFile, corpusYaml, noCorpus, numbers } from './support/yaml-check.ts';
import { yamlDocuments } from './support/yaml-documents.ts';

const parts = ['k8s', 'compose', 'helm', 'kustomize'] as const;

function check(text: string): void {
  const template = text.includes('{{');
  try {
    checkFile(parseYaml(text, createYamlCache(1), { template }));
  } catch (error) {
    throw new Error(`on ${JSON.stringify(text.slice(0, 4000))}`, { cause: error });
  }
}

const scraps = [
  '\t',
  '\n',
  '\r\n',
  ': ',
  '- ',
  '"',
  "'",
  '[',
  '{',
  ']',
  '}',
  '#',
  ' #',
  '&a ',
  '*a',
  '|',
  '>',
  '!!x ',
  '? ',
  '{{',
  '}}',
  '---\n',
  '...\n',
  '%',
  '@',
  '\0',
  '\u2028',
  '\ufeff',
  ',',
  '<<: ',
];

describe('YAML that is being typed', () => {
  for (const part of parts) {
    it(`reads prefixes of the corpus: ${part}`, { skip: noCorpus }, () => {
      const next = numbers(7);
      for (const { text } of corpusYaml(part)) {
        for (let sample = 0; sample < 2; sample++) check(text.slice(0, Math.min(next(text.length), 12_000)));
      }
    });

    it(`reads mutations of the corpus: ${part}`, { skip: noCorpus }, () => {
      const next = numbers(11);
      for (const { text } of corpusYaml(part)) {
        if (text.length > 30_000) continue;
        for (let sample = 0; sample < 2; sample++) {
          const at = next(text.length);
          const cut = next(3) === 0 ? next(12) : 0;
          check(text.slice(0, at) + (scraps[next(scraps.length)] ?? '') + text.slice(at + cut));
        }
      }
    });
  }

  it('reads every prefix of documents in all styles', () => {
    fc.assert(
      fc.property(yamlDocuments, (text) => {
        for (let end = 0; end <= Math.min(text.length, 200); end += 3) check(text.slice(0, end));
        check(text);
      }),
      { numRuns: 60 },
    );
  });

  it('reads any text', () => {
    const soup = fc.array(fc.oneof(fc.constantFrom(...scraps, 'a', 'key', '  ', '\n  '), fc.string({ maxLength: 4 })), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(soup, (words) => check(words.join(''))),
      { numRuns: 1500 },
    );
  });

  it('tells few problems for one broken line', { skip: noCorpus }, () => {
    const next = numbers(5);
    let worst = 0;
    let lost = 0;
    let files = 0;
    for (const { text } of corpusYaml('k8s')) {
      const whole = parseDocument(text, { template: false });
      if (text.length > 20_000 || text.includes('{{') || text.includes('\n---') || whole.problems.length > 0) continue;
      const lines = text.split('\n');
      const keys = [...lines.keys()].filter((at) => /^ *[a-zA-Z]+:(?: \S+)?$/.test(lines[at] ?? ''));
      const at = keys[next(keys.length)];
      if (at === undefined) continue;
      const typed = lines.with(at, (lines[at] ?? '').replace(/:.*/, '')).join('\n');
      const broken = parseDocument(typed, { template: false });
      worst = Math.max(worst, broken.problems.length);
      files++;
      if (topKeys(whole).filter((key) => !topKeys(broken).includes(key)).length > 1) lost++;
    }
    assert.ok(files > 100);
    assert.ok(worst <= 3, `${worst} problems for one line`);
    assert.ok(lost <= files * 0.03, `${lost} of ${files} files lost more than the line`);
  });
});

function topKeys(document: ReturnType<typeof parseDocument>): readonly string[] {
  return document.root?.kind === 'mapping' ? document.root.pairs.map(({ key }) => key.text) : [];
}

describe('YAML that is hostile', () => {
  const read = (text: string) => parseDocument(text, { template: false });

  it('refuses what is no text or too long', () => {
    assert.deepEqual(
      read('a: \0').problems.map(({ code }) => code),
      ['binary'],
    );
    const long = read('a: b\n'.repeat(2_000_000));
    assert.deepEqual(
      long.problems.map(({ code }) => code),
      ['too-long'],
    );
    assert.equal(long.root, null);
  });

  it('leaves out what is nested too deeply', () => {
    const deep = ['['.repeat(100_000), '{a: '.repeat(20_000), '- '.repeat(20_000), '[ '.repeat(300)];
    const blocks = Array.from({ length: 400 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n');
    for (const text of [...deep, blocks]) {
      const document = read(text);
      assert.ok(
        document.problems.some(({ code }) => code === 'too-deep'),
        text.slice(0, 20),
      );
      assert.ok([...walk(document)].length < 500);
    }
    assert.equal(read('? '.repeat(20_000)).problems.length, 1);
  });

  it('does not follow a bomb of aliases', () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
    for (let at = 1; at < 30; at++)
      lines.push(
        `a${at}: &a${at} [${Array(10)
          .fill(`*a${at - 1}`)
          .join(', ')}]`,
      );
    const document = read(lines.join('\n'));
    assert.ok(document.problems.some(({ code }) => code === 'alias-bomb'));
    for (const length of [15, 80]) {
      const merges = ['m0: &m0 {k0: 1}'];
      for (let at = 1; at < length; at++) merges.push(`m${at}: &m${at} {<<: [*m${at - 1}, *m${at - 1}], k${at}: 1}`);
      const { root } = read(merges.join('\n'));
      const last = root?.kind === 'mapping' ? root.pairs.at(-1)?.value : undefined;
      assert.ok(last?.kind === 'mapping');
      if (length === 15) assert.equal(entries(last).length, 15);
      else assert.ok(entries(last).length > 1);
    }
  });

  it('has no target for an alias to nothing or to its own value', () => {
    const document = read('a: *none\nb: &b\n  c: *b\nd: *b\n');
    assert.deepEqual(
      document.problems.map(({ code }) => code),
      ['unknown-alias', 'alias-in-itself'],
    );
    const targets = [...walk(document)].flatMap(({ node }) => (node?.kind === 'alias' ? [node.target?.kind] : []));
    assert.deepEqual(targets, [undefined, undefined, 'mapping']);
  });

  it('finds a node at every offset of a document', () => {
    fc.assert(
      fc.property(yamlDocuments, fc.nat(), (text, at) => {
        const document = read(text);
        const offset = at % (text.length + 1);
        const found = nodeAtOffset(document, offset);
        if (found?.node) assert.ok(found.node.span.start <= offset && offset <= found.node.span.end);
        else if (found === undefined && document.root) {
          assert.ok(offset < document.root.span.start || offset > document.root.span.end);
        }
      }),
      { numRuns: 300 },
    );
  });
});
