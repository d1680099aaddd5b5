import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { YamlDocument, YamlMapping, YamlNode } from '../src/core/yaml/node.ts';
import { createYamlCache, parseDocument, parseYaml } from '../src/core/yaml/parse.ts';
import { splitYaml } from '../src/core/yaml/split.ts';
import { checkDocument, checkFile, corpusYaml, noCorpus } from './support/yaml-check.ts';
import { modelOf, printed } from './support/yaml-model.ts';

function read(text: string): YamlDocument {
  const document = parseDocument(text, { template: false });
  checkDocument(document);
  return document;
}

function pieces(text: string): readonly string[] {
  return splitYaml(text, []).map(({ start, end }) => text.slice(start, end));
}

function says(text: string): string {
  return printed(modelOf(read(text).root)).replaceAll('"string ', '"');
}

function told(text: string): readonly string[] {
  return read(text).problems.map(({ code, span }) => `${code} ${text.slice(span.start, span.end)}`);
}

describe('YAML files', () => {
  it('are split at markers in the first column', () => {
    assert.deepEqual(pieces('a: 1\n---\nb: 2\n--- # c\nc: 3\n'), ['a: 1\n', '---\nb: 2\n', '--- # c\nc: 3\n']);
    assert.deepEqual(pieces('---\na: 1\n...\n# next\n---\nb: 2\n...\n'), [
      '---\na: 1\n...\n',
      '# next\n---\nb: 2\n...\n',
    ]);
    assert.deepEqual(pieces('a: |\n  ---\n  x\n----\n---x\n'), ['a: |\n  ---\n  x\n----\n---x\n']);
    assert.deepEqual(pieces('a: 1\r\n---\r\nb: 2'), ['a: 1\r\n', '---\r\nb: 2']);
  });

  it('keep comments, directives and a byte order mark with the marker behind them', () => {
    assert.deepEqual(pieces('# licence\n\n---\na: 1\n'), ['# licence\n\n---\na: 1\n']);
    assert.deepEqual(pieces('\uFEFF%YAML 1.2\n---\na: 1\n---\n# nothing\n---\n'), [
      '\uFEFF%YAML 1.2\n---\na: 1\n',
      '---\n# nothing\n',
      '---\n',
    ]);
    assert.deepEqual(pieces('\uFEFF---\na: 1\n---'), ['\uFEFF---\na: 1\n', '---']);
    assert.deepEqual(pieces('a: 1\n...\n# end\n'), ['a: 1\n...\n# end\n']);
    assert.deepEqual(pieces(''), ['']);
  });

  it('are parsed a document at a time, and again only where the text changed', () => {
    const cache = createYamlCache(100);
    const text = Array.from({ length: 20 }, (_, at) => `---\nname: n${at}\n`).join('');
    const before = parseYaml(text, cache, { template: false });
    const after = parseYaml(text.replace('n7', 'seven'), cache, { template: false });
    checkFile(after);
    const changed = after.parts.filter(({ document }, at) => document !== before.parts[at]?.document);
    assert.deepEqual(
      changed.map(({ document }) => document.text),
      ['---\nname: seven\n'],
    );
    assert.notEqual(
      parseYaml('---\nname: n0\n', cache, { template: true }).parts[0]?.document,
      before.parts[0]?.document,
    );
  });

  it('leave the cache within its limit, the last used ones stay', () => {
    const cache = createYamlCache(2);
    const document = (text: string) => parseYaml(text, cache, { template: false }).parts[0]?.document;
    const first = document('a: 1');
    document('b: 1');
    assert.equal(document('a: 1'), first);
    document('c: 1');
    assert.equal(cache.plain.size, 2);
    assert.equal(document('a: 1'), first);
  });

  it('have no problems in the corpus but the one file that is broken', { skip: noCorpus }, () => {
    for (const part of ['k8s', 'compose', 'kustomize']) {
      for (const { name, text } of corpusYaml(part)) {
        const file = parseYaml(text, createYamlCache(1), { template: text.includes('{{') });
        checkFile(file);
        const problems = file.parts.flatMap(({ document }) => document.problems);
        if (!name.endsWith('vllm-gemma-deployment.yaml')) assert.deepEqual(problems, [], name);
      }
    }
  });
});

