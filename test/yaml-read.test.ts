import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { YamlDocument, YamlNode } from '../src/core/yaml/node.ts';
import { parseDocument } from '../src/core/yaml/parse.ts';
import { asMapping, entries, entry, mayHave, nodeAtOffset, textAt, valueAt, walk } from '../src/core/yaml/read.ts';
import { goScalar, needsQuotes, plainScalar } from '../src/core/yaml/scalars.ts';

function read(text: string): YamlDocument {
  const document = parseDocument(text, { template: false });
  assert.deepEqual(document.problems, []);
  return document;
}

function keys(node: YamlNode | undefined): readonly string[] {
  const mapping = asMapping(node);
  return mapping === undefined
    ? []
    : entries(mapping).map(({ key, value }) => `${key.text}=${value?.kind === 'scalar' ? value.text : ''}`);
}

describe('reading a YAML tree', () => {
  const text =
    'one: &one {a: 1, b: 2}\ntwo: &two\n  b: 3\n  c: 4\nall:\n  <<: [*one, *two]\n  d: 5\n  d: 6\nlast: *one\n';
  const { root } = read(text);

  it('follows aliases and merges, own keys first', () => {
    assert.deepEqual(keys(valueAt(root, 'all')), ['d=6', 'a=1', 'b=2', 'c=4']);
    assert.equal(textAt(root, 'all', 'b')?.value, '2');
    assert.equal(textAt(root, 'last', 'a')?.value, '1');
    assert.equal(textAt(root, 'all', '<<'), undefined);
    assert.equal(entry(asMapping(valueAt(root, 'all')), 'd')?.span.start, text.indexOf('d: 6'));
  });

  it('says where the value of an alias is used', () => {
    const document = read('a: &x v\nb: *x\n');
    assert.deepEqual(textAt(document.root, 'b'), { value: 'v', span: { start: 11, end: 13 } });
  });

  it('has no text for null and for collections', () => {
    const document = read('a:\nb: ~\nc: "~"\nd: []\ne: !!str\n');
    const found = ['a', 'b', 'c', 'd', 'e'].map((key) => textAt(document.root, key)?.value);
    assert.deepEqual(found, [undefined, undefined, '~', undefined, '']);
  });

  it('does not prove absence behind a merge of nothing', () => {
    const merged = parseDocument('a:\n  <<: *gone\n  b: 1\n', { template: false });
    assert.equal(mayHave(asMapping(valueAt(merged.root, 'a')), 'z'), true);
    assert.equal(mayHave(asMapping(valueAt(root, 'all')), 'z'), false);
    assert.equal(mayHave(asMapping(valueAt(root, 'all')), 'c'), true);
    assert.equal(mayHave(undefined, 'c'), false);
  });

  it('walks every value once', () => {
    const paths = [...walk(read('a: [x, {b: y}]\nc:\n'))].map(({ path }) => path.join('.'));
    assert.deepEqual(paths, ['', 'a', 'a.0', 'a.1', 'a.1.b', 'c']);
  });

  it('finds the key or value at an offset', () => {
    const source = 'spec:\n  items:\n    - name: web\n      ports: [80, 443]\n      empty:\n';
    const document = read(source);
    const found = (word: string) => {
      const at = nodeAtOffset(document, source.indexOf(word) + 1);
      return `${at?.path.join('.')} ${at?.node?.kind === 'scalar' ? at.node.text : at?.node?.kind}`;
    };
    assert.equal(found('items'), 'spec.items items');
    assert.equal(found('web'), 'spec.items.0.name web');
    assert.equal(found('443'), 'spec.items.0.ports.1 443');
    assert.equal(found('[80'), 'spec.items.0.ports.0 80');
    assert.equal(found('empty'), 'spec.items.0.empty empty');
    const colon = nodeAtOffset(document, source.indexOf('empty:') + 6);
    assert.deepEqual(
      [colon?.path.join('.'), colon?.node, colon?.pair?.key.text],
      ['spec.items.0.empty', null, 'empty'],
    );
    assert.equal(nodeAtOffset(read('\n\na: 1\n'), 0), undefined);
  });
});

describe('scalars as Go reads them', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['', 'null'],
    ['~', 'null'],
    ['NULL', 'null'],
    ['nULL', 'string nULL'],
    ['yes', 'boolean true'],
    ['Off', 'boolean false'],
    ['n', 'boolean false'],
    ['tRUE', 'string tRUE'],
    ['12', 'integer 12'],
    ['-7', 'integer -7'],
    ['+7', 'integer 7'],
    ['1_000', 'integer 1000'],
    ['0777', 'integer 511'],
    ['0o17', 'integer 15'],
    ['0x1F', 'integer 31'],
    ['0b101', 'integer 5'],
    ['08', 'float 8'],
    ['9007199254740993', 'integer 9007199254740993'],
    ['1.5', 'float 1.5'],
    ['1e3', 'float 1000'],
    ['.5', 'float 0.5'],
    ['.inf', 'float Infinity'],
    ['-.Inf', 'float -Infinity'],
    ['.nan', 'float NaN'],
    ['22:22', 'string 22:22'],
    ['1.2.3', 'string 1.2.3'],
    ['_1', 'string _1'],
    ['-', 'string -'],
    ['128Mi', 'string 128Mi'],
    ['2024-01-31', 'timestamp 2024-01-31'],
    ['2024-01-31T10:00:00Z', 'timestamp 2024-01-31T10:00:00Z'],
  ];
  for (const [text, expected] of cases) {
    it(`${JSON.stringify(text)} is ${expected}`, () => {
      const read = plainScalar(text);
      assert.equal(read.kind === 'null' ? 'null' : `${read.kind} ${read.value}`, expected);
      assert.equal(goScalar({ style: 'single', text }).kind, 'string');
      assert.equal(goScalar({ style: 'plain', text, tag: '!!str' }).kind, 'string');
    });
  }

  it('are quoted where a text would be read as something else', () => {
    const quoted = [
      '',
      ' a',
      'yes',
      '0777',
      '1e3',
      '22:22',
      '~',
      '2024-01-31',
      'a: b',
      'a #b',
      '- a',
      '*a',
      '{a',
      'a\tb\n',
      '@a',
      '%a',
      '!a',
      '=',
      '<<',
      '---',
      '0x1f',
      '1_0',
    ];
    assert.deepEqual(
      quoted.filter((text) => !needsQuotes(text)),
      [],
    );
    const bare = [
      'a',
      '128Mi',
      'nginx:1.25',
      'http://a/b#c',
      '--flag=a,b',
      'a-b',
      '/etc',
      '10.0.0.1',
      'a/b, c/d',
      '.a',
      'v1',
    ];
    assert.deepEqual(
      bare.filter((text) => needsQuotes(text)),
      [],
    );
    assert.ok(needsQuotes('--flag=a,b', true));
  });
});