describe('YAML documents', () => {
  it('are a tree of texts', () => {
    assert.equal(
      says('a: 1\nb: [x, "y"]\nc:\n  - d: |\n      e\n  - f: >-\n      g\n      h\n'),
      '{"a": "integer 1", "b": ["x", "y"], "c": [{"d": "e\\n"}, {"f": "g h"}]}',
    );
    assert.equal(
      says('a:\nb: ~\nc: ""\nd: &x\ne: !!str\n'),
      '{"a": "null", "b": "null", "c": "", "d": &x "null", "e": ""}',
    );
  });

  it('know where their parts are', () => {
    const text = 'a: &n !t "x" # c\nlist:\n  - |\n    two\n    lines\n\n  -\nkey:\nflow: {b: 1, c}\n';
    const { root, comments } = read(text);
    const spans: string[] = [];
    const add = (node: YamlNode | null) => {
      if (node === null) return;
      spans.push(text.slice(node.span.start, node.span.end));
      if (node.kind === 'sequence') node.items.forEach(add);
      if (node.kind === 'mapping') for (const { value } of node.pairs) add(value);
    };
    add(root);
    assert.deepEqual(spans, [
      text.trimEnd(),
      '"x"',
      '- |\n    two\n    lines\n\n  -',
      '|\n    two\n    lines',
      '{b: 1, c}',
      '1',
    ]);
    const pairs = (root as YamlMapping).pairs.map(({ span }) => text.slice(span.start, span.end));
    assert.deepEqual(pairs.slice(2), ['key:', 'flow: {b: 1, c}']);
    assert.deepEqual(comments, [{ span: { start: 13, end: 16 }, text: '# c', ownLine: false }]);
  });

  it('carry anchors, tags and targets of aliases', () => {
    const root = read('a: &x !reset\n  k: 1\nb: *x\nc: !!int "3"\n').root as YamlMapping;
    const [a, b, c] = root.pairs.map(({ value }) => value);
    assert.ok(a?.kind === 'mapping' && b?.kind === 'alias' && c?.kind === 'scalar');
    assert.deepEqual([a.anchor, a.tag, b.name, c.tag], ['x', '!reset', 'x', '!!int']);
    assert.equal(b.target, a);
  });

  it('have comments where scalars have none', () => {
    const text =
      '# top\na: b#c # one\nd: "# no" # two\ne: | # three\n  # no\n\n  f\n  # g\nh:\n  # four\n  i: \'x # no\n    y\' # five\n';
    const found = read(text).comments.map(({ text: words, ownLine }) => `${words}${ownLine ? ' alone' : ''}`);
    assert.deepEqual(found, ['# top alone', '# one', '# two', '# three', '# four alone', '# five']);
  });

  it('give a key that is an alias its text', () => {
    const root = read('a: &k name\n*k : 1\n').root as YamlMapping;
    assert.equal(root.pairs[1]?.key.text, 'name');
    assert.deepEqual(told('{a: b}: c\n'), ['complex-key {a: b}']);
  });
});

describe('YAML that is broken', () => {
  const cases: readonly (readonly [string, string, readonly string[], string])[] = [
    [
      'a key without its colon',
      'a:\n  b: 1\nimag\nc:\n  d: 2\n',
      ['missing-colon imag'],
      '{"a": {"b": "1"}, "c": {"d": "2"}}',
    ],
    [
      'a half-typed key at the end',
      'a:\n  b: 1\n  imag\n',
      ['missing-colon imag'],
      '{"a": {"b": "1", "imag": "null"}}',
    ],
    ['an open double quote', 'a: "x\nb: 1\nc: 2\n', ['unclosed-quote "x'], '{"a": "?", "b": "1", "c": "2"}'],
    [
      'an open quote that another closes',
      'a: "x\nb: "y"\nc: 2\n',
      ['unclosed-quote "x'],
      '{"a": "?", "b": "y", "c": "2"}',
    ],
    ['an open bracket', 'a: [1, 2\nb: 1\n', ['unclosed-bracket [1, 2'], '{"a": "?", "b": "1"}'],
    ['a value with a colon', 'a: b: c\nd: 1\n', ['nested-mapping b'], '{"a": "?", "d": "1"}'],
    ['tabs', 'a:\n\tb: 1\n\tc: 2\nd: 3\n', ['tab \t'], '{"a": {"b": "1", "c": "2"}, "d": "3"}'],
    ['a dash in a mapping', 'a: 1\n- b\nc: 2\n', ['missing-colon -'], '{"a": "1", "c": "2"}'],
    ['a bracket that closes nothing', 'a: ]\nb: 1\n', ['unexpected ]'], '{"a": "?", "b": "1"}'],
    ['a value that cannot begin so', 'a: @x\nb: 1\n', ['bad-start @'], '{"a": "?", "b": "1"}'],
    ['a bad escape', 'a: "\\q"\nb: 1\n', ['bad-escape \\q'], '{"a": "?", "b": "1"}'],
  ];
  for (const [name, text, problems, tree] of cases) {
    it(`says so once and reads the rest: ${name}`, () => {
      assert.deepEqual(told(text), problems);
      const unquoted = printed(modelOf(read(text).root))
        .replaceAll(/"(?:string|integer) /g, '"')
        .replaceAll('"unknown"', '"?"');
      assert.equal(unquoted, tree);
    });
  }

  it('does not prove that a key is missing where a line could not be read', () => {
    const root = read('a:\n  b: 1\nimag\nc:\n  d: 2\n').root as YamlMapping;
    assert.equal(root.open, true);
    assert.ok(root.pairs.every(({ value }) => value?.kind === 'mapping' && !value.open));
  });
});
